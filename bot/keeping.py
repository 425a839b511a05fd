"""Messages kept for a better moment: until morning, or until the resident writes again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.tables import ChatInbox, ChatOutbox, OutboxStatus

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
PENDING, KEPT = OutboxStatus.PENDING.value, OutboxStatus.KEPT.value


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """When nobody is told what can wait: from one full hour of the day until another.

    Both the same means never.
    """

    begin_hour: int = 21
    end_hour: int = 8

    def end_after(self, moment: datetime) -> datetime | None:
        """When the quiet that ``moment`` falls into ends, in UTC; None outside of it."""
        local = moment.astimezone(LOCAL_ZONE)
        if not self._covers(local.hour):
            return None
        end = local.replace(hour=self.end_hour, minute=0, second=0, microsecond=0)
        return (end if end > local else end + timedelta(days=1)).astimezone(UTC)

    def _covers(self, hour: int) -> bool:
        if self.begin_hour <= self.end_hour:
            return self.begin_hour <= hour < self.end_hour
        return hour >= self.begin_hour or hour < self.end_hour


def window_is_over(session: Session, resident: str, window: timedelta, now: datetime) -> bool:
    """Whether the resident's last words are too long ago for us to speak first.

    Without any words on record the channel itself has to say so.
    """
    query = (
        select(ChatInbox.received_at)
        .where(ChatInbox.resident == resident)
        .order_by(col(ChatInbox.id).desc())
        .limit(1)
    )
    last = session.exec(query).first()
    return last is not None and last + window < now


def keep_until_words(session: Session, resident: str) -> None:
    """Whatever waits to be sent to ``resident`` waits until the resident writes."""
    waiting = col(ChatOutbox.resident) == resident, col(ChatOutbox.status) == PENDING
    kept = update(ChatOutbox).where(*waiting).values(status=KEPT, not_before=None)
    session.connection().execute(kept)


def release_for(session: Session, resident: str, now: datetime) -> None:
    """The resident writes: everything kept may go, as if it were made now."""
    kept = col(ChatOutbox.resident) == resident, col(ChatOutbox.status) == KEPT
    released = update(ChatOutbox).where(*kept).values(**_as_new(now))
    session.connection().execute(released)


def release_due(session: Session, now: datetime) -> None:
    """Whatever was kept until a moment that has come may go."""
    due = col(ChatOutbox.status) == KEPT, col(ChatOutbox.not_before) <= now
    released = update(ChatOutbox).where(*due).values(**_as_new(now))
    session.connection().execute(released)


def _as_new(now: datetime) -> dict[str, object]:
    """A message is given up by its age, and being kept is no age."""
    return {"status": PENDING, "not_before": None, "made_at": now}
