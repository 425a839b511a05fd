"""The national taxonomy of citizen messages: three levels of class names, as data."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("taxonomy.csv")


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """``thirds`` maps (first, second) to its third-level names, in the order of the table."""

    thirds: Mapping[tuple[str, str], tuple[str, ...]]

    @property
    def firsts(self) -> tuple[str, ...]:
        """The first-level names, in the order of the table."""
        return tuple(dict.fromkeys(first for first, _ in self.thirds))

    def has(self, first: str, second: str | None) -> bool:
        """Whether there is such a class."""
        return (first, second) in self.thirds if second else first in self.firsts

    def description(self, first: str, second: str) -> str:
        """The class in words, for a model that compares texts."""
        return f"{first} {second} {'、'.join(self.thirds[first, second])}"


@cache
def shipped_taxonomy() -> Taxonomy:
    """The taxonomy that comes with the project."""
    thirds: dict[tuple[str, str], list[str]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            thirds.setdefault((row["一级分类"], row["二级分类"]), []).append(row["三级分类"])
    return Taxonomy(thirds={key: tuple(names) for key, names in thirds.items()})
