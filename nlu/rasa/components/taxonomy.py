"""The classes of citizen messages, with the names that make prototypes of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ClassName:
    """The "first/second" of a class and ways to say it."""

    pair: str
    wordings: tuple[str, ...]


UNNAMED = "其他"


def _wordings(first: str, second: str, named: str) -> tuple[str, ...]:
    """A class said in several ways, as nlu/learning/training.py says them."""
    third = second if named == UNNAMED else named
    return (
        third,
        f"{second}：{named}",
        f"{first}，{second}，{named}",
        f"反映{second}方面的{third}问题",
    )


def read_taxonomy(table: Path) -> list[ClassName]:
    """All classes of the table at ``table`` (columns 一级分类, 二级分类, 三级分类)."""
    with table.open(encoding="utf-8-sig", newline="") as rows:
        return [
            ClassName(
                pair=f"{row['一级分类']}/{row['二级分类']}",
                wordings=_wordings(row["一级分类"], row["二级分类"], row["三级分类"]),
            )
            for row in csv.DictReader(rows)
        ]


def read_class_words(table: Path) -> list[ClassName]:
    """What people name when they mean a class (columns 一级分类, 二级分类, 说法)."""
    with table.open(encoding="utf-8", newline="") as rows:
        return [
            ClassName(pair=f"{row['一级分类']}/{row['二级分类']}", wordings=(word,))
            for row in csv.DictReader(rows)
            for word in row["说法"].split()
        ]
