"""Many residents at once, over real sockets: through the web chat and through Telegram.

Each resident says the lines of a script one after the other, waits for the reply, thinks a
while, and goes on. Prints latencies from sending to the reply's arrival, and fails when a
message was lost, answered twice or out of order. At the end everybody in Telegram sends a few
messages at once, without waiting for a reply, whose answers have to come in their order.
Parser, texts, dialogue, petitions and database are the real ones; Telegram's server is that of
the tests.

Run: python -m benchmarks.channels [--residents 200] [--think-seconds 20] [--messages 4]
With --data the texts of a data folder are taken as they are indexed there.
"""

import argparse
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from sqlmodel import col, select

from benchmarks.end_to_end import SCRIPT, fresh_service
from bot.channels.telegram import TelegramChannel
from bot.channels.web import chat_router
from bot.channels.web_channel import WebChannel
from bot.tables import ChatInbox, ChatOutbox, ChatResident, InboxStatus
from huiyin.bootstrap import Service
from huiyin.preparation import import_sample_texts, warm_up
from huiyin.serving import KEEP_ALIVE_SECONDS
from huiyin.web import make_chat
from tests.bot.telegram_server import TOKEN, TelegramServer

GIVE_UP_SECONDS = 60.0
BURST_SECONDS = 300.0
"""For everybody's burst together: far more at once than the service is built for."""
BURST = ("/help", "电梯检验多久一次", "/my")
FIRST_CHAT = 10_000

Say = Callable[[int, str], None]
"""Says something as the resident of a number and returns once the reply is there."""


def main() -> None:
    """Measure both channels and print."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        if options.data:
            shutil.copy(options.data / "huiyin.db", folder)
        service = fresh_service(Path(folder))
        import_sample_texts(service)
        service.texts.refresh()
        warm_up(service)
        service.pump.start()
        for name, opened in (("web", _web), ("telegram", _telegram)):
            with opened(service, options) as (say, check):
                latencies, seconds = _talk(say, options)
                check()
            _print(name, latencies, seconds, options)
        service.pump.stop()
        service.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--residents", type=int, default=200)
    parser.add_argument("--messages", type=int, default=4)
    parser.add_argument("--think-seconds", type=float, default=20.0, help="mean pause of each")
    parser.add_argument("--data", type=Path, help="a data folder with the texts indexed")
    return parser.parse_args()


def _talk(say: Say, options: argparse.Namespace) -> tuple[list[float], float]:
    """Let everybody talk; milliseconds of each message and seconds in all."""
    latencies: list[float] = []

    def be(resident: int) -> None:
        chance = random.Random(resident)
        for number in range(options.messages):
            time.sleep(chance.uniform(0, 2 * options.think_seconds))
            began = time.perf_counter()
            say(resident, SCRIPT[(resident + number) % len(SCRIPT)])
            latencies.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=be, args=(n,)) for n in range(options.residents)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(latencies) != options.residents * options.messages:
        raise SystemExit("a resident gave up waiting")
    return latencies, time.perf_counter() - began


Opened = tuple[Say, Callable[[], None]]


# The web chat


@contextmanager
def _web(service: Service, options: argparse.Namespace) -> Iterator[Opened]:
    service.channels[WebChannel.name] = WebChannel()
    app = FastAPI()
    app.include_router(chat_router(make_chat(service)))
    with _served(app) as address:
        browsers = {n: _Browser(address) for n in range(options.residents)}

        def check() -> None:
            for browser in browsers.values():
                browser.check(options.messages)

        yield lambda resident, words: browsers[resident].say(words), check


class _Browser:
    """One resident's browser, as the page's script talks."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=GIVE_UP_SECONDS)
        page = self._client.get("/").text
        self._csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        self._said: list[str] = []

    def say(self, words: str) -> None:
        self._said.append(words)
        data = {"csrf": self._csrf, "client_id": f"m{len(self._said)}", "text": words}
        answer = self._client.post("/api/v1/chat/messages", data=data).raise_for_status()
        if not any(one["from"] == "huiyin" for one in answer.json()["messages"]):
            raise SystemExit("a message was not answered in time")

    def check(self, expected: int) -> None:
        """Everything said stands there once, in order, each with a reply behind it."""
        shown = self._client.get("/api/v1/chat/messages").json()["messages"]
        own = [one["html"] for one in shown if one["from"] == "resident"]
        in_order = all(words in html for words, html in zip(self._said, own, strict=True))
        if len(own) != expected or not in_order:
            raise SystemExit("the web chat lost, doubled or mixed up a message")
        self._client.close()


