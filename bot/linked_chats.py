"""One person in several chats: linked by a code that is shown in one and said in the other.

Each chat keeps its own pseudonym; linked ones share a ``person``, which is all that ties them
together. What was filed in one can then be followed in the other.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.tables import ChatLinkCode, ChatResident
from petitions.receipts import ALPHABET, CODE_CHARACTERS

CODE_LASTS = timedelta(minutes=10)


def issue_link_code(session: Session, resident: str, now: datetime) -> str:
    """A new code that links another chat with that of ``resident``, once and soon."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARACTERS))
    session.add(
        ChatLinkCode(code_digest=_digest(code), resident=resident, expires_at=now + CODE_LASTS)
    )
    return code


def link_chats(session: Session, resident: str, code: str, now: datetime) -> bool:
    """Link the chat of ``resident`` with the one that shows ``code``; False for a wrong code."""
    query = (
        select(ChatLinkCode)
        .where(ChatLinkCode.code_digest == _digest(code))
        .where(col(ChatLinkCode.used_at).is_(None), col(ChatLinkCode.expires_at) > now)
        .with_for_update()
    )
    shown = session.exec(query).first()
    if shown is None or shown.resident == resident:
        return False
    shown.used_at = now
    _make_one(session, resident, shown.resident)
    return True


def _make_one(session: Session, *residents: str) -> None:
    rows = [session.get_one(ChatResident, one) for one in residents]
    known = [row.person for row in rows if row.person]
    person = known[0] if known else f"p_{secrets.token_hex(12)}"
    if known:
        others = update(ChatResident).where(col(ChatResident.person).in_(known))
        session.connection().execute(others.values(person=person))
    for row in rows:
        row.person = person
    session.flush()


def chats_of(session: Session, resident: str) -> tuple[str, ...]:
    """The pseudonyms of all chats of whoever is ``resident``, that one first."""
    row = session.get(ChatResident, resident)
    if row is None or row.person is None:
        return (resident,)
    query = select(ChatResident.id).where(
        ChatResident.person == row.person, ChatResident.id != resident
    )
    return (resident, *session.exec(query.order_by(col(ChatResident.id))))


def _digest(code: str) -> str:
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(signs.encode()).hexdigest()
