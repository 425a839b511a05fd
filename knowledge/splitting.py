"""Split a text into the passages that are cited: articles, sections, questions with answers.

The pieces tile the text: laid end to end their spans are the whole of it. A cut never falls
into an article, a paragraph is only cut between sentences, and a row of a long table carries
the header of its table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from knowledge.numerals import read_numeral

LONGEST_SECTION = 360
"""Characters of paragraphs that are kept together below one heading."""
LONGEST_TABLE = 700
"""Characters of a table that is kept whole outside articles."""
LONGEST_PARAGRAPH = 600
LONGEST_HEADING = 40

NUMERAL = r"[一二三四五六七八九十百千零〇○\d]+"
MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
CHAPTER = re.compile(rf"第\s*{NUMERAL}\s*([编章节])(?=\s|$)")
ARTICLE = re.compile(rf"(?:\*\*)?(第({NUMERAL})条(?:之{NUMERAL})?)(?:\*\*)?")
NUMBERED = re.compile(rf"{NUMERAL}、")
QUESTION = re.compile(r"(?:\*\*)?问[：:]|Q[：:]", re.IGNORECASE)
SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]+[”’」』）)]*|[^。！？!?；;\n]+$")
# "第五条规定的…" at the start of a line speaks about an article and does not open it.
MENTION = re.compile(r"规定|所称|第.{1,4}[款项]|[的、，和至或及]")
CHAPTER_LEVEL = {"编": 2, "章": 3, "节": 4}


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One passage of a text.

    ``start`` and ``end`` tile the text; they take in the headings that stand above the piece.
    ``path`` holds these headings, outermost first.
    """

    start: int
    end: int
    text: str
    path: tuple[str, ...]
    article: str | None


class _Kind(Enum):
    HEADING = auto()
    ARTICLE = auto()
    TABLE = auto()
    QUESTION = auto()
    NUMBERED = auto()
    PARAGRAPH = auto()


@dataclass(frozen=True, kw_only=True)
class _Block:
    """Lines that belong together; blank lines go with the block before them."""

    kind: _Kind
    start: int
    end: int
    level: int = 0
    label: str = ""


def split_text(text: str) -> list[Piece]:
    """Split ``text`` (Markdown or plain, line feeds only); blank text gives no pieces."""
    if not text.strip():
        return []
    grouped = _Grouping(text)
    for block in _blocks(text):
        grouped.add(block)
    return grouped.finish()


def sentences(text: str) -> list[str]:
    """The sentences of ``text``, end marks included; laid end to end they are the text."""
    found = SENTENCE.findall(text)
    return found if "".join(found) == text else [text]


def _blocks(text: str) -> Iterator[_Block]:
    """The lines of ``text`` as blocks that tile it; rows of a table become one block."""
    current: _Block | None = None
    position, last_article = 0, 0
    for line in text.splitlines(keepends=True):
        end = position + len(line)
        block = _read_line(line, position, last_article)
        if block is None or _continues(current, block):
            current = _extended(current, position, end)
        else:
            if current is not None:
                yield current
            current = block
        if current.kind is _Kind.ARTICLE and current.start == position:
            last_article = current.level
        position = end
    if current is not None:
        yield current


def _continues(current: _Block | None, block: _Block) -> bool:
    """Whether ``block`` is the next row of the table that ``current`` is."""
    return current is not None and current.kind is _Kind.TABLE and block.kind is _Kind.TABLE


def _extended(current: _Block | None, start: int, end: int) -> _Block:
    if current is None:
        return _Block(kind=_Kind.PARAGRAPH, start=start, end=end)
    return replace(current, end=end)


def _read_line(line: str, start: int, last_article: int) -> _Block | None:
    """The block that ``line`` opens; None for a blank line."""
    words = line.strip()
    if not words:
        return None
    end = start + len(line)
    if heading := _read_heading(words):
        level, label = heading
        return _Block(kind=_Kind.HEADING, start=start, end=end, level=level, label=label)
    if article := _read_article(words, last_article):
        number, label = article
        return _Block(kind=_Kind.ARTICLE, start=start, end=end, level=number, label=label)
    return _Block(kind=_line_kind(words), start=start, end=end)


def _line_kind(words: str) -> _Kind:
    if words.startswith("|"):
        return _Kind.TABLE
    if QUESTION.match(words):
        return _Kind.QUESTION
    return _Kind.NUMBERED if NUMBERED.match(words) else _Kind.PARAGRAPH


