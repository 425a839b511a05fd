"""Backup and restore: everything comes back, in either database, and nothing half."""

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlmodel import Session, select

from bot.messages import ResidentAddress
from bot.residents import make_resident
from huiyin.backup import BackupBroken, BackupUnfit, Manifest, back_up, check_backup, restore
from huiyin.database import make_engine
from huiyin.schema import (
    MIGRATIONS,
    UnknownRevision,
    downgrade_schema,
    revision_of,
    upgrade_schema,
)
from huiyin.table_copies import lines_of, tables_of
from petitions import handling
from petitions.actors import Actor
from petitions.contact_cipher import FernetCipher
from petitions.filing import file_petition, join_case, make_draft
from petitions.history import verify_history
from petitions.memory_queue import InMemoryJobQueue
from petitions.organisation_files import load_organisation
from petitions.receipts import ReceiptCodes
from petitions.sql_store import SqlUnitOfWork
from petitions.tables import Case, Petition
from petitions.workflow import Role
from tests.petitions.conftest import SAMPLE

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MARKS = ("master", "contact")
TEMPLATE = "backup_template"
OLD = "0009"
"""A revision that lacks tables and columns of today."""
CIPHER = FernetCipher([Fernet.generate_key()])
CODES = ReceiptCodes(secret=b"a secret of the tests only")
ORGANISATION = load_organisation(SAMPLE)
COMMITTEE = Actor(id="lin", name="lin", roles=frozenset({Role.COMMITTEE}), community_id="huaiyin")

MakeDatabase = Callable[[], Engine]


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without rows, to copy: migrating is the slow part."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade_schema(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite(tmp_path: Path, empty_database: Path) -> Iterator[MakeDatabase]:
    made: list[Engine] = []

    def make() -> Engine:
        path = tmp_path / f"{len(made)}.db"
        shutil.copy(empty_database, path)
        made.append(make_engine(f"sqlite:///{path}"))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture(scope="module")
def migrated_postgres(postgres_url: str) -> Iterator[Engine]:
    """A server with a migrated database to copy: migrating is the slow part.

    It is a database of its own: nobody else is connected to it when it is copied, whereas the
    server's own template may be in use at that moment.
    """
    server = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0"))
    engine = make_engine(server.url.set(database=TEMPLATE).render_as_string(hide_password=False))
    upgrade_schema(engine)
    engine.dispose()
    yield server
    server.dispose()


@pytest.fixture
def postgres(migrated_postgres: Engine) -> Iterator[MakeDatabase]:
    made: list[Engine] = []

    def make() -> Engine:
        name = f"backup_{len(made)}"
        with migrated_postgres.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}"))
        url = migrated_postgres.url.set(database=name)
        made.append(make_engine(url.render_as_string(hide_password=False)))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


def open_work(engine: Engine) -> SqlUnitOfWork:
    return SqlUnitOfWork(
        engine,
        organisation=ORGANISATION,
        cipher=CIPHER,
        codes=CODES,
        jobs=InMemoryJobQueue(),
    )


def draft(number: int, **more: object) -> object:
    return make_draft(
        matter=f"锦绣家园{number}栋电梯坏了\n“第{number}次”",
        estate="锦绣家园",
        building=f"{number}栋",
        resident=f"r_{number}",
        channel="web",
        contact_phone="13800001234",
        idempotency_key=f"key-{number}",
        **more,
    )


def live_a_little(engine: Engine) -> None:
    """Two cases merged into one that came later, a joined neighbour, a resident, a text."""
    with open_work(engine) as work:
        first = file_petition(work, draft(1), now=NOW)
        second = file_petition(work, draft(2), now=NOW)
        join_case(work, second.case_id, draft(3), now=NOW)
        handling.screen_and_dispatch(work, second.case_id, actor=COMMITTEE, now=NOW)
        handling.merge_case(
            work, first.case_id, into_case_id=second.case_id, actor=COMMITTEE, now=NOW, reason="同"
        )
        make_resident(work.session, ResidentAddress(channel="web", chat_id="abc"), NOW)
        work.commit()
    with engine.begin() as connection:
        # A language sorts these otherwise than their code points are.
        for digest in ("a", "B", "_c", "-d", "A-", "中", "一"):
            connection.execute(
                text("INSERT INTO knowledge_vector (model, digest, vector) VALUES ('m', :d, :v)"),
                {"d": digest, "v": bytes(range(256))},
            )


