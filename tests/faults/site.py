"""A site under fire: real processes on a real database, people who use it, and a killer."""

import contextlib
import multiprocessing
import os
import random
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from bot.dialogue.wording.zh_cn import SENTENCES
from console.auth import FORGERY_HEADER
from huiyin.preparation import create_sample_accounts, prepare_database
from huiyin.settings import Settings
from tests.faults.serve import LightService, serve_role

START_SECONDS = 120
PATIENCE_SECONDS = 120
ROLES = ("web", "worker")
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.faults.serve"])
CONFIRM, OWN = SENTENCES["label.confirm"], SENTENCES["label.own"]


@dataclass
class Site:
    """Web and worker in processes of their own.

    Attributes:
        service: The same parts in this process, to look into the database.
        passwords: Of the sample accounts.
    """

    service: LightService
    passwords: dict[str, str]
    url: str
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    processes: dict[str, BaseProcess] = field(default_factory=dict)

    def start(self, role: str) -> None:
        """Start a role and wait until it says that it runs."""
        hear, tell = FORKS.Pipe(duplex=False)
        process = FORKS.Process(
            target=serve_role, args=(role, self.environment, self.log, tell), daemon=True
        )
        process.start()
        tell.close()
        self.processes[role] = process
        with hear, contextlib.suppress(EOFError):
            if hear.poll(START_SECONDS) and hear.recv() == role:
                return
        raise AssertionError((role, self._where_it_stands()))

    def kill(self, role: str) -> None:
        """End a role at once, as a power cut would."""
        process = self.processes[role]
        process.kill()
        process.join()

    def _where_it_stands(self) -> str:
        """The end of the log, with what every thread is doing."""
        for process in self.processes.values():
            if process.pid and process.is_alive():
                os.kill(process.pid, signal.SIGUSR1)
        time.sleep(1)
        return self.log.read_text()[-20_000:]

    def stop(self) -> None:
        """End what still runs."""
        for role in list(self.processes):
            self.kill(role)
        self.service.close()

    def metrics(self) -> str:
        """What Prometheus would read."""
        return httpx.get(f"{self.url}/metrics", timeout=30).text