def _read_heading(words: str) -> tuple[int, str] | None:
    if marked := MARKDOWN_HEADING.match(words):
        return len(marked[1]), _one_spaced(marked[2])
    if (chapter := CHAPTER.match(words)) and len(words) <= LONGEST_HEADING:
        return CHAPTER_LEVEL[chapter[1]], _one_spaced(words)
    return None


def _read_article(words: str, last_article: int) -> tuple[int, str] | None:
    """Number and label of the article that a line opens.

    A space behind the label is proof. Without one, the number must follow the last one and
    the words must not read on as a mention of the article.
    """
    found = ARTICLE.match(words)
    if found is None:
        return None
    number, rest = read_numeral(found[2]), words[found.end() :]
    spaced = not rest or rest[0].isspace() or rest[0] in "【（("
    if spaced or (number == last_article + 1 and not MENTION.match(rest)):
        return number, found[1]
    return None


def _one_spaced(words: str) -> str:
    words = re.sub(r"\s+", " ", words)
    # Old statutes space out short words: "总 则".
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff]$)", "", words)


class _Grouping:
    """Puts blocks together into pieces, in their order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[Piece] = []
        self.headings: list[_Block] = []
        self.start = 0
        self.held: list[_Block] = []

    def add(self, block: _Block) -> None:
        if block.kind is _Kind.HEADING:
            self._close()
            self.headings = [h for h in self.headings if h.level < block.level] + [block]
        elif self._opens(block):
            self._close()
            self.held = [block]
        else:
            self.held.append(block)

    def finish(self) -> list[Piece]:
        self._close()
        end = len(self.text)
        if not self.pieces:
            heading = self.headings[-1]
            return [self._piece(0, end, heading.label, None)]
        self.pieces[-1] = replace(self.pieces[-1], end=end)
        return self.pieces

    def _opens(self, block: _Block) -> bool:
        """Whether ``block`` begins a new passage."""
        if block.kind is _Kind.ARTICLE:
            return True
        if not self.held or self.held[0].kind is _Kind.ARTICLE:
            return not self.held
        if block.kind is _Kind.TABLE:
            return not self._introduces()
        return self._section_is_full(block)

    def _section_is_full(self, block: _Block) -> bool:
        if self.held[-1].kind is _Kind.TABLE or block.kind is _Kind.QUESTION:
            return True
        if block.kind is _Kind.NUMBERED and not self.headings:
            return True
        return block.end - self.held[0].start > LONGEST_SECTION and not self._introduces()

    def _introduces(self) -> bool:
        """Whether what is held ends in a colon, so that the next lines belong to it."""
        return self.text[self.held[-1].start : self.held[-1].end].rstrip().endswith(("：", ":"))

    def _close(self) -> None:
        if not self.held:
            return
        first, last = self.held[0], self.held[-1]
        if not self.text[first.start : last.end].strip():
            # Blank lines before the first words go with what follows.
            self.held = []
            return
        if first.kind is _Kind.ARTICLE:
            self._append(last.end, self.text[first.start : last.end], first.label)
        elif last.kind is _Kind.TABLE and last.end - last.start > LONGEST_TABLE:
            self._append_rows(first.start, last)
        elif first is last and last.end - last.start > LONGEST_PARAGRAPH:
            self._append_sentences(last)
        else:
            self._append(last.end, self.text[first.start : last.end], None)
        self.held = []

    def _append(self, end: int, words: str, article: str | None) -> None:
        self.pieces.append(self._piece(self.start, end, words.strip(), article))
        self.start = end

    def _append_rows(self, start: int, table: _Block) -> None:
        """Each row becomes a passage below the words that introduce the table and its header."""
        lines = self.text[table.start : table.end].splitlines(keepends=True)
        header = self.text[start : table.start] + "".join(lines[:2])
        position = table.start + len("".join(lines[:2]))
        for number, line in enumerate(lines[2:], 3):
            position += len(line)
            if line.strip() or number == len(lines):
                self._append(position, header + line, None)

    def _append_sentences(self, block: _Block) -> None:
        words, position = "", block.start
        for sentence in sentences(self.text[block.start : block.end]):
            if words and len(words) + len(sentence) > LONGEST_SECTION:
                self._append(position, words, None)
                words = ""
            words += sentence
            position += len(sentence)
        self._append(position, words, None)

    def _piece(self, start: int, end: int, words: str, article: str | None) -> Piece:
        path = tuple(heading.label for heading in self.headings)
        return Piece(start=start, end=end, text=words, path=path, article=article)
