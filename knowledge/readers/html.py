"""Web pages: what they say, without what stands around it."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping

from bs4 import BeautifulSoup
from bs4.element import Tag

from knowledge.errors import UnreadableFile
from knowledge.readers.base import ReadText
from knowledge.readers.encodings import decode
from knowledge.readers.html_blocks import blocks_of
from knowledge.readers.markdown import joined, one_line

WIDE_MARKS = (BOM_UTF16_LE, BOM_UTF16_BE)
LONGEST_PAGE_BYTES = 10_000_000
OPENING = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|(?:html|head|body|meta|title)\b)",
    re.IGNORECASE | re.DOTALL,
)
FRAGMENT = re.compile(
    r"\s*<(?:div|p|table|section|article|main|h[1-6]|ul|ol|span|center|font)\b[^<>]*>"
    r".*</[a-z0-9]+>\s*",
    re.IGNORECASE | re.DOTALL,
)
DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.I
)
DECLARED_WITHIN_BYTES = 4096
NOISE = """
    script style noscript template nav footer aside iframe object embed applet svg canvas audio
    video button select textarea input dialog map menu del s strike rt rp
"""
DROPPED = frozenset(NOISE.split())
"""What stands around the text, and words that are struck out or tell a pronunciation."""
DROPPED_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary"})
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
SITE = re.compile(r"\s*(?:[_|｜]|\s[-–—]{1,2}\s).*$", re.DOTALL)
"""What a site adds to the title of each of its pages: «…办法_某某区人民政府»."""


class HtmlReader:
    """Reads a saved web page, also one that calls itself an Excel or Word file.

    Menus, footers, forms, scripts, hidden and struck-out words are left out.
    """

    def accepts(self, content: bytes, source: str) -> bool:
        """Whether ``content`` opens as a page does, or is a fragment of one throughout."""
        # Tags are ASCII: one byte a sign tells them in every encoding but UTF-16.
        name = "utf-16" if content.startswith(WIDE_MARKS) else "latin-1"
        words = content[:LONGEST_PAGE_BYTES].removeprefix(BOM_UTF8).decode(name, "replace")
        return bool(OPENING.match(words) or FRAGMENT.fullmatch(words))

    def read(self, content: bytes, source: str) -> tuple[ReadText, ...]:
        """Read the page as one document.

        Raises:
            UnreadableFile: It is too large, in no known encoding, or says nothing.
        """
        if len(content) > LONGEST_PAGE_BYTES:
            raise UnreadableFile(source, "网页超过 10 MB，没有打开；请只保存正文部分再上传")
        words = _decoded(content)
        if words is None:
            raise UnreadableFile(
                source, "网页的文字编码无法识别；请用浏览器另存为 UTF-8 网页再上传"
            )
        page = _without_noise(BeautifulSoup(words, "lxml"))
        title = _title(page)
        text = joined(_with_title(title, list(blocks_of(_main_part(page), 0))))
        if not any(sign.isalnum() for sign in text):
            raise UnreadableFile(source, "网页里没有正文（可能只有图片或菜单）；请换成有文字的页面")
        details: Mapping[str, object] = {"title": title} if title else {}
        return (ReadText(source=source, text=text, details=details),)


def _decoded(content: bytes) -> str | None:
    named = DECLARED.search(content[:DECLARED_WITHIN_BYTES])
    return decode(content, named[1].decode("ascii") if named else None)


def _without_noise(page: BeautifulSoup) -> BeautifulSoup:
    dropped: set[int] = set()
    outermost: list[Tag] = []
    for tag in page.find_all(True):
        if id(tag.parent) in dropped:
            dropped.add(id(tag))
        elif _is_dropped(tag):
            dropped.add(id(tag))
            outermost.append(tag)
    for tag in outermost:
        tag.extract()
    return page


def _title(page: BeautifulSoup) -> str:
    """The title as the site's own mark, the only first-level heading or <title> give it.

    Chinese government sites mark it as <meta name="ArticleTitle"> (GB/T 政府网站发展指引).
    """
    mark = page.find("meta", attrs={"name": re.compile("^ArticleTitle$", re.IGNORECASE)})
    if isinstance(mark, Tag) and (marked := one_line(str(mark.get("content") or ""))):
        return marked
    headings = [words for tag in page.find_all("h1") if (words := one_line(tag.get_text()))]
    if len(headings) == 1:
        return headings[0]
    words = one_line(page.title.get_text()) if page.title else ""
    return SITE.sub("", words) or words


def _with_title(title: str, blocks: list[str]) -> list[str]:
    """The blocks below their title, where none of them is a first-level heading already."""
    said = any(block.startswith("# ") for block in blocks)
    return blocks if said or not title or not blocks else [f"# {title}", *blocks]


def _main_part(page: BeautifulSoup) -> Tag:
    """The part that holds the text: <main>, the only <article>, or everything."""
    everything = page.body or page
    for selector in ("main, [role=main]", "article"):
        parts = page.select(selector)
        if len(parts) == 1 and _length(parts[0]) * 2 >= _length(everything):
            return parts[0]
    return everything


def _length(part: Tag) -> int:
    return sum(len(block) for block in blocks_of(part, 0))


def _is_dropped(tag: Tag) -> bool:
    if tag.name in DROPPED or tag.get("role") in DROPPED_ROLES:
        return True
    if tag.name == "header" and tag.find("h1") is None:
        return True
    if tag.has_attr("hidden") or tag.get("aria-hidden") == "true":
        return True
    return bool(HIDDEN.search(str(tag.get("style") or "")))
