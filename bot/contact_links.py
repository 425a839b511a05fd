"""One-time links to the local page that takes name and phone.

For channels whose servers stand abroad: the petition is filed there, the contact data never
pass through it. A link belongs to one form of one resident, works once and for half an hour.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.dialogue.editing import CONTACT_LINK_MINUTES
from bot.dialogue.form import Form
from bot.dialogue.masking import mask
from bot.tables import ContactLink
from petitions.ports import ContactCipher


def make_link(session: Session, resident: str, form: Form, now: datetime) -> str:
    """Store a new link and return its token, which is told to the resident only."""
    token = secrets.token_urlsafe(24)
    session.add(
        ContactLink(
            token_digest=_digest(token),
            resident=resident,
            form_key=form.key,
            made_at=now,
            expires_at=now + timedelta(minutes=CONTACT_LINK_MINUTES),
        )
    )
    return token


def open_link(session: Session, token: str, now: datetime) -> ContactLink | None:
    """The link behind ``token`` while it can still be used, locked; else None."""
    query = (
        select(ContactLink)
        .where(ContactLink.token_digest == _digest(token))
        .where(col(ContactLink.used_at).is_(None), col(ContactLink.expires_at) > now)
        .with_for_update()
    )
    return session.exec(query).first()


def minutes_left(link: ContactLink, now: datetime) -> int:
    """How long it still works, in whole minutes and at least one."""
    return max(1, int((link.expires_at - now).total_seconds() // 60))


def use_link(
    link: ContactLink, *, name: str, phone: str, cipher: ContactCipher, now: datetime
) -> None:
    """Keep name and phone, encrypted; the link is used up."""
    link.sealed_name = cipher.seal(name)
    link.sealed_phone = cipher.seal(phone)
    link.contact_shown = f"{name[:1]}** {mask(phone)}"
    link.used_at = now


def contact_behind(session: Session, resident: str, form_key: str) -> ContactLink | None:
    """What was entered for a form, the latest, or None."""
    query = (
        select(ContactLink)
        .where(ContactLink.resident == resident, ContactLink.form_key == form_key)
        .where(col(ContactLink.used_at).is_not(None))
        .order_by(col(ContactLink.used_at).desc())
    )
    return session.exec(query).first()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