@contextlib.contextmanager
def running_site(folder: Path, database_url: str | None = None) -> Iterator[Site]:
    """A prepared site with both roles running, until the block is left."""
    port = _free_port()
    values: dict[str, Any] = {"data_dir": folder / "data", "port": port, "parser": "local"}
    if database_url:
        values["database_url"] = database_url
    service = LightService(settings=Settings(**values))
    prepare_database(service)
    accounts = create_sample_accounts(service)
    environment = {f"HUIYIN_{name.upper()}": str(value) for name, value in values.items()}
    site = Site(
        service=service,
        passwords={account.member.username: account.password for account in accounts},
        url=f"http://127.0.0.1:{port}",
        log=folder / "site.log",
        environment=environment,
    )
    try:
        for role in ROLES:
            site.start(role)
        yield site
    finally:
        site.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until_it_works(act: Callable[[], httpx.Response]) -> httpx.Response:
    """Do the same again until the site answers, as a browser's script does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = act()
            if answer.status_code < 500 and answer.status_code != 429:
                return answer
            last = f"{answer.status_code} {answer.text[:200]}"
        except httpx.HTTPError as error:
            last = repr(error)
        assert time.monotonic() < deadline, f"the site does not answer any more: {last}"
        time.sleep(0.05)


@dataclass
class Resident:
    """Somebody who reports a broken lift in the web chat and doesn't give up.

    Attributes:
        number: Of the petition, once the site has acknowledged it.
    """

    site: Site
    number: str = ""

    def __post_init__(self) -> None:
        self._client = httpx.Client(base_url=self.site.url, timeout=20)

    def report(self, building: int) -> None:
        """Say it, confirm it, and remember the number that comes back."""
        page = until_it_works(lambda: self._client.get("/")).text
        self._csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
        said = self._send(text=f"锦绣家园{building}号楼电梯坏了两天了没人修")
        own = _choice(said, OWN) or _choice(said, CONFIRM) or self._wait_for(_first_choice)
        said = self._send(choice=own)
        if confirm := _choice(said, CONFIRM):
            # A neighbour's case had been offered; the card came with the second answer.
            said = self._send(choice=confirm)
        self.number = _number(said) or self._wait_for(_number)
        self._client.close()

    def shown(self) -> list[dict[str, Any]]:
        """Everything on the page, from the beginning."""
        messages: list[dict[str, Any]] = []
        after = "0-0"
        cookies = self._client.cookies
        with httpx.Client(base_url=self.site.url, timeout=20, cookies=cookies) as client:
            while True:
                news = client.get("/api/v1/chat/messages", params={"after": after}).json()
                if not news["messages"]:
                    return messages
                messages += news["messages"]
                after = news["last"]

    def _send(self, **fields: str) -> list[dict[str, Any]]:
        form = {"csrf": self._csrf, "client_id": uuid4().hex, **fields}
        answer = until_it_works(lambda: self._client.post("/api/v1/chat/messages", data=form))
        assert answer.status_code == 200, answer.text
        return list(answer.json()["messages"])

    def _wait_for(self, find: Callable[[list[dict[str, Any]]], str]) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            news = until_it_works(
                lambda: self._client.get("/api/v1/chat/messages", params={"after": "0-0"})
            )
            if found := find(news.json()["messages"]):
                return found
            time.sleep(0.1)
        raise AssertionError("the answer never came")


def _choice(messages: list[dict[str, Any]], label: str) -> str:
    html = "".join(message["html"] for message in messages)
    found = re.findall(r'name="choice" value="([^"]+)"[^>]*>([^<]+)', html)
    return next((payload for payload, words in found if words.strip() == label), "")


def _first_choice(messages: list[dict[str, Any]]) -> str:
    return _choice(messages, OWN) or _choice(messages, CONFIRM)


def _number(messages: list[dict[str, Any]]) -> str:
    found = re.findall(r"HY\d{8}-\d{4,}", "".join(message["html"] for message in messages))
    return found[-1] if found else ""


class Clerk:
    """Somebody of the committee who dispatches what comes in, and doesn't give up either."""

    def __init__(self, site: Site) -> None:
        self._client = httpx.Client(base_url=site.url, timeout=20)
        page = until_it_works(lambda: self._client.get("/desk/sign-in")).text
        token = re.findall(r'name="csrf" value="([0-9a-f]{64})"', page)[0]
        words = {"csrf": token, "username": "committee", "password": site.passwords["committee"]}
        until_it_works(lambda: self._client.post("/desk/sign-in", data=words))
        me = until_it_works(lambda: self._client.get("/api/v1/me")).json()
        self._headers = {FORGERY_HEADER: me["csrf_token"]}

    def dispatch(self, number: str) -> None:
        """Screen and dispatch one case."""
        headers = {**self._headers, "Idempotency-Key": f"dispatch-{number}"}
        address = f"/api/v1/cases/{number}/actions/screen_and_dispatch"
        inputs = {"inputs": {"unit_id": "anda-elevator"}}
        answer = until_it_works(lambda: self._client.post(address, headers=headers, json=inputs))
        assert answer.status_code == 200, answer.text


class Crowd:
    """Residents who report one after the other, and a clerk who dispatches."""

    def __init__(self, site: Site, *, threads: int = 3) -> None:
        self.residents: list[Resident] = []
        self.dispatched: list[str] = []
        self.problems: list[BaseException] = []
        self._site = site
        self._done = threading.Event()
        self._threads = [
            threading.Thread(target=self._guarded, args=(self._report, n)) for n in range(threads)
        ]
        self._threads.append(threading.Thread(target=self._guarded, args=(self._dispatch,)))

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let everybody finish what they have begun."""
        self._done.set()
        for thread in self._threads:
            thread.join(3 * PATIENCE_SECONDS)
        assert not self.problems, self.problems

    def _guarded(self, act: Callable[..., None], *arguments: int) -> None:
        try:
            act(*arguments)
        except BaseException as error:
            self.problems.append(error)

    def _report(self, thread: int) -> None:
        while not self._done.is_set():
            resident = Resident(self._site)
            self.residents.append(resident)
            resident.report(thread + 1)
            time.sleep(0.2)

    def _dispatch(self) -> None:
        clerk = Clerk(self._site)
        while True:
            waiting = [one.number for one in list(self.residents) if one.number]
            waiting = [number for number in waiting if number not in self.dispatched]
            reporting = any(thread.is_alive() for thread in self._threads[:-1])
            if not waiting and self._done.is_set() and not reporting:
                return
            for number in waiting:
                clerk.dispatch(number)
                self.dispatched.append(number)
            time.sleep(0.05)


def kill_at_random(site: Site, times: int, *, seed: int) -> None:
    """Kill web or worker at moments nobody expects and start it again."""
    chance = random.Random(seed)
    for _ in range(times):
        time.sleep(chance.uniform(0.05, 1.0))
        role = chance.choice(ROLES)
        site.kill(role)
        site.start(role)
