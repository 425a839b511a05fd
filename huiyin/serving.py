"""Run the service in one role or in all of them, until it is told to stop."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from enum import StrEnum

import structlog
import uvicorn

from bot.channels.base import DeliveryError, RetryLater
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_webhook import TelegramWebhook
from bot.dialogue.wording.commands import COMMANDS
from console.bulk import CARRY_OUT_BULK, carry_out_bulk
from huiyin.bootstrap import Service
from huiyin.channels import (
    open_telegram,
    open_wechat,
    open_wecom,
    set_menus,
    telegram_webhook_of,
)
from huiyin.cores import leave_cores_to_messages
from huiyin.desk import make_console_services
from huiyin.jobs import JobHandler, JobWorker
from huiyin.preparation import warm_up
from huiyin.rasa_server import RasaServer
from huiyin.schedule import Schedule
from huiyin.staff_group import telegram_staff
from huiyin.watching import Watcher
from huiyin.web import make_web_app
from petitions.ports import DELIVER_NOTIFICATION

log = structlog.get_logger(__name__)

KEEP_ALIVE_SECONDS = 75
"""Longer than people think between two messages: their browser need not dial again."""


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
    leave_cores_to_messages()
    with ExitStack() as running:
        _start_understanding(service, running)
        _open_channels(service, role, running)
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
        Watcher("organisation", service.kept_organisation.refresh),
    ):
        watcher.start()
        running.callback(watcher.stop)
    threading.Thread(target=warm_up, args=(service,), name="warm-up", daemon=True).start()
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


def _open_channels(service: Service, role: ServeRole, running: ExitStack) -> None:
    """Open every channel that is set, in every role: each may have something to send."""
    telegram = open_telegram(service)
    for channel in (telegram, open_wechat(service), open_wecom(service)):
        if channel is not None:
            service.channels[channel.name] = channel
            running.callback(channel.close)
    if role in {ServeRole.ALL, ServeRole.WEB}:
        set_menus(service)
    webhook = telegram_webhook_of(service)
    if webhook and role in {ServeRole.ALL, ServeRole.WEB}:
        threading.Thread(target=_announce, args=(service, webhook), daemon=True).start()
    if telegram and webhook is None and role in {ServeRole.ALL, ServeRole.BOT}:
        _start_polling(service, telegram, running)


def _announce(service: Service, webhook: TelegramWebhook) -> None:
    """Tell Telegram where to call, again and again until it knows."""
    address = service.settings.resolved_public_url
    while True:
        try:
            webhook.announce(address)
        except RetryLater as later:
            log.warning("telegram_out_of_reach", action="telegram_start", seconds=later.seconds)
            time.sleep(later.seconds)
        except DeliveryError as error:
            log.error("telegram_webhook_refused", action="telegram_start", problem=str(error))
            return
        else:
            log.info("telegram_webhook", action="telegram_start")
            return


def _start_polling(service: Service, channel: TelegramChannel, running: ExitStack) -> None:
    stopping = threading.Event()

    def poll() -> None:
        try:
            channel.register_commands(COMMANDS["zh-CN"], COMMANDS["en"])
        except DeliveryError:
            log.warning("telegram_menu_not_set", action="telegram_start")
        channel.run(service.inbox.receive, stopping, telegram_staff(service))

    thread = threading.Thread(target=poll, name="telegram", daemon=True)
    thread.start()
    running.callback(thread.join, 5)
    running.callback(stopping.set)


def _start_worker(service: Service, running: ExitStack) -> None:
    worker = JobWorker(
        service.settings.resolved_database_url,
        job_handlers(service),
        executor=socket.gethostname(),
    )
    worker.start()
    running.callback(worker.stop)
    schedule = Schedule(service)
    schedule.start()
    running.callback(schedule.stop)


def job_handlers(service: Service) -> dict[str, JobHandler]:
    """What each job does with the id it carries."""
    desk = make_console_services(service)
    return {
        DELIVER_NOTIFICATION: lambda job: service.delivery.deliver_notification(int(job)),
        CARRY_OUT_BULK: lambda job: carry_out_bulk(desk, int(job)),
    }


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
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
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
