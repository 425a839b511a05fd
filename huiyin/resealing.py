"""Seals contact fields with the newest key, a few rows at a time, while the service runs."""

from collections.abc import Callable, Mapping

from sqlmodel import Session, SQLModel, col, select

from bot.tables import ContactLink
from petitions.phone_search import phone_index
from petitions.ports import ContactCipher
from petitions.tables import Petition

ROWS_AT_ONCE = 200
SEALED: Mapping[type[SQLModel], tuple[str, tuple[str, ...]]] = {
    Petition: ("id", ("sealed_name", "sealed_phone", "sealed_on_behalf_of")),
    ContactLink: ("token_digest", ("sealed_name", "sealed_phone")),
}
"""Key and sealed columns of each table that has any."""


def reseal_contacts(open_session: Callable[[], Session], cipher: ContactCipher) -> int:
    """Seal anew what an older key sealed; returns how many fields.

    Raises:
        ContactUnreadable: No key held opens one of them; what came before it is done.
    """
    return sum(
        _reseal_table(open_session, cipher, table, key, columns)
        for table, (key, columns) in SEALED.items()
    )


def _reseal_table(
    open_session: Callable[[], Session],
    cipher: ContactCipher,
    table: type[SQLModel],
    key: str,
    columns: tuple[str, ...],
) -> int:
    changed = 0
    last: int | str | None = None
    while True:
        with open_session() as session:
            key_column = col(getattr(table, key))
            query = select(table).order_by(key_column).limit(ROWS_AT_ONCE).with_for_update()
            rows = session.exec(query if last is None else query.where(key_column > last)).all()
            if not rows:
                return changed
            changed += sum(_reseal(row, column, cipher) for row in rows for column in columns)
            for row in rows:
                _index_anew(row, cipher)
            last = getattr(rows[-1], key)
            session.commit()


def _index_anew(row: SQLModel, cipher: ContactCipher) -> None:
    """Let a petition be found by its phone under the newest key."""
    if isinstance(row, Petition) and row.sealed_phone is not None:
        row.phone_index = phone_index(cipher, cipher.unseal(row.sealed_phone))


def _reseal(row: SQLModel, column: str, cipher: ContactCipher) -> bool:
    sealed = getattr(row, column)
    fresh = None if sealed is None else cipher.reseal(sealed)
    if fresh is not None:
        setattr(row, column, fresh)
    return fresh is not None
