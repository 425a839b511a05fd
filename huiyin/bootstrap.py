"""Puts the rooms together: the one place where ports meet what stands behind them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Engine, text
from sqlmodel import Session

from bot.attachments import AttachmentStore
from bot.channels.base import Channel
from bot.channels.telegram import NAME as TELEGRAM
from bot.channels.web_contact import CONTACT_PATH
from bot.delivery import Delivery
from bot.dialogue.engine import DialogueEngine
from bot.inbox import Inbox
from bot.keeping import QuietHours
from bot.messages import ResidentAddress
from bot.pump import Pump
from bot.staff_room import StaffRoom
from bot.transcribing import CommandTranscriber
from huiyin.contact_keys import ContactKeys
from huiyin.database import make_engine
from huiyin.forgetting import forget_with_files
from huiyin.gazetteer import make_gazetteer
from huiyin.jobs import DbosJobQueue
from huiyin.rasa_environment import RasaEnvironment
from huiyin.secret_key import derive_key, load_secret_key
from huiyin.settings import ROOT, Settings
from huiyin.usage import note_turn
from knowledge.chat_endpoint import ChatEndpointWriter, EndpointSettings
from knowledge.plain_texts import PlainTexts
from knowledge.retrieval import KnowledgeBase
from nlu.composition import Composer
from nlu.fallback import FallbackParser
from nlu.model_registry import ChoiceUnreadable, ModelRegistry
from nlu.rasa_parser import RasaParser
from petitions.kept_organisation import KeptOrganisation
from petitions.organisation import Organisation
from petitions.organisation_files import load_organisation
from petitions.ports import SystemClock
from petitions.receipts import ReceiptCodes
from petitions.sql_store import SqlUnitOfWork

if TYPE_CHECKING:
    from knowledge.embedders import E5Embedder
    from nlu.local_parser import LocalParser

# Model libraries take seconds to import. What needs them imports them when it is first made, so
# that a command such as «huiyin backup» starts at once.
log = structlog.get_logger(__name__)

RASA_PROJECT = ROOT / "nlu" / "rasa"
TRAINING_DATA = RASA_PROJECT / "data"
CASE_PATH = "/desk/cases/"
TRACK_PATH = "/track"

Report = Callable[[str], None]


def say_nothing(_: str) -> None:
    """A report that nobody reads."""


def chosen_model(models: ModelRegistry, engine: str) -> str | None:
    """The model that ``engine`` is to use; a damaged choice is logged and passed over."""
    try:
        return models.chosen(engine)
    except ChoiceUnreadable:
        log.exception("model_choice_unreadable", action="model_choice")
        return None


@dataclass(frozen=True, kw_only=True)
class Service:
    """Every part of the service, each made when it is first needed.

    Attributes:
        settings: Where everything lies and listens.
        report: Told of each long step in one line.
        channels: The channels of this process, by name; filled when they start.
    """

    settings: Settings
    report: Report = say_nothing
    channels: dict[str, Channel] = field(default_factory=dict)
    clock: SystemClock = field(default_factory=SystemClock)

    @cached_property
    def secret(self) -> bytes:
        """The master secret."""
        return load_secret_key(self.settings)

    @cached_property
    def database(self) -> Engine:
        """The one database."""
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        return make_engine(self.settings.resolved_database_url)

    def open_session(self) -> Session:
        """A session on the database."""
        return Session(self.database, expire_on_commit=False)

    @cached_property
    def kept_organisation(self) -> KeptOrganisation:
        """What the files say, and what was stated at the desk since."""
        return KeptOrganisation(load_organisation(self.settings.community_dir), self.open_session)

    @property
    def organisation(self) -> Organisation:
        """The street with its communities, units, duties and deadlines, as they are now."""
        return self.kept_organisation.current()

    @cached_property
    def composer(self) -> Composer:
        """What both parsers share: the organisation's names and the rules."""
        return Composer(gazetteer=make_gazetteer(self.organisation))

    @cached_property
    def jobs(self) -> DbosJobQueue:
        """Where jobs are put."""
        return DbosJobQueue(self.settings.resolved_database_url)

    @cached_property
    def cipher(self) -> ContactKeys:
        """Keeps contact data unreadable at rest."""
        return ContactKeys(self.settings, self.secret)

    def open_work(self, *, read_only: bool = False) -> SqlUnitOfWork:
        """A transaction over petitions."""
        return SqlUnitOfWork(
            self.database,
            organisation=self.organisation,
            cipher=self.cipher,
            codes=ReceiptCodes(secret=derive_key(self.secret, "receipt")),
            jobs=self.jobs,
            read_only=read_only,
        )

    @cached_property
    def embedder(self) -> "E5Embedder":
        """The model that texts are searched by, tuned on residents' questions."""
        from knowledge.embedding.build import TUNED_NAME

        return self._make_embedder(TUNED_NAME, second_opinion=self.parser_embedder)

    @cached_property
    def parser_embedder(self) -> "E5Embedder":
        """The model that messages are understood by, as packaged."""
        from knowledge.embedding.build import MODEL_NAME

        return self._make_embedder(MODEL_NAME)

    def knowledge(self, collection: str = "community") -> KnowledgeBase:
        """Answers from one collection."""
        return KnowledgeBase(self.open_session, self.embedder, collection)

    @cached_property
    def texts(self) -> KnowledgeBase:
        """Answers from the community's own texts."""
        return self.knowledge()

    @cached_property
    def plain_writer(self) -> ChatEndpointWriter | None:
        """Says quotes in plain words; None unless somebody set an endpoint."""
        settings = self.settings
        if not settings.generation_url:
            return None
        key = settings.generation_key
        return ChatEndpointWriter(
            EndpointSettings(
                url=settings.generation_url,
                model=settings.generation_model,
                key=key.get_secret_value() if key else None,
                timeout_seconds=settings.generation_timeout_seconds,
            )
        )

    @cached_property
    def answering_texts(self) -> KnowledgeBase | PlainTexts:
        """What residents are answered by."""
        writer = self.plain_writer
        return PlainTexts(self.texts, writer) if writer else self.texts

    @cached_property
    def models(self) -> ModelRegistry:
        """The trained models of both engines, and which are in use."""
        return ModelRegistry(self.settings.data_dir / "models")

    @cached_property
    def local_parser(self) -> "LocalParser":
        """The parser in this process."""
        from nlu.local_parser import LocalParser

        return LocalParser(
            self.parser_embedder,
            training_data=TRAINING_DATA,
            cache=self.models.folder_of("local"),
            gazetteer=self.composer.gazetteer,
            chosen=partial(chosen_model, self.models, "local"),
        )

    @cached_property
    def parser(self) -> FallbackParser:
        """The parser that residents are understood by."""
        return FallbackParser(self.local_parser)

    def rasa_environment(self) -> RasaEnvironment:
        """Our own Rasa: where it is installed, trained and started from."""
        return RasaEnvironment(
            RASA_PROJECT,
            self.models.folder_of("rasa"),
            self.report,
            chosen=partial(chosen_model, self.models, "rasa"),
        )

    def use_rasa(self, url: str, token: str, model: str | None = None) -> None:
        """Understand by Rasa first from now on, as long as it is well."""
        rasa = RasaParser(
            url,
            token,
            gazetteer=self.composer.gazetteer,
            timeout_seconds=self.settings.rasa_timeout_seconds,
            model=model,
        )
        self.parser.set_primary(rasa, rasa.is_healthy, known_well=rasa.is_healthy())

    @property
    def uploads_folder(self) -> Path:
        """Where attachments lie."""
        return self.settings.data_dir / "uploads"

    @cached_property
    def attachments(self) -> AttachmentStore:
        """Photos and voice of residents and staff."""
        return AttachmentStore(self.uploads_folder, max_bytes=self.settings.max_upload_bytes)

    @cached_property
    def dialogue(self) -> DialogueEngine:
        """Decides what residents are told."""
        return DialogueEngine(
            parser=self.parser,
            texts=self.answering_texts,
            organisation=self.kept_organisation.current,
            cipher=self.cipher,
            now=self.clock.now,
            max_upload_bytes=self.settings.max_upload_bytes,
            track_address=f"{self.settings.resolved_public_url}{TRACK_PATH}",
        )

    @cached_property
    def inbox(self) -> Inbox:
        """Takes every update once and answers it."""
        return Inbox(
            database=self.database,
            open_work=self.open_work,
            engine=self.dialogue,
            channels=self.channels,
            attachments=self.attachments,
            now=self.clock.now,
            link_address=self._contact_address,
            note=partial(note_turn, self.open_session),
            transcriber=self.transcriber,
            forget_petitions=partial(forget_with_files, lambda: self.attachments),
        )

    @cached_property
    def transcriber(self) -> CommandTranscriber | None:
        """Writes down voice messages, where a program for it is set."""
        command = self.settings.transcribe_command
        return CommandTranscriber(command) if command else None

    @cached_property
    def staff_room(self) -> StaffRoom | None:
        """Tells staff in their group, where there is one."""
        group = self.settings.telegram_staff_group
        if group is None:
            return None
        return StaffRoom(
            database=self.database,
            open_work=self.open_work,
            channels=self.channels,
            group=ResidentAddress(channel=TELEGRAM, chat_id=str(group)),
            case_address=f"{self.settings.resolved_public_url}{CASE_PATH}".__add__,
            now=self.clock.now,
        )

    @cached_property
    def delivery(self) -> Delivery:
        """Brings messages to residents."""
        return Delivery(
            database=self.database,
            open_work=self.open_work,
            channels=self.channels,
            now=self.clock.now,
            staff=self.staff_room,
            quiet=QuietHours(
                begin_hour=self.settings.quiet_from_hour, end_hour=self.settings.quiet_until_hour
            ),
        )

    @cached_property
    def pump(self) -> Pump:
        """Keeps inbox and outbox moving in this process."""
        return Pump(self.inbox, self.delivery)

    def readiness(self) -> Mapping[str, bool]:
        """Whether each part that residents need is there."""
        return {"database": self._database_answers(), "texts": self._has_texts()}

    def close(self) -> None:
        """Give everything back."""
        if "parser" in self.__dict__:
            self.parser.close()
        if writer := self.__dict__.get("plain_writer"):
            writer.close()
        if "jobs" in self.__dict__:
            self.jobs.close()
        if "database" in self.__dict__:
            self.database.dispose()

    def _make_embedder(self, name: str, second_opinion: "E5Embedder | None" = None) -> "E5Embedder":
        """One of the two models, built at the first start."""
        from knowledge.embedders import E5Embedder
        from knowledge.embedding.build import ensure_model

        folder = ensure_model(self.settings.data_dir / "models", self.report, name=name)
        return E5Embedder(
            folder, threads=self.settings.embedding_threads, second_opinion=second_opinion
        )

    def _contact_address(self, token: str) -> str:
        return f"{self.settings.resolved_public_url}{CONTACT_PATH}{token}"

    def _database_answers(self) -> bool:
        try:
            with self.database.execution_options(read_only=True).connect() as connection:
                connection.execute(text("SELECT 1"))
        except Exception:
            # Whatever keeps the database from answering, the answer here is no.
            return False
        return True

    def _has_texts(self) -> bool:
        return len(self.texts) > 0
