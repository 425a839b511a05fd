"""Carries out one verb on one case, for the pages and for the API alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.audit import AuditAction, Target, write_down
from console.auth import SignedIn
from console.errors import FeatureMissing
from console.services import ConsoleServices
from console.verbs import Inputs, VerbCall, find_verb
from petitions.handling import repeat_reveal, reveal_contact
from petitions.handling.annotating import Contact
from petitions.once import Command, carry_out_once
from petitions.ports import UnitOfWork
from petitions.queries import case_by_number
from petitions.tables import Case

_NOT_SAID = frozenset({"csrf", "expected_version", "form_key"})
"""Fields of a form that are no part of what somebody wants."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """The case after a verb; after a merge the one that goes on."""

    number: str
    status: str
    version: int


def carry_out(
    services: ConsoleServices,
    me: SignedIn,
    *,
    number: str,
    verb_name: str,
    inputs: Inputs,
    expected_version: int | None,
    key: str | None = None,
) -> Done:
    """Do it in one transaction; petitions decide whether it may be done.

    Args:
        key: The same key again does nothing and returns what came of it the first time.

    Raises:
        FeatureMissing: There is no such verb.
        PetitionError, InvalidInput: The case stays as it was.
    """
    verb = find_verb(verb_name)
    if verb is None:
        raise FeatureMissing(feature=verb_name)
    with services.open_work() as work:

        def perform() -> Mapping[str, Any]:
            case = case_by_number(work, number, actor=me.actor)
            call = VerbCall(
                work=work,
                case_id=case.id or 0,
                actor=me.actor,
                now=services.clock.now(),
                expected_version=expected_version,
                inputs=inputs,
            )
            done = verb.perform(call)
            return {"number": done.number, "status": done.status, "version": done.version}

        if key is None:
            result = perform()
        else:
            command = _command(me, key, number, verb_name, inputs)
            result = carry_out_once(work, command, now=services.clock.now(), perform=perform).result
        work.commit()
    return Done(**result)


def _command(me: SignedIn, key: str, number: str, verb_name: str, inputs: Inputs) -> Command:
    words = {name: list(values) for name, values in inputs.words.items() if name not in _NOT_SAID}
    return Command(
        key=key, by=me.member.username, name=f"{verb_name}:{number}", content={"words": words}
    )


def look_up_contact(
    services: ConsoleServices, me: SignedIn, *, number: str, reason: str, key: str | None = None
) -> tuple[Contact, ...]:
    """Show the contact fields in clear; the case's history and the audit log tell of it.

    Args:
        key: The same key again shows the same and is the same look; nothing of what was shown
            is kept with the key.

    Raises:
        PetitionError: The person may not, or gave no reason.
    """
    now = services.clock.now()
    with services.open_work() as work:
        case = case_by_number(work, number, actor=me.actor)
        wish = _ContactWish(work=work, me=me, case=case, reason=reason, now=now)
        contacts = wish.look() if key is None else wish.look_once(key)
        work.commit()
        return contacts


@dataclass(frozen=True, kw_only=True)
class _ContactWish:
    """Somebody wants to see the contact fields of a case."""

    work: UnitOfWork
    me: SignedIn
    case: Case
    reason: str
    now: datetime

    def look(self) -> tuple[Contact, ...]:
        """Look, and write it down."""
        contacts = reveal_contact(
            self.work, self.case.id or 0, actor=self.me.actor, now=self.now, reason=self.reason
        )
        write_down(
            self.work.session,
            AuditAction.REVEAL_CONTACT,
            actor=self.me.member.username,
            now=self.now,
            target=Target(kind="case", id=self.case.number),
        )
        return contacts

    def look_once(self, key: str) -> tuple[Contact, ...]:
        """Look; the second time without writing it down again."""
        shown: list[Contact] = []

        def perform() -> Mapping[str, Any]:
            shown.extend(self.look())
            return {"petitions": [contact.petition_number for contact in shown]}

        outcome = carry_out_once(self.work, self._command(key), now=self.now, perform=perform)
        if outcome.repeated:
            return repeat_reveal(
                self.work, self.case.id or 0, actor=self.me.actor, reason=self.reason
            )
        return tuple(shown)

    def _command(self, key: str) -> Command:
        return Command(
            key=key,
            by=self.me.member.username,
            name=f"reveal_contact:{self.case.number}",
            content={"reason": self.reason},
        )
