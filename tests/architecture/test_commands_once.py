"""Every writing route of the API takes an idempotency key, or it is said here why not."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from console.api.once import KEY_HEADER, CommandRoute
from console.auth import SAFE_METHODS
from huiyin.bootstrap import Service
from huiyin.settings import Settings
from huiyin.web import make_web_app

CALCULATES_ONLY = {
    "/api/v1/knowledge/gate",
    "/api/v1/knowledge/versions/{version_id}/lapse/preview",
}
"""Posted because the question is long; nothing is written, so a repetition does no harm."""
IN_ITS_OWN_TRANSACTION = {
    "/api/v1/cases/{number}/actions/{verb}",
    "/api/v1/cases/{number}/contact",
}
"""Keep the key in the transaction of the command; tests/console/test_once.py."""
BY_MESSAGE = {"/api/v1/chat/messages"}
"""Each message of the chat has an id of its own, ``client_id``; the inbox takes it once."""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict, dict]]:
    """What the API says about itself, and its writing routes by path."""
    service = Service(settings=Settings(data_dir=tmp_path_factory.mktemp("data")))
    app = make_web_app(service)
    writing = {
        context.path: context.original_route
        for context in iter_route_contexts(app.routes)
        if context.path.startswith("/api/") and set(context.methods or ()) - SAFE_METHODS
    }
    yield app.openapi()["paths"], writing
    service.close()


def test_every_writing_route_takes_a_key(document: tuple[dict, dict]) -> None:
    paths, writing = document
    without = set(writing) - {path for path in writing if _takes_key(paths, path)}
    assert without == BY_MESSAGE


def test_what_a_route_says_it_does(document: tuple[dict, dict]) -> None:
    """A declared header that nobody looks at would be worse than none."""
    _, writing = document
    others = {path for path, route in writing.items() if not isinstance(route, CommandRoute)}
    assert others == IN_ITS_OWN_TRANSACTION | BY_MESSAGE
    assert all(isinstance(route, APIRoute) for route in writing.values())


def test_the_exceptions_are_routes_that_exist(document: tuple[dict, dict]) -> None:
    _, writing = document
    assert set(writing) >= CALCULATES_ONLY | IN_ITS_OWN_TRANSACTION | BY_MESSAGE


def test_reading_routes_take_none(document: tuple[dict, dict]) -> None:
    paths, _ = document
    assert not [path for path, methods in paths.items() if _has_key(methods.get("get", {}))]


def _takes_key(paths: dict, path: str) -> bool:
    return _has_key(paths.get(path, {}).get("post", {}))


def _has_key(operation: dict) -> bool:
    names = {one["name"].lower() for one in operation.get("parameters", ())}
    return KEY_HEADER.lower() in names
