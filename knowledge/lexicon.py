"""Residents' words and the words that texts use for them: «黑车» is «非法营运» in the law."""

import csv
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("lexicon.csv")


class Lexicon:
    """Pairs of a resident's word and the official one.

    Args:
        pairs: (resident's word, official word); a word may stand in several pairs.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = tuple(pairs)

    def expand(self, question: str) -> str:
        """``question`` with the official words behind it, or unchanged if there are none."""
        added = dict.fromkeys(
            official
            for word, official in self._pairs
            if word in question and official not in question
        )
        return " ".join([question, *added])


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """The lexicon that comes with the package."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return Lexicon([(row["resident"], row["official"]) for row in csv.DictReader(file)])
