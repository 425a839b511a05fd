"""How a bubble looks in Telegram: HTML cut to size and rows of buttons, without vendor types.

The limits are those of https://core.telegram.org/bots/api (sendMessage, InlineKeyboardButton).
"""

import html
import ipaddress
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from bot.channels.cutting import best_break, sendable
from bot.messages import CardRow, Link, OutgoingMessage, Quote

LONGEST_TEXT = 4096
"""Visible characters of one message; counted here in UTF-16 units, the strictest reading."""
LONGEST_PAYLOAD_BYTES = 64
MOST_BUTTONS = 100
_WORTH_FILLING = LONGEST_TEXT // 4
LABEL_MARK = "~"
"""Begins the payload of a button whose own payload is too long: its label comes back instead."""

_CELLS_PER_BUTTON = {2: 18, 3: 10}
"""Width (a Chinese character is two cells) up to which two or three buttons share a row."""


@dataclass(frozen=True, kw_only=True)
class Button:
    """An inline button: it sends ``payload`` back or opens ``url``."""

    label: str
    payload: str | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """One Telegram message."""

    html: str
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Block:
    """A stretch of text; ``markup`` turns each piece of it into HTML of the same visible text."""

    plain: str
    joint: str = "\n\n"
    markup: Callable[[str], str] = html.escape


def render(message: OutgoingMessage) -> tuple[Page, ...]:
    """The Telegram messages that show ``message``, with all buttons under the last one."""
    pages = list(_pages(_blocks(message)))
    rows = _rows(message)
    return tuple(Page(html=text, rows=rows if text is pages[-1] else ()) for text in pages)


def _blocks(message: OutgoingMessage) -> Iterator[_Block]:
    yield _Block(plain=message.text, markup=_escaped)
    if message.quote:
        yield from _quote_blocks(message.quote)
    for position, row in enumerate(message.card):
        yield _card_block(row, first=position == 0)
    if message.link and not _opens_anywhere(message.link):
        yield _Block(plain=f"{message.link.label}: {message.link.url}", markup=_escaped)


def _quote_blocks(quote: Quote) -> Iterator[_Block]:
    yield _Block(plain=quote.text, markup=_as_quote)
    yield _Block(plain=quote.citation, joint="\n", markup=_escaped)


def _card_block(row: CardRow, *, first: bool) -> _Block:
    return _Block(
        plain=f"{row.label}：{row.value}",
        joint="\n\n" if first else "\n",
        markup=partial(_with_bold, row.label),
    )


def _escaped(piece: str) -> str:
    return html.escape(piece, quote=False)


def _as_quote(piece: str) -> str:
    return f"<blockquote>{_escaped(piece)}</blockquote>"


def _with_bold(label: str, piece: str) -> str:
    if not piece.startswith(label):
        return _escaped(piece)
    return f"<b>{_escaped(label)}</b>{_escaped(piece.removeprefix(label))}"


# Cutting


def _pages(blocks: Iterable[_Block]) -> Iterator[str]:
    page, used = "", 0
    for block in blocks:
        rest = sendable(block.plain).strip()
        while rest:
            joint = block.joint if page else ""
            piece, later = _split(rest, LONGEST_TEXT - used - len(joint))
            if piece:
                page += joint + block.markup(piece)
                used += len(joint) + _units(piece)
            if later:
                yield page
                page, used = "", 0
            rest = later
    if page:
        yield page


def _split(text: str, room: int) -> tuple[str, str]:
    """What of ``text`` goes into ``room`` UTF-16 units of a page begun, and what comes later.

    What fits on one page is not torn apart, and no small rest of a page is filled up.
    """
    if _units(text) <= room:
        return text, ""
    if room < LONGEST_TEXT and (_units(text) <= LONGEST_TEXT or room < _WORTH_FILLING):
        return "", text
    end = best_break(text, _fitting(text, room))
    return text[:end].rstrip(), text[end:].lstrip()


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _fitting(text: str, limit: int) -> int:
    """How many characters of ``text`` take up at most ``limit`` UTF-16 units."""
    return len(text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore"))


# Buttons


def _rows(message: OutgoingMessage) -> tuple[tuple[Button, ...], ...]:
    choices = [(choice.label, choice.payload) for choice in message.choices]
    edits = [
        (f"{row.edit.label} {row.label}", row.edit.payload) for row in message.card if row.edit
    ]
    buttons = [
        Button(label=sendable(label), payload=_short_payload(payload, position))
        for position, (label, payload) in enumerate([*choices, *edits])
    ]
    links = _link_buttons(message.link)
    kept = buttons[: MOST_BUTTONS - len(links)]
    groups = (kept[: len(choices)], kept[len(choices) :], links)
    return tuple(row for group in groups for row in _laid_out(group))


def _short_payload(payload: str, position: int) -> str:
    """The payload itself, or a mark under which the button's label is found again."""
    fits = 0 < len(payload.encode("utf-8", "replace")) <= LONGEST_PAYLOAD_BYTES
    return payload if fits and not payload.startswith(LABEL_MARK) else f"{LABEL_MARK}{position}"


def _link_buttons(link: Link | None) -> list[Button]:
    if link is None or not _opens_anywhere(link):
        return []
    return [Button(label=link.label, url=link.url)]


def _opens_anywhere(link: Link) -> bool:
    """Whether Telegram takes the address for a button: it refuses hosts without a dot."""
    address = urlsplit(link.url)
    host = address.hostname or ""
    return address.scheme in ("http", "https") and "." in host and not _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _laid_out(buttons: Iterable[Button]) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        if rows and _share_a_row((*rows[-1], button)):
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return rows


def _share_a_row(buttons: tuple[Button, ...]) -> bool:
    room = _CELLS_PER_BUTTON.get(len(buttons), 0)
    return all(_cells(button.label) <= room for button in buttons)


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
