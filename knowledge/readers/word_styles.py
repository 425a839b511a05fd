"""What the styles of a Word document say of a paragraph: heading, list, table of contents."""

from dataclasses import dataclass
from functools import cache

from docx.oxml.ns import qn

from knowledge.readers.word_xml import Element, child, value, whole

TITLE = 0
"""The level of the title of the document; headings count from 1."""
BODY_OUTLINE = 9
CENTRED = "center"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The place of a paragraph in a list."""

    list_id: str
    level: int


class Styles:
    """The paragraph styles of one document, each with what it takes from the one it is based on."""

    def __init__(self, root: Element) -> None:
        """``root`` is the styles part of the document."""
        self._styles = {
            style.get(qn("w:styleId")) or "": style for style in root.findall(qn("w:style"))
        }
        self._line = cache(self._ancestry)

    def heading_level(self, paragraph: Element) -> int | None:
        """TITLE, 1 for the highest heading, or None for a paragraph of the text."""
        outline = value(paragraph, "w:pPr/w:outlineLvl")
        for style in self._of(paragraph):
            if outline is not None:
                break
            name = (value(style, "w:name") or "").lower()
            if name in {"title", "标题"}:
                return TITLE
            if name.startswith("heading ") and name[8:].isdecimal():
                return int(name[8:])
            outline = value(style, "w:pPr/w:outlineLvl")
        level = whole(outline, BODY_OUTLINE)
        return level + 1 if level < BODY_OUTLINE else None

    def is_contents(self, paragraph: Element) -> bool:
        """Whether the paragraph is a line of a table of contents."""
        names = (value(style, "w:name") or "" for style in self._of(paragraph))
        return any(name.lower().startswith("toc ") for name in names)

    def is_centred(self, paragraph: Element) -> bool:
        """Whether the paragraph stands in the middle of its lines."""
        places = (value(part, "w:pPr/w:jc") for part in (paragraph, *self._of(paragraph)))
        return next((place for place in places if place), None) == CENTRED

    def listed(self, paragraph: Element) -> Listed | None:
        """The list that counts the paragraph, if any."""
        for part in (paragraph, *self._of(paragraph)):
            properties = child(part, "w:pPr/w:numPr")
            list_id = value(properties, "w:numId")
            if list_id is not None:
                level = whole(value(properties, "w:ilvl"))
                return None if list_id == "0" else Listed(list_id=list_id, level=level)
        return None

    def _of(self, paragraph: Element) -> tuple[Element, ...]:
        return self._line(value(paragraph, "w:pPr/w:pStyle") or "")

    def _ancestry(self, name: str) -> tuple[Element, ...]:
        """The style and the ones that it is based on, nearest first."""
        line: dict[str, Element] = {}
        while name in self._styles and name not in line:
            line[name] = self._styles[name]
            name = value(line[name], "w:basedOn") or ""
        return tuple(line.values())
