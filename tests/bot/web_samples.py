"""Samples for the tests of the web chat: a page read as a browser reads it, bubbles, a visit."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from bot.channels.web_views import Bubble, Visit
from bot.messages import Choice, OutgoingMessage

NOW = datetime(2026, 11, 23, 6, 20, tzinfo=UTC)
USEFUL = Choice(payload="useful:1", label="有用")
EDIT = Choice(payload="card.edit:place:k", label="修改")


class Outline(HTMLParser):
    """The elements of a page with their attributes, as a browser would read them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """Elements of that name with these attributes."""
        return [
            found
            for name, found in self.elements
            if name == tag and attributes.items() <= found.items()
        ]


def visit_of(language: str = "zh-CN", *, elder: bool = False, path: str = "/") -> Visit:
    return Visit(now=NOW, csrf="csrf-token", language=language, elder=elder, path=path)


def said(bubble_id: str, words: str, minutes_ago: int = 1) -> Bubble:
    return Bubble(id=bubble_id, at=NOW - timedelta(minutes=minutes_ago), said=words)


def reply_of(bubble_id: str, text: str, *choices: Choice, minutes_ago: int = 1) -> Bubble:
    message = OutgoingMessage(text=text, choices=choices)
    return Bubble(id=bubble_id, at=NOW - timedelta(minutes=minutes_ago), reply=message)
