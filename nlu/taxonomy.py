"""The national classes of citizen messages: three levels, read from taxonomy.csv.

Source: the class table published with the 2020 TipDM cup (task C).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("taxonomy.csv")
WORDS = Path(__file__).with_name("class_words.csv")


@dataclass(frozen=True, kw_only=True)
class TaxonomyRow:
    """One third-level class with the two levels above it."""

    first: str
    second: str
    third: str


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """All classes, in the order of the table.

    ``words`` are things people name when they mean a class: (first, second, word).
    """

    rows: tuple[TaxonomyRow, ...]
    words: tuple[tuple[str, str, str], ...] = ()

    @cached_property
    def firsts(self) -> tuple[str, ...]:
        """Names of the first level."""
        return tuple(dict.fromkeys(row.first for row in self.rows))

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every (first, second)."""
        return tuple(dict.fromkeys((row.first, row.second) for row in self.rows))

    def seconds(self, first: str) -> tuple[str, ...]:
        """Second-level names below ``first``; empty when there is no such class."""
        return tuple(second for name, second in self.pairs if name == first)


@lru_cache(maxsize=4)
def read_taxonomy(path: Path = TABLE, words: Path = WORDS) -> Taxonomy:
    """The class table at ``path`` (columns 一级分类, 二级分类, 三级分类) with its ``words``."""
    with path.open(encoding="utf-8-sig", newline="") as table:
        rows = [
            TaxonomyRow(first=row["一级分类"], second=row["二级分类"], third=row["三级分类"])
            for row in csv.DictReader(table)
        ]
    return Taxonomy(rows=tuple(rows), words=tuple(_read_words(words)))


def _read_words(path: Path) -> Iterator[tuple[str, str, str]]:
    with path.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            for word in row["说法"].split():
                yield row["一级分类"], row["二级分类"], word
