"""Run the service in one role or in all of them, until it is told to stop."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from enum import StrEnum

import structlog
import uvicorn

from bot.channels.base import DeliveryError
from bot.channels.telegram import TelegramChannel
from bot.dialogue.wording.commands import COMMANDS
from huiyin.bootstrap import Service
from huiyin.jobs import JobWorker
from huiyin.rasa_server import RasaServer
from huiyin.schedule import Schedule
from huiyin.watching import Watcher
from huiyin.web import make_web_app
from petitions.ports import DELIVER_NOTIFICATION

log = structlog.get_logger(__name__)


class ServeRole(StrEnum):
    """What one process does."""

    ALL = "all"
    WEB = "web"
    BOT = "bot"
    WORKER = "worker"


def serve(service: Service, role: ServeRole, announce: Callable[[], None]) -> None:
    """Serve until interrupted.

    Args:
        service: The parts; must be prepared.
        role: Which of them run here.
        announce: Called once everything runs.
    """
    with ExitStack() as running:
        _start_understanding(service, running)
        _open_telegram(service, role, running)
        if role in {ServeRole.ALL, ServeRole.WORKER}:
            _start_worker(service, running)
        _start_pump(service, running)
        if role in {ServeRole.ALL, ServeRole.WEB}:
            _serve_web(service, announce)
        else:
            announce()
            _wait_for_interrupt()


def _start_understanding(service: Service, running: ExitStack) -> None:
    for watcher in (
        Watcher("texts", service.texts.refresh),
        Watcher("models", service.local_parser.refresh),
    ):
        watcher.start()
        running.callback(watcher.stop)
    settings = service.settings
    if settings.parser == "local":
        return
    if settings.rasa_url:
        token = settings.rasa_token
        service.use_rasa(settings.rasa_url, token.get_secret_value() if token else "")
        return
    rasa = RasaServer(
        service.rasa_environment(),
        settings.rasa_port,
        lambda address: service.use_rasa(address.url, address.token, address.model),
        on_leave=service.parser.drop_primary,
    )
    rasa.start()
    running.callback(rasa.stop)


def _open_telegram(service: Service, role: ServeRole, running: ExitStack) -> None:
    token = service.settings.telegram_token
    if token is None:
        return
    channel = TelegramChannel(
        token.get_secret_value(),
        base_url=service.settings.telegram_base_url,
        max_upload_bytes=service.settings.max_upload_bytes,
        now=service.clock.now,
    )
    service.channels[channel.name] = channel
    running.callback(channel.close)
    if role in {ServeRole.ALL, ServeRole.BOT}:
        _start_polling(service, channel, running)


def _start_polling(service: Service, channel: TelegramChannel, running: ExitStack) -> None:
    stopping = threading.Event()

    def poll() -> None:
        try:
            channel.register_commands(COMMANDS["zh-CN"], COMMANDS["en"])
        except DeliveryError:
            log.warning("telegram_menu_not_set", action="telegram_start")
        channel.run(service.inbox.receive, stopping)

    thread = threading.Thread(target=poll, name="telegram", daemon=True)
    thread.start()
    running.callback(thread.join, 5)
    running.callback(stopping.set)


def _start_worker(service: Service, running: ExitStack) -> None:
    worker = JobWorker(
        service.settings.resolved_database_url,
        {DELIVER_NOTIFICATION: lambda job: service.delivery.deliver_notification(int(job))},
    )
    worker.start()
    running.callback(worker.stop)
    schedule = Schedule(service)
    schedule.start()
    running.callback(schedule.stop)


def _start_pump(service: Service, running: ExitStack) -> None:
    service.pump.start()
    running.callback(service.pump.stop)


def _serve_web(service: Service, announce: Callable[[], None]) -> None:
    settings = service.settings
    server = uvicorn.Server(
        uvicorn.Config(
            make_web_app(service),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            # Access lines would hold receipt codes and search words of addresses.
            access_log=False,
            timeout_graceful_shutdown=10,
        )
    )
    started = server.startup

    async def announce_when_started(sockets: list[object] | None = None) -> None:
        await started(sockets)  # type: ignore[arg-type]
        if server.started:
            announce()

    server.startup = announce_when_started  # type: ignore[method-assign, assignment]
    server.run()


def _wait_for_interrupt() -> None:
    threading.Event().wait()
