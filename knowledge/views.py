"""How a passage is put into words for the model: as a whole and part by part.

Title and nearest heading stand before every part: «不超过1.5米» alone is about nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.parts import parts_of


@dataclass(frozen=True, kw_only=True)
class PassageViews:
    """The texts that stand for one passage; ``parts`` is empty where it is only one."""

    whole: str
    parts: tuple[str, ...]


def views_of(title: str, path: Sequence[str], text: str) -> PassageViews:
    """The texts to embed for a passage below the headings ``path``."""
    headings = [heading for heading in path if heading != title]
    parts = [part.reading for part in parts_of(text)]
    if len(parts) < 2:
        parts = []
    before = " ".join([title, *headings[-1:]])
    return PassageViews(
        whole=" ".join([title, *headings, text]),
        parts=tuple(f"{before} {part}" for part in parts),
    )


def with_questions(views: PassageViews, questions: Sequence[str]) -> PassageViews:
    """The views with the bank's questions behind the passage's own parts.

    A passage that stands as a whole then needs itself as its first part.
    """
    if not questions:
        return views
    own = views.parts or (views.whole,)
    return PassageViews(whole=views.whole, parts=(*own, *questions))
