"""Several pieces of news at once are one message: the latest of each petition."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot.channels.base import WaitForResident
from bot.dialogue.wording import Phrasebook, phrasebook
from bot.messages import CardRow, Choice, News, OutgoingMessage
from bot.sessions import language_of
from bot.tables import ChatOutbox, OutboxStatus

FEWEST_FOR_A_DIGEST = 3
MOST_SHOWN = 5


def notices_waiting(session: Session, resident: str) -> Sequence[ChatOutbox]:
    """Notices that may go now and have surely not arrived, the oldest first.

    Words of staff, an official reply above all, are never folded away.
    """
    untried = col(ChatOutbox.attempts) == 0
    query = (
        select(ChatOutbox)
        .where(ChatOutbox.resident == resident)
        .where(ChatOutbox.status == OutboxStatus.PENDING.value)
        .where(col(ChatOutbox.notification_id).is_not(None))
        .where(or_(untried, col(ChatOutbox.problem) == WaitForResident.__name__))
        .order_by(col(ChatOutbox.id))
    )
    return [row for row in session.exec(query).all() if not row.payload["quote"]]


def merge_notices(session: Session, resident: str, now: datetime) -> list[int]:
    """Put all notices that wait into the last of them.

    Returns:
        Ids of the notifications that count as sent by that.
    """
    *merged, last = notices_waiting(session, resident)
    notices = [OutgoingMessage.from_json(row.payload) for row in (*merged, last)]
    last.payload = digest_of(notices, phrasebook(language_of(session, resident))).to_json()
    for row in merged:
        row.status, row.sent_at = OutboxStatus.SENT.value, now
    return [row.notification_id for row in merged if row.notification_id is not None]


def digest_of(notices: Sequence[OutgoingMessage], book: Phrasebook) -> OutgoingMessage:
    """One message for ``notices``, the oldest first."""
    latest = {one.news.number: one.news for one in notices if one.news}
    shown = list(latest.values())[-MOST_SHOWN:]
    return OutgoingMessage(
        text=book.say("notice.digest", count=len(notices)),
        key="notice.digest",
        card=tuple(_row(news) for news in shown),
        choices=tuple(_button(news, book) for news in shown),
    )


def _row(news: News) -> CardRow:
    return CardRow(label=news.number, value=f"「{news.title}」{news.state}")


def _button(news: News, book: Phrasebook) -> Choice:
    label = f"{book.say('label.show')} {news.number[-4:]}"
    return Choice(payload=f"show:{news.number}", label=label)
