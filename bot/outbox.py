"""What residents are told: written in the transaction that decides it, sent afterwards."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, col, select

from bot.messages import OutgoingMessage
from bot.tables import ChatOutbox, OutboxStatus


def put_replies(
    session: Session,
    *,
    resident: str,
    inbox_id: int,
    replies: Sequence[OutgoingMessage],
    now: datetime,
    pushes: bool,
    tapped: str | None = None,
) -> None:
    """Store the replies to one update; where nothing is pushed they have arrived already.

    The first reply of the slot that was tapped takes the place of the tapped message.
    """
    rows = [
        {
            "delivery_key": f"reply:{inbox_id}:{index}",
            "resident": resident,
            "inbox_id": inbox_id,
            "payload": reply.to_json(),
            "replaces": tapped if index == 0 and reply.slot else None,
            "status": _first_status(pushes),
            "attempts": 0,
            "made_at": now,
            "sent_at": None if pushes else now,
        }
        for index, reply in enumerate(replies)
    ]
    if rows:
        session.connection().execute(insert(ChatOutbox), rows)


def put_notice(
    session: Session,
    *,
    resident: str,
    notification_id: int,
    notice: OutgoingMessage,
    now: datetime,
    pushes: bool,
    kept_until: datetime | None = None,
) -> bool:
    """Store a notice once, to be sent now or at ``kept_until``; False when it was stored before."""
    known = select(ChatOutbox.id).where(ChatOutbox.notification_id == notification_id)
    if session.exec(known).first() is not None:
        return False
    session.add(
        ChatOutbox(
            delivery_key=f"notice:{notification_id}",
            resident=resident,
            notification_id=notification_id,
            payload=notice.to_json(),
            status=OutboxStatus.KEPT.value if kept_until else _first_status(pushes),
            not_before=kept_until,
            made_at=now,
            sent_at=None if pushes else now,
        )
    )
    return True


def put_word(
    session: Session,
    *,
    resident: str,
    key: str,
    message: OutgoingMessage,
    now: datetime,
    pushes: bool = True,
) -> None:
    """Store a message that answers no update; ``key`` is unique."""
    session.add(
        ChatOutbox(
            delivery_key=key,
            resident=resident,
            payload=message.to_json(),
            status=_first_status(pushes),
            made_at=now,
            sent_at=None if pushes else now,
        )
    )


def _first_status(pushes: bool) -> str:
    return (OutboxStatus.PENDING if pushes else OutboxStatus.SENT).value


def replies_to(session: Session, inbox_id: int) -> tuple[OutgoingMessage, ...]:
    """What was answered to one update, however often that is asked."""
    query = select(ChatOutbox).where(ChatOutbox.inbox_id == inbox_id).order_by(col(ChatOutbox.id))
    return tuple(OutgoingMessage.from_json(row.payload) for row in session.exec(query))
