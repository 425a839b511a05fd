"""A SentenceTransformer module that runs an int8 encoder in ONNX Runtime.

It is twice to four times faster on two cores than the same model in PyTorch and needs a
quarter of the memory, while everything around it keeps the SentenceTransformer interface.
"""

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import onnxruntime
import torch
from sentence_transformers.base.modules import InputModule
from tokenizers import Tokenizer

MODEL_FILE = "encoder.int8.onnx"
TOKENIZER_FILE = "tokenizer.json"


class OnnxEncoder(InputModule):
    """Tokenise, encode and mean-pool; the graph in ``folder`` gives sentence vectors.

    Args:
        folder: holds ``encoder.int8.onnx`` and ``tokenizer.json``.
        max_seq_length: tokens kept of each text, special tokens included.
        threads: intra-op threads of one call.
    """

    config_keys: ClassVar[list[str]] = ["max_seq_length", "threads"]

    def __init__(self, folder: Path, *, max_seq_length: int = 512, threads: int = 2) -> None:
        super().__init__()
        self.folder = folder
        self.max_seq_length = max_seq_length
        self.threads = threads
        self.tokenizer = _tokenizer_like((folder / TOKENIZER_FILE).read_bytes(), max_seq_length)
        self.session = _open_session(folder / MODEL_FILE, threads)

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **_: Any
    ) -> dict[str, torch.Tensor]:
        """Token ids and attention mask, shape (texts, longest), int64."""
        texts = [(prompt or "") + text for text in inputs]
        encodings = self.tokenizer.encode_batch(texts)
        return {
            "input_ids": torch.tensor([encoding.ids for encoding in encodings]),
            "attention_mask": torch.tensor([encoding.attention_mask for encoding in encodings]),
        }

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add what the graph gives, float32.

        ``sentence_embedding``, shape (texts, 384), not normalised; ``token_vectors``, shape
        (texts, tokens, 96), each of length 1.
        """
        inputs = {name: features[name].numpy() for name in ("input_ids", "attention_mask")}
        names = [output.name for output in self.session.get_outputs()]
        for name, values in zip(names, self.session.run(None, inputs), strict=True):
            features[name] = torch.from_numpy(values)
        return features

    def get_embedding_dimension(self) -> int:
        """Width of a sentence vector."""
        return int(self.session.get_outputs()[0].shape[1])

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Write the configuration; the graph stays in the folder it was built in."""
        self.save_config(output_path)


def _tokenizer_like(content: bytes, max_seq_length: int) -> Tokenizer:
    """The tokenizer of a file's content; models that have the same one share it.

    A quarter of a million pieces take 285 MB, and the packaged and the tuned model differ in
    their upper layers only.
    """
    key = (hashlib.sha256(content).digest(), max_seq_length)
    with _OPENING:
        if key not in _OPENED:
            tokenizer = Tokenizer.from_str(content.decode())
            tokenizer.enable_truncation(max_seq_length)
            tokenizer.enable_padding(pad_id=1, pad_token="<pad>")  # noqa: S106
            _OPENED[key] = tokenizer
        return _OPENED[key]


_OPENED: dict[tuple[bytes, int], Tokenizer] = {}
_OPENING = threading.Lock()


def _open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Spinning threads would burn the core that the other requests need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
