"""A message as plain lines, for channels without cards, quotes or buttons of their own."""

import re

from bot.messages import OutgoingMessage


def as_plain_text(message: OutgoingMessage, *, number_choices: bool = True) -> str:
    """Text, card, quote, link and, numbered from 1, the choices."""
    blocks = [message.text, *_card(message), *_quote(message)]
    if message.link:
        blocks.append(f"{message.link.label}：{message.link.url}")
    if number_choices and message.choices:
        choices = enumerate(message.choices, start=1)
        blocks.append("\n".join(f"  {number}. {choice.label}" for number, choice in choices))
    return "\n".join(block for block in blocks if block)


LINK_TAG = re.compile(r"<(?=/?a[\s>])", re.IGNORECASE)


def without_link_tags(text: str) -> str:
    """``text`` for apps that turn ``<a href>`` in plain text into a link: shown, never followed."""
    return LINK_TAG.sub("<\u200b", text)


def _card(message: OutgoingMessage) -> list[str]:
    if not message.card:
        return []
    return ["\n".join(f"  {row.label}：{row.value}" for row in message.card)]


def _quote(message: OutgoingMessage) -> list[str]:
    if message.quote is None:
        return []
    lines = "\n".join(f"│ {line}" for line in message.quote.text.splitlines())
    return [f"{lines}\n│ —— {message.quote.citation}"]