@contextmanager
def _served(app: FastAPI) -> Iterator[str]:
    config = uvicorn.Config(
        app, port=0, log_level="error", access_log=False, timeout_keep_alive=KEEP_ALIVE_SECONDS
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


# Telegram


@contextmanager
def _telegram(service: Service, options: argparse.Namespace) -> Iterator[Opened]:
    with TelegramServer() as server:
        channel = TelegramChannel(TOKEN, base_url=server.base_url)
        service.channels[channel.name] = channel
        stopping = threading.Event()
        polling = threading.Thread(target=channel.run, args=(service.inbox.receive, stopping))
        polling.start()

        def say(resident: int, words: str) -> None:
            chat, before = FIRST_CHAT + resident, _bubbles(server, FIRST_CHAT + resident)
            server.push_text(chat, words)
            if not server.wait_until(lambda: _bubbles(server, chat) > before, GIVE_UP_SECONDS):
                raise SystemExit("a message was not answered in time")

        def check() -> None:
            chats = range(FIRST_CHAT, FIRST_CHAT + options.residents)
            for words in BURST:
                for chat in chats:
                    server.push_text(chat, words)
            expected = options.messages + len(BURST)
            for chat in chats:
                _check_telegram(service, server, chat, expected)

        yield say, check
        stopping.set()
        polling.join()
        channel.close()


def _check_telegram(service: Service, server: TelegramServer, chat: int, expected: int) -> None:
    """Every message was taken once and in order, and every reply stands in the order it was made.

    A reply that took the place of the message tapped stands where that one stood.
    """
    if not server.wait_until(lambda: _all_done(service, chat, expected), BURST_SECONDS):
        raise SystemExit("Telegram lost a message, or a reply did not arrive")
    taken, sent = _rows_of(service, chat)
    numbers = [int(row.update_id) for row in taken]
    in_order = numbers == sorted(set(numbers)) and _rises(row.done_at for row in taken)
    new = [row for row in sent if row.replaces is None]
    shown = [one.message_id for one in server.sent_messages(chat)]
    arrived = [int(row.external_id or 0) for row in new]
    # A long reply is several messages; the outbox knows the last of them.
    if not in_order or not _rises(arrived) or not set(arrived) <= set(shown):
        raise SystemExit("Telegram mixed up messages or doubled one")


def _all_done(service: Service, chat: int, expected: int) -> bool:
    taken, sent = _rows_of(service, chat)
    done = all(row.status == InboxStatus.DONE.value for row in taken)
    return len(taken) == expected and done and all(row.external_id for row in sent)


def _rows_of(service: Service, chat: int) -> tuple[list[ChatInbox], list[ChatOutbox]]:
    with service.open_session() as session:
        whose = select(ChatResident.id).where(ChatResident.chat_id == str(chat))
        resident = session.exec(whose).first()
        taken = select(ChatInbox).where(ChatInbox.resident == resident).order_by(col(ChatInbox.id))
        sent = select(ChatOutbox).where(ChatOutbox.resident == resident)
        replies = session.exec(sent.order_by(col(ChatOutbox.id))).all()
        return list(session.exec(taken)), list(replies)


def _rises(values: Iterable[Any]) -> bool:
    ordered = list(values)
    return ordered == sorted(ordered)


def _bubbles(server: TelegramServer, chat: int) -> int:
    return sum(1 + one.edits for one in server.sent_messages(chat))


def _print(name: str, latencies: list[float], seconds: float, options: argparse.Namespace) -> None:
    cuts = statistics.quantiles(latencies, n=100)
    print(
        f"{name}: {options.residents} residents, n={len(latencies)}, "
        f"{len(latencies) / seconds:.1f} messages/s, p50 {cuts[49]:.0f} ms, "
        f"p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms, max {max(latencies):.0f} ms; nothing lost",
        flush=True,
    )


if __name__ == "__main__":
    main()
