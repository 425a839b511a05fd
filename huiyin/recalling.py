"""Recall of answers: joins what the texts know (digests) with who can be reached (residents)."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel import Session

from bot.channels.base import Channel
from bot.recalls import RecallNotice, put_recall, residents_by
from knowledge.privacy import resident_digest
from knowledge.recalling import Recall, StillInForce, Told, mark_recalled, recall_of
from petitions.deadlines import LOCAL_ZONE

SHOWN_QUESTION = 60
SHOWN_TITLE = 60


def tell_residents(
    open_session: Callable[[], Session],
    channels: Mapping[str, Channel],
    version_id: int,
    *,
    now: datetime,
) -> int:
    """Put out one notice to each resident who was answered from a version that ended.

    Notices, and the note that they are out, are one transaction; doing it again tells only
    those who were answered since.

    Returns:
        How many notices were put out.

    Raises:
        StillInForce: the version still answers.
        UnknownVersion: there is none with this id.
    """
    recall = recall_of(open_session, version_id, today=now.astimezone(LOCAL_ZONE).date())
    if not recall.ended:
        raise StillInForce(version_id)
    newest: dict[str, Told] = {}
    for told in recall.waiting:
        newest.setdefault(told.resident or "", told)
    with open_session() as session:
        residents = residents_by(session, resident_digest)
        put = 0
        for digest, told in newest.items():
            if (resident := residents.get(digest)) is None:
                continue
            channel = channels.get(resident.channel)
            put += put_recall(
                session,
                resident=resident,
                notice=_notice(recall, told),
                now=now,
                pushes=channel is None or channel.capabilities.pushes,
            )
        mark_recalled(session, [one.question_id for one in recall.waiting], now)
        session.commit()
    return put


def _notice(recall: Recall, told: Told) -> RecallNotice:
    successor = recall.successor
    return RecallNotice(
        key=f"recall:{recall.version_id}:{told.question_id}",
        question=told.question[:SHOWN_QUESTION],
        title=recall.citation.title[:SHOWN_TITLE],
        successor=successor.title[:SHOWN_TITLE] if successor else None,
    )
