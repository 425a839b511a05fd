"""The one-time page for name and phone, without any web framework."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session as DatabaseSession

from bot.channels.web_views import ContactProblem, ContactView
from bot.contact_links import minutes_left, open_link, use_link
from bot.dialogue.card import form_title
from bot.dialogue.session import Session
from bot.dialogue.wording import phrasebook
from bot.messages import OutgoingMessage
from bot.outbox import put_word
from bot.sessions import load_session
from bot.tables import ContactLink
from petitions.ports import UnitOfWork

CONTACT_PATH = "/chat/contact/"
LONGEST_NAME = 40
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,18}[0-9]")


@dataclass(frozen=True, kw_only=True)
class ContactEntry:
    """What was entered."""

    name: str = ""
    phone: str = ""
    consent: bool = False

    def problems(self) -> tuple[ContactProblem, ...]:
        """What is wrong with it, field by field."""
        found = (
            (ContactProblem.NAME_MISSING, not self.name),
            (ContactProblem.NAME_TOO_LONG, len(self.name) > LONGEST_NAME),
            (ContactProblem.PHONE_MISSING, not self.phone),
            (ContactProblem.PHONE_WRONG, bool(self.phone) and not PHONE.fullmatch(self.phone)),
            (ContactProblem.CONSENT_MISSING, not self.consent),
        )
        return tuple(problem for problem, applies in found if applies)


class ContactPage:
    """Shows the form behind a link and takes what is entered.

    Args:
        open_work: Opens a unit of work.
        now: Tells the time in UTC.
    """

    def __init__(self, open_work: Callable[[], UnitOfWork], now: Callable[[], datetime]) -> None:
        self._open_work = open_work
        self._now = now

    def view(
        self, token: str, action: str, entry: ContactEntry | None = None
    ) -> ContactView | None:
        """The form, with what is wrong with ``entry``; None when the link is over."""
        with self._open_work() as work:
            link = open_link(work.session, token, self._now())
            session = _session_of(work.session, link) if link else None
            if link is None or session is None:
                return None
            given = entry or ContactEntry()
            return ContactView(
                action=action,
                minutes=minutes_left(link, self._now()),
                title=_title(session, link),
                name=given.name,
                phone=given.phone,
                consent=given.consent,
                problems=given.problems() if entry else (),
            )

    def take(self, token: str, entry: ContactEntry) -> bool:
        """Keep a faultless ``entry`` and tell the chat; False when the link is over."""
        with self._open_work() as work:
            link = open_link(work.session, token, self._now())
            session = _session_of(work.session, link) if link else None
            if link is None or session is None:
                return False
            use_link(link, name=entry.name, phone=entry.phone, cipher=work.cipher, now=self._now())
            words = phrasebook(session.language).say("contact.received")
            put_word(
                work.session,
                resident=link.resident,
                key=f"contact:{link.token_digest}",
                message=OutgoingMessage(text=words, key="contact.received"),
                now=self._now(),
            )
            work.commit()
        return True


def _session_of(database: DatabaseSession, link: ContactLink) -> Session | None:
    """The conversation of the link, unless its petition is filed already."""
    session = load_session(database, link.resident, link.made_at)
    return None if session.number_filed(link.form_key) else session


def _title(session: Session, link: ContactLink) -> str | None:
    form = session.form or session.parked
    return form_title(form) if form and form.key == link.form_key else None