def put_back(engine: Engine, uploads: Path, file: Path, **more: object) -> Manifest:
    def nothing_more(_: Connection) -> None:
        return None

    return restore(engine, uploads, file, key_marks=MARKS, go_on=nothing_more, **more)


def save(engine: Engine, uploads: Path, file: Path) -> Manifest:
    return back_up(engine, uploads, file, key_marks=MARKS, now=NOW)


def round_trip(source: Engine, target: Engine, folder: Path) -> None:
    live_a_little(source)
    uploads, others = folder / "uploads", folder / "others"
    (uploads / "ab").mkdir(parents=True)
    (uploads / "ab" / "photo.jpg").write_bytes(b"\xff\xd8 a picture")
    manifest = save(source, uploads, folder / "all.zip")
    # The target has had a life of its own, which has to go.
    with open_work(target) as work:
        file_petition(work, draft(9), now=NOW)
        work.commit()
    put_back(target, others, folder / "all.zip")
    again = save(target, others, folder / "again.zip")
    assert dict(again.hashes) == dict(manifest.hashes)
    assert (others / "ab" / "photo.jpg").read_bytes() == b"\xff\xd8 a picture"
    with open_work(target) as work:
        merged = work.session.exec(select(Case).where(Case.number.endswith("0001"))).one()
        assert merged.merged_into is not None
        assert verify_history(work, merged.merged_into).intact
        petition = work.session.exec(select(Petition)).first()
        assert petition is not None
        assert CIPHER.unseal(petition.sealed_phone or "") == "13800001234"
        # Counters go on where they stood.
        assert file_petition(work, draft(4), now=NOW).number.endswith("-0004")
        work.commit()


def test_everything_comes_back_in_sqlite(sqlite: MakeDatabase, tmp_path: Path) -> None:
    round_trip(sqlite(), sqlite(), tmp_path)


@pytest.mark.postgres
def test_from_sqlite_to_postgresql(
    sqlite: MakeDatabase, postgres: MakeDatabase, tmp_path: Path
) -> None:
    round_trip(sqlite(), postgres(), tmp_path)


@pytest.mark.postgres
def test_from_postgresql_to_sqlite(
    sqlite: MakeDatabase, postgres: MakeDatabase, tmp_path: Path
) -> None:
    round_trip(postgres(), sqlite(), tmp_path)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("sqlite", "sqlite"),
        pytest.param("sqlite", "postgres", marks=pytest.mark.postgres),
        pytest.param("postgres", "sqlite", marks=pytest.mark.postgres),
        pytest.param("postgres", "postgres", marks=pytest.mark.postgres),
    ],
)
def test_a_backup_of_an_older_release_is_brought_up_to_date(
    request: pytest.FixtureRequest, tmp_path: Path, source: str, target: str
) -> None:
    old = request.getfixturevalue(source)()
    live_a_little(old)
    downgrade_schema(old, OLD)
    manifest = save(old, tmp_path / "uploads", tmp_path / "old.zip")
    assert manifest.revision == OLD
    new = request.getfixturevalue(target)()
    put_back(new, tmp_path / "uploads", tmp_path / "old.zip")
    with new.connect() as connection:
        assert revision_of(connection) == ScriptDirectory(str(MIGRATIONS)).get_current_head()
    again = save(new, tmp_path / "uploads", tmp_path / "new.zip")
    assert {name: again.rows[name] for name in manifest.rows} == dict(manifest.rows)
    with open_work(new) as work:
        cases = work.session.exec(select(Case).order_by(Case.number)).all()
        assert [case.number[-4:] for case in cases] == ["0001", "0002"]
        assert all(verify_history(work, case.id or 0).intact for case in cases)
        assert file_petition(work, draft(4), now=NOW).number.endswith("-0004")
        work.commit()


