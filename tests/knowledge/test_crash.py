"""A process killed in the middle leaves the texts as before or as after, never in between."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel

from huiyin.database import make_engine
from knowledge.changes import list_changes
from knowledge.curation import list_documents
from knowledge.hashing_embedder import HashingEmbedder
from knowledge.importing import SourceFile, import_files
from knowledge.retrieval import KnowledgeBase
from tests.knowledge.conftest import ROOT, TODAY

# The child stops before its nth writing statement and is killed there.
CHILD = """
import sys, time
from sqlalchemy import event
from sqlmodel import Session
from huiyin.database import make_engine
from knowledge.curation import publish_versions
from knowledge.hashing_embedder import HashingEmbedder
from knowledge.importing import SourceFile, import_files

url, nth, what = sys.argv[1], int(sys.argv[2]), sys.argv[3]
engine = make_engine(url)
written = 0

def stop(connection, cursor, statement, *_):
    global written
    if statement.split()[0] in ("INSERT", "UPDATE", "DELETE"):
        written += 1
        if written == nth:
            print("stopped", flush=True)
            time.sleep(60)

event.listen(engine, "before_cursor_execute", stop)
texts = {
    "a.md": "# 养犬办法\\n\\n第一条 登记费一百元。\\n",
    "b.md": "# 停车办法\\n\\n第一条 停车费五元。\\n",
}
files = [SourceFile(name=n, content=t.encode()) for n, t in texts.items()]
if what == "import":
    import_files(lambda: Session(engine), HashingEmbedder(), files, publish_at_once=True)
else:
    publish_versions(lambda: Session(engine), [1, 2])
print("done", flush=True)
"""
FILES = [
    SourceFile(name="a.md", content="# 养犬办法\n\n第一条 登记费一百元。\n".encode()),
    SourceFile(name="b.md", content="# 停车办法\n\n第一条 停车费五元。\n".encode()),
]
QUESTIONS = ("登记费", "停车费")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'texts.db'}"


@pytest.fixture
def open_session(url):
    engine = make_engine(url)
    SQLModel.metadata.create_all(engine)
    yield lambda: Session(engine)
    engine.dispose()


def run_and_kill(url: str, nth: int, what: str) -> bool:
    """Whether the child was killed before it was done."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, url, str(nth), what],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        line = child.stdout.readline().strip()
        child.send_signal(signal.SIGKILL)
    assert line in ("stopped", "done")
    return line == "stopped"


def found(open_session) -> list[list[tuple[str, float]]]:
    texts = KnowledgeBase(open_session, HashingEmbedder(), today=lambda: TODAY)
    return [[(h.passage.text, h.score) for h in texts.search(q)] for q in QUESTIONS]


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_publication_cut_off_is_whole_or_not_there(url, open_session, nth):
    import_files(open_session, HashingEmbedder(), FILES)
    before = found(open_session)
    assert run_and_kill(url, nth, "publish")
    assert found(open_session) == before == [[], []]
    assert list_changes(open_session) == []
    assert not run_and_kill(url, 99, "publish")
    assert all(found(open_session))
    assert len(list_changes(open_session)) == 1


@pytest.mark.parametrize("nth", [2, 5, 8, 10])
def test_an_import_cut_off_is_not_seen_and_goes_on(url, open_session, nth, tmp_path):
    assert run_and_kill(url, nth, "import")
    assert found(open_session) == [[], []]
    report = import_files(open_session, HashingEmbedder(), FILES, publish_at_once=True)
    assert len(report.version_ids) == 2
    assert all(len(document.versions) == 1 for document in list_documents(open_session))
    engine = make_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    SQLModel.metadata.create_all(engine)
    import_files(lambda: Session(engine), HashingEmbedder(), FILES, publish_at_once=True)
    assert found(open_session) == found(lambda: Session(engine))
    engine.dispose()
