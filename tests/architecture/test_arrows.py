"""Which room may import which, and which library stands behind which adapter."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "console", "huiyin", "knowledge", "nlu", "petitions")
LEAVES = {"knowledge", "nlu", "petitions"}

MAY_IMPORT = {
    "huiyin": set(ROOMS),
    "bot": {"bot", *LEAVES},
    "console": {"console", *LEAVES},
    "knowledge": {"knowledge"},
    "nlu": {"nlu"},
    "petitions": {"petitions"},
}

LIBRARY_HOMES = {
    "telegram": ("bot/channels/telegram",),
    "fastapi": ("console/", "bot/channels/web", "bot/channels/wechat"),
    "faiss": ("knowledge/",),
    "sentence_transformers": ("knowledge/", "nlu/"),
    "torch": ("knowledge/", "nlu/"),
    "onnxruntime": ("knowledge/", "nlu/"),
    "dbos": ("huiyin/",),
    "pydantic_settings": ("huiyin/settings.py",),
    "rasa": ("nlu/rasa/components/",),
}


def _source_files() -> list[Path]:
    rooms = [ROOT / room for room in ROOMS]
    files = [path for room in rooms for path in room.rglob("*.py")]
    return [path for path in files if ".venv" not in path.parts]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _rooms_imported(path: Path) -> set[str]:
    return {name.split(".")[0] for name in _imports(path)} & set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_point_one_way(room: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): sorted(_rooms_imported(path) - MAY_IMPORT[room])
        for path in _source_files()
        if path.relative_to(ROOT).parts[0] == room and "nlu/rasa" not in str(path)
    }
    assert {path: rooms for path, rooms in wrong.items() if rooms} == {}


@pytest.mark.parametrize("library", sorted(LIBRARY_HOMES))
def test_a_library_stays_behind_its_adapter(library: str) -> None:
    homes = LIBRARY_HOMES[library]
    strays = [
        str(path.relative_to(ROOT))
        for path in _source_files()
        if library in {name.split(".")[0] for name in _imports(path)}
        and not str(path.relative_to(ROOT)).startswith(homes)
    ]
    assert strays == []


def test_the_environment_is_read_in_one_place() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in _source_files()
        if any(word in path.read_text(encoding="utf-8") for word in ("os.environ", "os.getenv"))
    ]
    # Rasa's own process is given a cleaned copy of the environment, and pyenv is looked for there.
    assert set(readers) <= {"huiyin/settings.py", "huiyin/rasa_environment.py"}


def test_an_import_is_never_moved_into_a_function_to_dodge_a_cycle() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in _source_files()
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] in ROOMS
        # A command loads its rooms when it is called, and the service its models when they are
        # first needed: «huiyin backup» must not wait seconds for PyTorch.
        and not str(path.relative_to(ROOT)).startswith(("huiyin/cli", "huiyin/bootstrap"))
    ]
    assert hidden == []


def test_shared_code_never_asks_for_a_channels_name() -> None:
    names = {"telegram", "web", "wechat", "wecom", "terminal"}
    asking = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "bot").rglob("*.py")
        # An adapter knows its own name; everybody else asks for capabilities.
        if not path.relative_to(ROOT / "bot").as_posix().startswith("channels/")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert asking == []
