"""Answers one update: asks first, then writes everything that it leads to in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import update
from sqlmodel import Session as DatabaseSession
from sqlmodel import col, select

from bot.attachments import AttachmentRefused, AttachmentStore
from bot.channels.base import Channel, MessageRefused, RetryLater
from bot.dialogue.engine import DialogueEngine
from bot.dialogue.session import Session
from bot.dialogue.turn import Insight, Note, Turn
from bot.dialogue.wording import phrasebook
from bot.forgetting import ForgetPetitions
from bot.leases import Lease, LeaseLost
from bot.messages import Attachment, AttachmentKind, IncomingMessage, OutgoingMessage
from bot.outbox import put_replies
from bot.petition_desk import ResidentDesk
from bot.remembering import what_to_keep
from bot.sessions import language_of, save_session
from bot.tables import ChatInbox, InboxStatus
from bot.transcribing import Transcriber
from petitions.ports import UnitOfWork

log = structlog.get_logger(__name__)

FETCHING_IS_GIVEN_UP_AFTER = timedelta(minutes=10)


class Answerer:
    """Turns waiting updates into answers; see :class:`bot.inbox.Inbox` for the arguments."""

    def __init__(
        self,
        *,
        open_work: Callable[[], UnitOfWork],
        engine: DialogueEngine,
        channels: Mapping[str, Channel],
        attachments: AttachmentStore,
        now: Callable[[], datetime],
        link_address: Callable[[str], str],
        note: Callable[[Note], None] | None,
        transcriber: Transcriber | None = None,
        forget_petitions: ForgetPetitions | None = None,
    ) -> None:
        self._forget_petitions = forget_petitions
        self._transcriber = transcriber
        self._open_work = open_work
        self._engine = engine
        self._channels = channels
        self._attachments = attachments
        self._now = now
        self._link_address = link_address
        self._note = note

    def answer(self, row: ChatInbox, session: Session, lease: Lease) -> None:
        """Answer ``row`` within ``session``; the resident's ``lease`` is held.

        With the last update that waits, the lease is given back in the same transaction.

        Raises:
            RetryLater: An attachment can't be fetched yet; nothing was written.
            LeaseLost: Somebody else works for this resident by now; nothing was written.
        """
        message = self._with_spoken_words(
            self._with_content(row, IncomingMessage.from_json(row.payload))
        )
        capabilities = self._channels[row.channel].capabilities
        insight = self._engine.consider(message, session, capabilities)
        turn = self._write(row, insight, session, lease)
        for note in turn.notes:
            self._pass_on(note)

    def _with_content(self, row: ChatInbox, message: IncomingMessage) -> IncomingMessage:
        """The message with its attachments in our own store."""
        if all(one.remote is None or one.ref for one in message.attachments):
            return message
        try:
            kept = tuple(self._fetch(row.channel, one) for one in message.attachments)
        except AttachmentRefused as refused:
            return _with_problem(message, refused.problem)
        except MessageRefused:
            return _with_problem(message, "fetch_failed")
        except RetryLater:
            if self._now() - row.received_at < FETCHING_IS_GIVEN_UP_AFTER:
                raise
            return _with_problem(message, "fetch_failed")
        return message.with_attachments(kept)

    def _with_spoken_words(self, message: IncomingMessage) -> IncomingMessage:
        """A voice message reads as typed, where an engine for that is set up."""
        voice = next((one for one in message.attachments if one.kind is AttachmentKind.VOICE), None)
        if self._transcriber is None or voice is None or message.text or not voice.ref:
            return message
        path = self._attachments.path_of(voice.ref)
        return replace(message, text=self._transcriber.transcribe(path) if path else "")

    def _fetch(self, channel: str, attachment: Attachment) -> Attachment:
        if attachment.remote is None or attachment.ref:
            return attachment
        if (attachment.size_bytes or 0) > self._attachments.max_bytes:
            raise AttachmentRefused("too_large")
        content = self._channels[channel].fetch(attachment)
        return self._attachments.keep(content, name=attachment.name)

    def _write(self, row: ChatInbox, insight: Insight, session: Session, lease: Lease) -> Turn:
        """Everything that the update leads to, in one transaction."""
        channel = self._channels[row.channel]
        with self._open_work() as work:
            lease.ensure_held(work.session)
            desk = ResidentDesk(
                work,
                resident=row.resident,
                channel=row.channel,
                now=insight.now,
                link_address=self._link_address,
                forget_petitions=self._forget_petitions,
            )
            turn = self._engine.reply(insight, session, desk, channel.capabilities)
            save_session(work.session, turn.session, self._now())
            put_replies(
                work.session,
                resident=row.resident,
                inbox_id=row.id or 0,
                replies=turn.replies,
                now=self._now(),
                pushes=channel.capabilities.pushes,
                tapped=insight.message.tapped,
            )
            kept = what_to_keep(insight, session, channel.capabilities)
            self._finish(work.session, row, kept, lease)
            is_last = not _more_waits(work.session, row)
            if is_last:
                lease.end_with(work.session)
            work.commit()
        lease.is_over = is_last
        return turn

    def _finish(
        self, session: DatabaseSession, row: ChatInbox, kept: dict[str, Any], lease: Lease
    ) -> None:
        """Mark the update as answered; it must not have been before."""
        waiting = col(ChatInbox.id) == row.id, col(ChatInbox.status) == InboxStatus.WAITING.value
        values = {"status": InboxStatus.DONE.value, "done_at": self._now(), "payload": kept}
        done = update(ChatInbox).where(*waiting).values(**values)
        if session.connection().execute(done).rowcount != 1:
            raise LeaseLost(lease.name)

    def _pass_on(self, note: Note) -> None:
        if self._note is None:
            return
        try:
            self._note(note)
        except Exception:
            # What curators may learn from is worth less than the resident's next answer.
            log.exception("note_failed", action="note_question")

    def bury(self, session: DatabaseSession, row: ChatInbox) -> None:
        """Give an update up: a person has to look, and the resident is told."""
        row.status, row.done_at = InboxStatus.DEAD.value, self._now()
        book = phrasebook(language_of(session, row.resident))
        sorry = OutgoingMessage(text=book.say("broken"), key="broken")
        put_replies(
            session,
            resident=row.resident,
            inbox_id=row.id or 0,
            replies=(sorry,),
            now=self._now(),
            pushes=self._channels[row.channel].capabilities.pushes,
        )


def _more_waits(session: DatabaseSession, row: ChatInbox) -> bool:
    query = (
        select(ChatInbox.id)
        .where(ChatInbox.resident == row.resident, ChatInbox.id != row.id)
        .where(ChatInbox.status == InboxStatus.WAITING.value)
        .limit(1)
    )
    return session.exec(query).first() is not None


def _with_problem(message: IncomingMessage, problem: str) -> IncomingMessage:
    return replace(message, attachments=(), problem=problem)
