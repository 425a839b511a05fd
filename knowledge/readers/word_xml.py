"""The elements of a Word document: which ones hold words, and which only wrap others."""

from collections.abc import Iterator

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

Element = BaseOxmlElement

COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
PARAGRAPH, TABLE, BOX = qn("w:p"), qn("w:tbl"), qn("w:txbxContent")
CONTENTS_GALLERY = "Table of Contents"
WRAPPERS = frozenset(
    {qn(f"w:{name}") for name in ("sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo")}
    | {f"{COMPATIBILITY}AlternateContent", f"{COMPATIBILITY}Choice"}
)
"""Elements around others: content controls, tracked insertions, and the newer of two ways to
write the same."""
SILENT = frozenset(
    {qn(f"w:{name}") for name in ("pPr", "rPr", "del", "moveFrom", "rt", "instrText")}
    | {BOX, f"{COMPATIBILITY}Fallback"}
)
"""Elements whose words are not those of the paragraph: deleted ones, field codes, boxes."""
SIGNS = {
    qn("w:tab"): " ",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
LETTERS = frozenset({qn("w:t"), f"{MATHS}t"})
RUN, HIDDEN = qn("w:r"), f"{qn('w:rPr')}/{qn('w:vanish')}"


def unwrapped(parent: Element) -> Iterator[Element]:
    """The children of ``parent`` without what is wrapped around them or was deleted."""
    for child in parent:
        if child.tag in WRAPPERS:
            if not _is_contents(child):
                yield from unwrapped(child)
        elif child.tag not in SILENT:
            yield child


def words_in(parent: Element) -> str:
    """The words of a paragraph or of a part of one, without those of boxes anchored in it."""
    return "".join(_words(parent))


def boxes_in(parent: Element) -> Iterator[Element]:
    """The text boxes anchored in a paragraph, the outermost ones."""
    if next(parent.iter(BOX), None) is None:
        return
    for child in parent:
        if child.tag == BOX:
            yield child
        elif child.tag != f"{COMPATIBILITY}Fallback":
            yield from boxes_in(child)


def value(parent: Element | None, path: str) -> str | None:
    """The ``w:val`` of the element at ``path`` below ``parent`` («w:pPr/w:jc»)."""
    found = child(parent, path)
    return None if found is None else found.get(qn("w:val"))


def child(parent: Element | None, path: str) -> Element | None:
    """The element at ``path`` below ``parent``, or None."""
    if parent is None:
        return None
    found: Element | None = parent.find("/".join(qn(step) for step in path.split("/")))
    return found


def whole(written: str | None, otherwise: int = 0) -> int:
    """A small whole number as an attribute writes it, or ``otherwise``."""
    fits = written is not None and written.isdecimal() and len(written) < 6
    return int(written or 0) if fits else otherwise


def _words(parent: Element) -> Iterator[str]:
    for part in parent:
        if part.tag in LETTERS:
            yield part.text or ""
        elif part.tag in SIGNS:
            yield SIGNS[part.tag]
        elif part.tag not in SILENT and not _is_hidden(part):
            yield from _words(part)


def _is_hidden(part: Element) -> bool:
    if part.tag != RUN:
        return False
    mark = part.find(HIDDEN)
    return mark is not None and mark.get(qn("w:val")) not in {"0", "false", "off"}


def _is_contents(control: Element) -> bool:
    """Whether a content control is the table of contents that Word builds."""
    gallery = value(control, "w:sdtPr/w:docPartObj/w:docPartGallery")
    return gallery == CONTENTS_GALLERY
