"""One small world for the conversation: the sample street, a database and a clock of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlmodel import Session, SQLModel, col, select

import petitions.tables  # noqa: F401
from bot.attachments import AttachmentStore
from bot.channels.memory import MemoryChannel
from bot.delivery import Delivery
from bot.dialogue.engine import DialogueEngine
from bot.dialogue.turn import Note
from bot.inbox import Inbox
from bot.messages import Attachment, IncomingMessage, OutgoingMessage, ResidentAddress
from bot.tables import ChatResident, ChatSession
from huiyin.database import make_engine
from nlu.understanding import MessageParser
from petitions import handling
from petitions.actors import Actor
from petitions.contact_cipher import FernetCipher
from petitions.memory_queue import InMemoryJobQueue
from petitions.organisation import Organisation
from petitions.ports import DELIVER_NOTIFICATION
from petitions.receipts import ReceiptCodes
from petitions.sql_store import SqlUnitOfWork
from petitions.tables import Case, Petition
from petitions.workflow import Role

MONDAY_NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
LINK_ADDRESS = "http://localhost/chat/contact/"


class ChatWorld:
    """Everything a conversation needs; tests turn the clock."""

    def __init__(
        self, folder: Path, organisation: Organisation, parser: MessageParser, texts: Any
    ) -> None:
        self.database = make_engine(f"sqlite:///{folder / 'chat.db'}")
        SQLModel.metadata.create_all(self.database)
        self.organisation = organisation
        self.cipher = FernetCipher([Fernet.generate_key()])
        self.codes = ReceiptCodes(secret=b"a secret of the tests only")
        self.jobs = InMemoryJobQueue()
        self.now = MONDAY_NINE
        self.texts = texts
        self.notes: list[Note] = []
        self.channel = MemoryChannel()
        self.channels = {"memory": self.channel}
        self.attachments = AttachmentStore(folder / "uploads", max_bytes=1024 * 1024)
        self.engine = DialogueEngine(
            parser=parser,
            texts=texts,
            organisation=lambda: organisation,
            cipher=self.cipher,
            now=self.tell_time,
        )
        self.inbox = self.new_inbox()
        self.delivery = Delivery(
            database=self.database,
            open_work=self.open,
            channels=self.channels,
            now=self.tell_time,
        )
        self._updates = count(1)

    def new_inbox(self, **more: Any) -> Inbox:
        """Another inbox on the same database, as another process would have."""
        return Inbox(
            database=self.database,
            open_work=self.open,
            engine=self.engine,
            channels=self.channels,
            attachments=self.attachments,
            now=self.tell_time,
            link_address=LINK_ADDRESS.__add__,
            note=self.notes.append,
            **more,
        )

    def tell_time(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def open(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(
            self.database,
            organisation=self.organisation,
            cipher=self.cipher,
            codes=self.codes,
            jobs=self.jobs,
        )

    def message(
        self,
        text: str = "",
        *,
        chat: str = "wang",
        choice: str | None = None,
        attachments: Sequence[Attachment] = (),
        update_id: str | None = None,
        **more: Any,
    ) -> IncomingMessage:
        return IncomingMessage(
            address=ResidentAddress(channel="memory", chat_id=chat),
            update_id=update_id or str(next(self._updates)),
            received_at=self.now,
            text=text,
            choice=choice,
            attachments=tuple(attachments),
            **more,
        )

    def session(self, chat: str = "wang") -> dict[str, Any]:
        with Session(self.database) as database:
            found = database.exec(
                select(ChatSession)
                .join(ChatResident, col(ChatResident.id) == col(ChatSession.resident))
                .where(ChatResident.chat_id == chat)
            ).one()
            return found.state

    def petitions(self) -> list[Petition]:
        with Session(self.database) as database:
            return list(database.exec(select(Petition).order_by(col(Petition.id))))

    def cases(self) -> list[Case]:
        with Session(self.database) as database:
            return list(database.exec(select(Case).order_by(col(Case.id))))

    def deliver(self) -> None:
        """Run the jobs of all notifications."""
        self.jobs.run_all({DELIVER_NOTIFICATION: self._deliver_one})

    def _deliver_one(self, job_id: str) -> None:
        self.delivery.deliver_notification(int(job_id))

    def staff_do(self, verb: Callable[..., Any], case_id: int, actor: Actor, **values: Any) -> None:
        with self.open() as work:
            verb(work, case_id, actor=actor, now=self.now, **values)
            work.commit()

    def work_to_reply(self, number: str, text: str = "电梯已修好。") -> None:
        """The staff work a case up to its reply."""
        case = next(case for case in self.cases() if case.number == number)
        committee = staff("lin", Role.COMMITTEE, community_id=case.community_id)
        self.staff_do(handling.screen_and_dispatch, case.id or 0, committee)
        lead = next(one for one in self.cases() if one.id == case.id).lead_unit
        unit = staff("xia", Role.DEPARTMENT, unit_id=lead)
        self.staff_do(handling.sign_for, case.id or 0, unit, start=True)
        self.staff_do(handling.reply, case.id or 0, unit, text=text)


def staff(name: str, *roles: Role, **scope: Any) -> Actor:
    return Actor(id=name, name=name, roles=frozenset(roles), **scope)


@dataclass
class Talk:
    """One resident's side of a conversation."""

    world: ChatWorld
    chat: str = "wang"
    replies: tuple[OutgoingMessage, ...] = field(default=())

    def say(self, text: str, **more: Any) -> tuple[OutgoingMessage, ...]:
        return self._send(self.world.message(text, chat=self.chat, **more))

    def tap(self, label: str) -> tuple[OutgoingMessage, ...]:
        """Tap the button with this label on the latest replies, or the «修改» of a row."""
        return self._send(self.world.message(choice=self.payload(label), chat=self.chat))

    def payload(self, label: str) -> str:
        for reply in reversed(self.replies):
            for choice in reply.choices:
                if choice.label == label:
                    return choice.payload
            for row in reply.card:
                if row.edit and label == f"修改 {row.label}":
                    return row.edit.payload
        raise AssertionError(f"no button {label!r} on {self.replies}")

    def send(
        self, *attachments: Attachment, text: str = "", **more: Any
    ) -> tuple[OutgoingMessage, ...]:
        return self._send(self.world.message(text, chat=self.chat, attachments=attachments, **more))

    def _send(self, message: IncomingMessage) -> tuple[OutgoingMessage, ...]:
        answered = self.world.inbox.answer(message)
        assert answered.done
        self.replies = answered.replies
        self.world.later(seconds=5)
        return self.replies

    @property
    def keys(self) -> list[str]:
        return [reply.key for reply in self.replies]

    @property
    def text(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def card(self) -> dict[str, str]:
        rows = [row for reply in self.replies for row in reply.card]
        return {row.label: row.value for row in rows}

    @property
    def quotes(self) -> str:
        return "\n".join(reply.quote.text for reply in self.replies if reply.quote)

    @property
    def labels(self) -> list[str]:
        return [choice.label for reply in self.replies for choice in reply.choices]
