"""Puts what happened to a petition into words, from the key and fields that petitions keep."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.dialogue.wording import Phrasebook
from bot.messages import Choice, News, OutgoingMessage, Quote
from petitions.tables import Notification

ANSWERED_WITH: Mapping[str, str] = {
    "case_replied": "rate",
    "case_followed_up": "rate",
    "case_closed": "rate",
    "case_supplement_asked": "supplement",
}
"""Which button goes with which notice; the others get «查看»."""


URGENT = frozenset({"emergency", "utility"})
"""Urgencies whose news are told at night, too."""


def notice_message(notification: Notification, book: Phrasebook) -> OutgoingMessage:
    """The bubble for one notification of a resident."""
    fields = notification.fields
    key = f"notice.{notification.key}"
    known = key if book.knows(key) else "notice.other"
    return OutgoingMessage(
        text=book.say(known, **_words(fields, book)).strip(),
        key=known,
        choices=_buttons(notification, book),
        quote=_quote(notification, book),
        urgent=notification.fields.get("urgency") in URGENT,
        news=_news(notification, book),
    )


def _news(notification: Notification, book: Phrasebook) -> News:
    fields = notification.fields
    unit = str(fields.get("unit") or book.say("case.somebody"))
    state = f"status.{fields.get('status')}"
    return News(
        number=notification.petition_number or str(fields.get("number", "")),
        title=str(fields.get("title", "")),
        state=book.say(state if book.knows(state) else "outcome.none", unit=unit),
    )


def _words(fields: Mapping[str, Any], book: Phrasebook) -> dict[str, str]:
    due_at = fields.get("due_at")
    due = datetime.fromisoformat(due_at) if due_at else None
    return {
        "number": str(fields.get("number", "")),
        "title": str(fields.get("title", "")),
        "unit": str(fields.get("unit") or book.say("case.somebody")),
        "outcome": book.say(f"outcome.{fields.get('outcome') or 'none'}"),
        "next": book.say("case.due", due=book.moment(due)) if due else "",
    }


def _buttons(notification: Notification, book: Phrasebook) -> tuple[Choice, ...]:
    number = notification.petition_number or str(notification.fields.get("number", ""))
    answer = ANSWERED_WITH.get(notification.key)
    if answer == "rate":
        return tuple(
            Choice(payload=f"rate.level:{number}:{level}", label=book.say(f"level.{level}"))
            for level in range(5, 0, -1)
        )
    if answer == "supplement":
        return (Choice(payload=f"supplement:{number}", label=book.say("label.supplement")),)
    return (Choice(payload=f"show:{number}", label=book.say("label.show")),)


def _quote(notification: Notification, book: Phrasebook) -> Quote | None:
    words = notification.fields.get("text")
    if not words:
        return None
    unit = str(notification.fields.get("unit") or book.say("case.somebody"))
    day = book.day(notification.made_at)
    return Quote(text=str(words), citation=book.say("citation.reply", unit=unit, day=day))
