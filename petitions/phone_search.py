"""Finds cases by the phone of a resident, without any phone being readable in the database.

Each petition carries a blind index: a keyed digest (HMAC) of its phone, by a key derived from
that of the contact data. Equal phones have equal digests; without the key nothing can be tried.
"""

import re
from collections.abc import Sequence

from sqlmodel import col, select

from petitions.actors import Actor
from petitions.permissions import visible_to
from petitions.ports import ContactCipher, UnitOfWork
from petitions.tables import Case, Petition, Supporter

CASES_AT_MOST = 50
SHORTEST_PHONE = 7
"""A local number without its area; what is shorter is no number to look for."""
_NUMBER = re.compile(r"\+?\d[\d \-]*")
_COUNTRY = re.compile(r"^(?:00)?86(?=\d{10,11}$)")


def plain_phone(words: str) -> str | None:
    """The first phone in ``words`` as bare digits, without +86; None where there is none."""
    for found in _NUMBER.findall(words):
        digits = _COUNTRY.sub("", re.sub(r"\D", "", found))
        if len(digits) >= SHORTEST_PHONE:
            return str(digits)
    return None


def phone_index(cipher: ContactCipher, phone: str | None) -> str | None:
    """What to keep beside a sealed phone so that it can be found; None without a phone."""
    digits = plain_phone(phone or "")
    return cipher.blind(digits)[0] if digits else None


def cases_by_phone(work: UnitOfWork, phone: str, *, actor: Actor) -> Sequence[Case]:
    """Cases that the actor may see and that somebody with this phone stands behind, newest first.

    The caller makes sure that the actor may search, and writes the search down.
    """
    digits = plain_phone(phone)
    if digits is None:
        return ()
    behind = (
        select(Supporter.case_id)
        .join(Petition, col(Petition.id) == col(Supporter.petition_id))
        .where(col(Petition.phone_index).in_(work.cipher.blind(digits)))
    )
    query = (
        select(Case)
        .where(col(Case.id).in_(behind), visible_to(actor, work.organisation))
        .order_by(col(Case.id).desc())
    )
    return work.session.exec(query.limit(CASES_AT_MOST)).all()
