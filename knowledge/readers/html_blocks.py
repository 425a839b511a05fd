"""The blocks of a web page: what its elements say, as Markdown."""

import re
from collections.abc import Callable, Iterator, Mapping

from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from knowledge.readers.markdown import IDEOGRAPH, Cell, clean, lines_of, one_line, table_blocks

DEEPEST = 60
"""Nested elements that are walked into; below that only the words are taken."""
RUN_ON = """
    a abbr acronym b bdi bdo big br cite code data dfn em font i img ins kbd label mark q ruby samp
    small span strong sub sup time tt u var wbr
"""
INLINE = frozenset(RUN_ON.split())
LINE_BREAK = "\x1e"
LINE_END_IN_CHINESE = re.compile(rf"(?<=[{IDEOGRAPH}])[ \t]*[\r\n]\s*(?=[{IDEOGRAPH}])")
MENU_LINKS = 5
"""A list of at least so many items that are nothing but links is a menu."""


def blocks_of(parent: Tag, depth: int) -> Iterator[str]:
    """What ``parent`` says, block by block: inline words between blocks are paragraphs."""
    inline: list[str] = []
    for child in parent.children:
        if isinstance(child, Tag) and not _is_inline(child):
            yield from _paragraph(inline)
            inline = []
            yield from _block(child, depth + 1)
        else:
            inline.append(_inline_words(child))
    yield from _paragraph(inline)


def _is_inline(tag: Tag) -> bool:
    """Whether ``tag`` runs on within a line; old pages put whole paragraphs into <font>."""
    return tag.name in INLINE and all(child.name in INLINE for child in tag.find_all(True))


def _paragraph(inline: list[str]) -> Iterator[str]:
    if words := _shown("".join(inline)):
        yield words


def _block(tag: Tag, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        yield from _paragraph([tag.get_text("\n")])
    elif (write := WRITERS.get(tag.name)) is not None:
        yield from write(tag, depth)
    else:
        yield from blocks_of(tag, depth)


def _inline_words(node: PageElement) -> str:
    """The words of a run of text as the source code has them, but <br> as LINE_BREAK."""
    nodes = node.self_and_descendants if isinstance(node, Tag) else [node]
    return "".join(_own_words(part) for part in nodes)


def _own_words(node: PageElement) -> str:
    if isinstance(node, NavigableString):
        # Comments and declarations are strings too.
        return "" if isinstance(node, PreformattedString) else str(node)
    return LINE_BREAK if isinstance(node, Tag) and node.name == "br" else ""


def _shown(words: str) -> str:
    """``words`` as a browser shows them: white space of the source code is one space or none."""
    words = LINE_END_IN_CHINESE.sub("", words)
    return lines_of(re.sub(r"[ \t\r\n\f]+", " ", words).replace(LINE_BREAK, "\n"))


def _heading(tag: Tag, depth: int) -> Iterator[str]:
    if words := one_line(_shown(_inline_words(tag))):
        yield f"{'#' * int(tag.name[1])} {words}"


def _table(tag: Tag, depth: int) -> Iterator[str]:
    """A table, or the blocks of a frame that only lays out the page."""
    if tag.find(["table", "h1", "h2", "h3", "h4"]) is not None:
        yield from blocks_of(tag, depth)
        return
    rows = [
        [_cell(cell, depth) for cell in row.find_all(["td", "th"], recursive=False)]
        for row in tag.find_all("tr")
    ]
    caption = tag.find("caption")
    yield from _paragraph([_inline_words(caption)] if isinstance(caption, Tag) else [])
    yield from table_blocks(rows)


def _cell(tag: Tag, depth: int) -> Cell:
    return Cell(
        text="\n".join(blocks_of(tag, depth)),
        rows=_span(tag, "rowspan"),
        columns=_span(tag, "colspan"),
        heading=tag.name == "th",
    )


def _span(tag: Tag, name: str) -> int:
    written = str(tag.get(name) or "1").strip()
    return int(written) if written.isdecimal() and len(written) < 6 else 1


def _list(tag: Tag, depth: int) -> Iterator[str]:
    items = tag.find_all("li", recursive=False)
    if _is_menu(items):
        return
    number = _span(tag, "start")
    lines: list[str] = []
    for item in items:
        words = "\n".join(blocks_of(item, depth))
        if words:
            mark = f"{number}. " if tag.name == "ol" else "- "
            lines.append(mark + words.replace("\n", "\n" + " " * len(mark)))
            number += 1
    yield from ["\n".join(lines)] if lines else []


def _is_menu(items: list[Tag]) -> bool:
    """Whether the items of a list are nothing but links."""
    linked = [item for item in items if _only_links(item)]
    return len(items) >= MENU_LINKS and len(linked) == len(items)


def _only_links(item: Tag) -> bool:
    links = "".join(link.get_text() for link in item.find_all("a"))
    return one_line(links) == one_line(item.get_text()) != ""


def _preformatted(tag: Tag, depth: int) -> Iterator[str]:
    if words := clean(tag.get_text()).strip("\n"):
        yield words


WRITERS: Mapping[str, Callable[[Tag, int], Iterator[str]]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    **dict.fromkeys(("ul", "ol"), _list),
    "table": _table,
    "pre": _preformatted,
}