@pytest.mark.postgres
def test_words_stand_in_one_order_whatever_language_the_server_sorts_by(
    postgres: MakeDatabase,
) -> None:
    """The order decides the hash; a server may be set up with a locale that SQLite lacks."""
    engine = postgres()
    live_a_little(engine)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    with engine.connect() as connection:
        tables = {table.name: table for table in tables_of(connection)}
        lines = [json.loads(line) for line in lines_of(connection, tables["knowledge_vector"])]
    assert [line["digest"] for line in lines] == sorted(line["digest"] for line in lines)
    ordering = asked[-1].partition("ORDER BY")[2]
    assert ordering.count('COLLATE "C"') == len(tables["knowledge_vector"].primary_key)


def test_a_backup_of_a_newer_release_is_refused(sqlite: MakeDatabase, tmp_path: Path) -> None:
    newer, target = sqlite(), sqlite()
    live_a_little(newer)
    with newer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    save(newer, tmp_path / "uploads", tmp_path / "new.zip")
    with pytest.raises(UnknownRevision, match="newer release"):
        put_back(target, tmp_path / "uploads", tmp_path / "new.zip")
    with Session(target) as session:
        assert session.exec(select(Petition)).all() == []


def test_the_history_is_guarded_again_after_a_restore(sqlite: MakeDatabase, tmp_path: Path) -> None:
    source, target = sqlite(), sqlite()
    live_a_little(source)
    save(source, tmp_path / "uploads", tmp_path / "all.zip")
    put_back(target, tmp_path / "uploads", tmp_path / "all.zip")
    with target.connect() as connection, pytest.raises(Exception, match="append-only"):
        connection.execute(text("DELETE FROM petition_case_entry"))


def test_a_backup_is_one_moment_while_others_write(sqlite: MakeDatabase, tmp_path: Path) -> None:
    """Filing goes on in another connection between the first and the last table read."""
    engine = sqlite()
    live_a_little(engine)
    with engine.execution_options(read_only=True).connect() as reading:
        before = {t.name: reading.execute(t.select()).fetchall() for t in tables_of(reading)}
        with open_work(engine) as work:
            file_petition(work, draft(5), now=NOW)
            work.commit()
        after = {t.name: reading.execute(t.select()).fetchall() for t in tables_of(reading)}
    assert before == after


@pytest.mark.parametrize("damage", ["changed", "cut", "no backup", "missing"])
def test_a_damaged_backup_changes_nothing(
    sqlite: MakeDatabase, tmp_path: Path, damage: str
) -> None:
    source, target = sqlite(), sqlite()
    live_a_little(source)
    file = tmp_path / "all.zip"
    save(source, tmp_path / "uploads", file)
    _damage(file, damage)
    with Session(target) as session, pytest.raises(BackupBroken):
        put_back(target, tmp_path / "uploads", file)
    with Session(target) as session:
        assert session.exec(select(Petition)).all() == []


def _damage(file: Path, damage: str) -> None:
    if damage == "missing":
        file.unlink()
    elif damage == "no backup":
        file.write_text("a shopping list")
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:-400])
    else:
        with zipfile.ZipFile(file) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        members["tables/petition_petition.jsonl"] += b"\n"
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)


def test_a_backup_of_another_secret_is_refused(sqlite: MakeDatabase, tmp_path: Path) -> None:
    engine = sqlite()
    file = tmp_path / "all.zip"
    back_up(engine, tmp_path / "uploads", file, key_marks=("elsewhere",), now=NOW)
    with pytest.raises(BackupUnfit, match="secret key"):
        put_back(engine, tmp_path / "uploads", file)


def test_a_failure_at_the_last_moment_leaves_all_as_it_was(
    sqlite: MakeDatabase, tmp_path: Path
) -> None:
    source, target = sqlite(), sqlite()
    live_a_little(target)
    file = tmp_path / "all.zip"
    save(source, tmp_path / "uploads", file)
    before = save(target, tmp_path / "uploads", tmp_path / "before.zip")

    def fail(_: Connection) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        restore(target, tmp_path / "uploads", file, key_marks=MARKS, go_on=fail)
    after = save(target, tmp_path / "uploads", tmp_path / "after.zip")
    assert dict(after.hashes) == dict(before.hashes)


def test_only_the_owner_reads_a_backup(sqlite: MakeDatabase, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    save(sqlite(), tmp_path / "uploads", file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert check_backup(file).rows["petition_case"] == 0
