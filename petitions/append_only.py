"""Triggers that keep the history append-only in the database itself; a migration runs them.

A petition and an entry can't be deleted, nor changed but for what the law makes us delete: an
entry's words may be emptied (their digest stays, so the chain holds), and a petition may be
emptied of everything personal at once. Sealed contact fields may be sealed anew.
"""

from sqlalchemy import Connection, text

_ENTRY_KEPT = (
    "case_id",
    "sequence",
    "at",
    "action",
    "from_status",
    "to_status",
    "actor_role",
    "actor_id",
    "actor_name",
    "actor_unit",
    "for_resident",
    "facts",
    "text_salt",
    "text_digest",
    "previous_hash",
    "hash",
)
_PETITION_KEPT = (
    "number",
    "case_id",
    "channel",
    "kind",
    "urgency",
    "emergency_service",
    "category_first",
    "category_second",
    "anonymous",
    "confidential",
    "code_seal",
    "salt",
    "idempotency_key",
    "filed_at",
)
_PETITION_PERSONAL = (
    "resident",
    "matter",
    "title",
    "place_text",
    "estate",
    "building",
    "place_detail",
    "happened_at_text",
    "wanted",
)
_REFUSAL = "history is append-only"


def guard_history(connection: Connection) -> None:
    """Create the triggers; on a database that has them already this changes nothing."""
    for statement in _statements(connection.dialect.name):
        connection.execute(text(statement))


def unguard_history(connection: Connection) -> None:
    """Drop the triggers, for a migration that goes back."""
    for table in _changes(connection.dialect.name):
        for event in ("update", "delete"):
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{event}{on}"))


def _statements(dialect: str) -> list[str]:
    return _postgresql() if dialect == "postgresql" else _sqlite()


def _sqlite() -> list[str]:
    statements = []
    for table, changed in _changes("sqlite").items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        statements += [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} "
            f"WHEN {changed} {refuse}",
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        ]
    return statements


def _postgresql() -> list[str]:
    statements = [
        "CREATE OR REPLACE FUNCTION petition_history_refuse() RETURNS trigger AS $$ "
        f"BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$ LANGUAGE plpgsql"
    ]
    for table, changed in _changes("postgresql").items():
        call = "EXECUTE FUNCTION petition_history_refuse()"
        statements += [
            f"CREATE OR REPLACE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"FOR EACH ROW WHEN ({changed}) {call}",
            f"CREATE OR REPLACE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"FOR EACH ROW {call}",
        ]
    return statements


def _changes(dialect: str) -> dict[str, str]:
    """By table, the condition under which a change of a row is refused."""
    entry = _any_changed(_ENTRY_KEPT, dialect)
    words = f"(NEW.text IS NOT NULL AND {_any_changed(('text',), dialect)})"
    petition = _any_changed(_PETITION_KEPT, dialect)
    personal = f"(NEW.matter <> '' AND ({_any_changed(_PETITION_PERSONAL, dialect)}))"
    return {
        "petition_case_entry": f"{entry} OR {words}",
        "petition_petition": f"{petition} OR {personal}",
    }


def _any_changed(columns: tuple[str, ...], dialect: str) -> str:
    # PostgreSQL can't compare json, so facts are compared as they are written.
    differs = "IS DISTINCT FROM" if dialect == "postgresql" else "IS NOT"
    return " OR ".join(
        f"CAST(NEW.{column} AS TEXT) {differs} CAST(OLD.{column} AS TEXT)" for column in columns
    )
