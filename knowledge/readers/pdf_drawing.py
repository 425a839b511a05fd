"""Draws a page of a PDF file without paper: only where text, ruled lines and pictures stand."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from math import hypot

from pypdf.generic import DictionaryObject, StreamObject

from knowledge.readers.pdf_content import Budget, FontShelf, PageContent, Run
from knowledge.readers.pdf_fonts import EM, PdfFont, resolved
from knowledge.readers.pdf_geometry import (
    IDENTITY,
    Matrix,
    Point,
    applied,
    last_matrix,
    product,
    quarter_turn,
    rule_turned_back,
    turned_back,
)
from knowledge.readers.pdf_rules import RuledPath
from knowledge.readers.pdf_tokens import Operand, last_numbers, operators

DEEPEST_FORM = 8
DEEPEST_STATE = 256
WORD_GAP = 0.2
"""Part of an em from which a gap within a shown array begins a run of its own."""


@dataclass(slots=True)
class _State:
    """The parts of the graphics state that tell where text stands (ISO 32000-1, 9.3)."""

    matrix: Matrix = IDENTITY
    font: PdfFont | None = None
    size: float = 0.0
    letter_space: float = 0.0
    word_space: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """Shown words from ``start`` to ``end``; ``turn`` counts quarter turns, None is askew."""

    text: str
    start: Point
    end: Point
    size: float
    turn: int | None


class Drawing:
    """One page as its content streams draw it."""

    def __init__(self, shelf: FontShelf, budget: Budget) -> None:
        self._shelf = shelf
        self._budget = budget
        self._pieces: list[_Piece] = []
        self._pictures = 0
        self._state = _State()
        self._saved: list[_State] = []
        self._text_matrix = self._line_matrix = IDENTITY
        self._path = RuledPath()
        self._resources = DictionaryObject()
        self._fonts: dict[str, PdfFont | None] = {}
        self._depth = 0

    def draw(self, content: bytes, resources: DictionaryObject) -> None:
        """Follow ``content``, the streams of a page or of a form within it.

        Raises:
            TooMuchContent: The budget of the file is spent.
        """
        outer = self._resources, self._fonts
        self._resources, self._fonts = resources, {}
        for operator, operands in operators(self._budget.spend(content)):
            act = ACTS.get(operator)
            if act is not None:
                act(self, operands)
        self._resources, self._fonts = outer

    def finished(self, corner: Point, opposite: Point) -> PageContent:
        """What was drawn, turned upright; words that stand askew are watermarks and left out.

        ``corner`` and ``opposite`` are two corners of the page.
        """
        turns = Counter(piece.turn for piece in self._pieces for _ in piece.text)
        turns.pop(None, None)
        turn = next((turn or 0 for turn, _ in turns.most_common(1)), 0)
        edges = (turned_back(corner, turn)[0], turned_back(opposite, turn)[0])
        return PageContent(
            runs=tuple(_upright(piece, turn) for piece in self._pieces if piece.turn == turn),
            rules=tuple(rule_turned_back(rule, turn) for rule in self._path.rules),
            pictures=self._pictures,
            left=min(edges),
            right=max(edges),
        )

    def _save(self, operands: Sequence[Operand]) -> None:
        if len(self._saved) < DEEPEST_STATE:
            self._saved.append(copy(self._state))

    def _restore(self, operands: Sequence[Operand]) -> None:
        if self._saved:
            self._state = self._saved.pop()

    def _transform(self, operands: Sequence[Operand]) -> None:
        if matrix := last_matrix(operands):
            self._state.matrix = product(matrix, self._state.matrix)

    def _begin_text(self, operands: Sequence[Operand]) -> None:
        self._text_matrix = self._line_matrix = IDENTITY

    def _set_font(self, operands: Sequence[Operand]) -> None:
        if len(operands) < 2 or not isinstance(operands[-1], float):
            return
        self._state.size = operands[-1]
        name = str(operands[-2])
        if name not in self._fonts:
            resource = _entry(self._resources, "/Font", name)
            self._fonts[name] = (
                self._shelf.font(resource) if isinstance(resource, DictionaryObject) else None
            )
        self._state.font = self._fonts[name]

    def _set_number(self, name: str, operands: Sequence[Operand], unit: float = 1.0) -> None:
        if numbers := last_numbers(operands, 1):
            setattr(self._state, name, numbers[0] * unit)

    def _set_text_matrix(self, operands: Sequence[Operand]) -> None:
        if matrix := last_matrix(operands):
            self._text_matrix = self._line_matrix = matrix

    def _move(self, operands: Sequence[Operand]) -> None:
        if numbers := last_numbers(operands, 2):
            shift = (1.0, 0.0, 0.0, 1.0, numbers[0], numbers[1])
            self._text_matrix = self._line_matrix = product(shift, self._line_matrix)

    def _move_and_lead(self, operands: Sequence[Operand]) -> None:
        if numbers := last_numbers(operands, 2):
            self._state.leading = -numbers[1]
        self._move(operands)

    def _next_line(self, operands: Sequence[Operand]) -> None:
        self._move([0.0, -self._state.leading])

    def _show(self, operands: Sequence[Operand]) -> None:
        self._show_items(operands[-1:])

    def _show_array(self, operands: Sequence[Operand]) -> None:
        if operands and isinstance(operands[-1], list):
            self._show_items(operands[-1])

    def _show_on_next_line(self, operands: Sequence[Operand]) -> None:
        if spaces := last_numbers(operands[:2], 2):
            self._state.word_space, self._state.letter_space = spaces
        self._next_line(operands)
        self._show(operands)

    def _show_object(self, operands: Sequence[Operand]) -> None:
        shown = _entry(self._resources, "/XObject", str(operands[-1])) if operands else None
        if not isinstance(shown, StreamObject):
            return
        if shown.get("/Subtype") == "/Image":
            self._pictures += 1
        elif shown.get("/Subtype") == "/Form" and self._depth < DEEPEST_FORM:
            self._show_form(shown)

    def _show_picture(self, operands: Sequence[Operand]) -> None:
        self._pictures += 1

    def _add_rectangle(self, operands: Sequence[Operand]) -> None:
        if numbers := last_numbers(operands, 4):
            x, y, width, height = numbers
            corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
            self._path.add([self._placed(*corner) for corner in corners])

    def _begin_path(self, operands: Sequence[Operand]) -> None:
        if numbers := last_numbers(operands, 2):
            self._path.add([self._placed(*numbers)])

    def _add_line(self, operands: Sequence[Operand]) -> None:
        if numbers := last_numbers(operands, 2):
            self._path.go_on(self._placed(*numbers))

    def _fill(self, operands: Sequence[Operand]) -> None:
        self._path.paint(drawn_around=False)

    def _draw_around(self, operands: Sequence[Operand]) -> None:
        self._path.paint(drawn_around=True)

    def _forget_path(self, operands: Sequence[Operand]) -> None:
        self._path.forget()

    def _show_form(self, form: StreamObject) -> None:
        resources = resolved(form.get("/Resources"))
        saved = copy(self._state)
        self._transform([float(n) for n in resolved(form.get("/Matrix")) or IDENTITY])
        self._depth += 1
        inner = resources if isinstance(resources, DictionaryObject) else self._resources
        self.draw(form.get_data(), inner)
        self._depth -= 1
        self._state = saved

    def _show_items(self, shown: Iterable[Operand]) -> None:
        words: list[str] = []
        width = 0.0
        for item in shown:
            if isinstance(item, bytes):
                width += self._measure(item, words)
            elif isinstance(item, float):
                gap = -item / EM * self._state.size * self._state.scale
                if abs(gap) > WORD_GAP * abs(self._state.size):
                    self._put(words, width)
                    words, width, gap = [], 0.0, self._advance(width + gap)
                width += gap
        self._put(words, width)
        self._advance(width)

    def _measure(self, shown: bytes, words: list[str]) -> float:
        """Append the words of ``shown``; how far they reach."""
        state = self._state
        if state.font is None:
            return 0.0
        width = 0.0
        for glyph in state.font.glyphs(shown):
            words.append(glyph.words)
            width += glyph.width / EM * state.size + state.letter_space
            if glyph.is_space:
                width += state.word_space
        return width * state.scale

    def _advance(self, width: float) -> float:
        a, b, c, d, e, f = self._text_matrix
        self._text_matrix = (a, b, c, d, e + width * a, f + width * b)
        return 0.0

    def _put(self, words: list[str], width: float) -> None:
        if not words:
            return
        matrix = product(self._text_matrix, self._state.matrix)
        self._pieces.append(
            _Piece(
                "".join(words),
                applied(matrix, 0.0, self._state.rise),
                applied(matrix, width, self._state.rise),
                abs(self._state.size) * hypot(matrix[2], matrix[3]),
                quarter_turn(matrix),
            )
        )

    def _placed(self, x: float, y: float) -> Point:
        return applied(self._state.matrix, x, y)


ACTS: Mapping[bytes, Callable[[Drawing, Sequence[Operand]], None]] = {
    b"q": Drawing._save,
    b"Q": Drawing._restore,
    b"cm": Drawing._transform,
    b"BT": Drawing._begin_text,
    b"Tf": Drawing._set_font,
    b"Tc": lambda drawing, operands: drawing._set_number("letter_space", operands),
    b"Tw": lambda drawing, operands: drawing._set_number("word_space", operands),
    b"Tz": lambda drawing, operands: drawing._set_number("scale", operands, 0.01),
    b"TL": lambda drawing, operands: drawing._set_number("leading", operands),
    b"Ts": lambda drawing, operands: drawing._set_number("rise", operands),
    b"Tm": Drawing._set_text_matrix,
    b"Td": Drawing._move,
    b"TD": Drawing._move_and_lead,
    b"T*": Drawing._next_line,
    b"Tj": Drawing._show,
    b"TJ": Drawing._show_array,
    b"'": Drawing._show_on_next_line,
    b'"': Drawing._show_on_next_line,
    b"Do": Drawing._show_object,
    b"BI": Drawing._show_picture,
    b"re": Drawing._add_rectangle,
    b"m": Drawing._begin_path,
    b"l": Drawing._add_line,
    b"n": Drawing._forget_path,
    **dict.fromkeys((b"f", b"F", b"f*"), Drawing._fill),
    **dict.fromkeys((b"S", b"s", b"B", b"B*", b"b", b"b*"), Drawing._draw_around),
}
"""What each operator does; the others change colours, shapes and marks only."""


def _upright(piece: _Piece, turn: int) -> Run:
    x0, y = turned_back(piece.start, turn)
    x1, _ = turned_back(piece.end, turn)
    return Run(text=piece.text, x0=min(x0, x1), x1=max(x0, x1), y=y, size=piece.size)


def _entry(resources: DictionaryObject, kind: str, name: str) -> object:
    """The resource of this kind and name, or None."""
    entries = resolved(resources.get(kind))
    return resolved(entries.get(name)) if isinstance(entries, DictionaryObject) else None
