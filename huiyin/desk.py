"""What the desk works with, joined from the service's parts."""

from contextlib import suppress

from bot.attachments import AttachmentStore
from console.metrics import make_registry
from console.seals import Seal
from console.services import ConsoleServices
from console.texts import Texts
from huiyin.bootstrap import Service
from huiyin.figures import WaitingFigures
from huiyin.operating import ServiceOperations
from huiyin.recalling import tell_residents
from huiyin.secret_key import derive_key


def make_console_services(service: Service) -> ConsoleServices:
    """What the desk works with."""
    settings = service.settings
    registry = make_registry()
    registry.register(WaitingFigures(service.database, service.jobs))
    return ConsoleServices(
        registry=registry,
        engine=service.database,
        open_work=service.open_work,
        open_read_work=lambda: service.open_work(read_only=True),
        kept_organisation=service.kept_organisation,
        seal=Seal(key=derive_key(service.secret, "desk")),
        is_ready=service.readiness,
        texts=Texts(
            open_session=service.open_session, embedder=service.embedder, base=service.texts
        ),
        tell_recall=lambda version_id: tell_residents(
            service.open_session, service.channels, version_id, now=service.clock.now()
        ),
        staff_chat="Telegram" if settings.telegram_staff_group else None,
        operations=ServiceOperations(
            service.open_session,
            service.jobs,
            open_channels=lambda: service.channels.keys(),
            now=service.clock.now,
        ),
        files=DeskFiles(service.attachments),
        clock=service.clock,
        secure_cookies=settings.secure_cookies,
        max_upload_bytes=settings.max_upload_bytes,
    )


class DeskFiles:
    """The desk's view of the attachments that residents and staff sent."""

    def __init__(self, store: AttachmentStore) -> None:
        self._store = store

    def read(self, ref: str) -> bytes | None:
        """The content behind ``ref``, or None when it is gone."""
        path = self._store.path_of(ref)
        if path is None:
            return None
        with suppress(FileNotFoundError):
            return path.read_bytes()
        return None

    def keep(self, content: bytes, mime: str) -> str:
        """Store ``content`` after a look at what it really is, and return its ``ref``."""
        return self._store.keep(content).ref or ""
