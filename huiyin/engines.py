"""One engine of understanding for a command: the local one, or Rasa brought up for its duration."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from huiyin.bootstrap import RASA_PROJECT, Service
from huiyin.errors import HuiyinError
from huiyin.rasa_environment import RasaEnvironment
from huiyin.rasa_server import READY_TIMEOUT_SECONDS, RasaServer
from nlu.rasa_parser import RasaParser
from nlu.understanding import MessageParser

BATCH_TIMEOUT_SECONDS = 10.0
"""A command can wait longer than a resident."""


@contextmanager
def running_parser(service: Service, name: str) -> Iterator[MessageParser]:
    """The engine called ``name``, "local" or "rasa".

    Raises:
        HuiyinError: Rasa is not to be had here.
    """
    if name == "local":
        yield service.local_parser
    elif service.settings.rasa_url:
        token = service.settings.rasa_token
        yield _client(service, service.settings.rasa_url, token.get_secret_value() if token else "")
    else:
        with _own_rasa(service) as parser:
            yield parser


@contextmanager
def _own_rasa(service: Service) -> Iterator[MessageParser]:
    ready = threading.Event()
    environment = RasaEnvironment(
        RASA_PROJECT, service.settings.data_dir / "models" / "rasa", service.report
    )
    # A port of its own: the service may be running beside the command.
    server = RasaServer(environment, service.settings.rasa_port + 1, lambda *_: ready.set())
    environment.prepare()
    server.start()
    try:
        if not ready.wait(READY_TIMEOUT_SECONDS):
            raise HuiyinError("Rasa did not become ready in time")
        yield _client(service, server.url, server.token)
    finally:
        server.stop()


def _client(service: Service, url: str, token: str) -> RasaParser:
    parser = RasaParser(
        url, token, gazetteer=service.composer.gazetteer, timeout_seconds=BATCH_TIMEOUT_SECONDS
    )
    if not parser.is_healthy():
        raise HuiyinError(f"no Rasa server answers at {url}")
    return parser
