"""Carries out one verb on one case, for the pages and for the API alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from console.audit import AuditAction, Target, write_down
from console.auth import SignedIn
from console.errors import FeatureMissing
from console.services import ConsoleServices
from console.verbs import Inputs, VerbCall, find_verb
from petitions.handling import reveal_contact
from petitions.handling.annotating import Contact
from petitions.once import Command, carry_out_once
from petitions.queries import case_by_number

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
    services: ConsoleServices, me: SignedIn, *, number: str, reason: str
) -> tuple[Contact, ...]:
    """Show the contact fields in clear; the case's history and the audit log tell of it.

    Raises:
        PetitionError: The person may not, or gave no reason.
    """
    now = services.clock.now()
    with services.open_work() as work:
        case = case_by_number(work, number, actor=me.actor)
        contacts = reveal_contact(work, case.id or 0, actor=me.actor, now=now, reason=reason)
        write_down(
            work.session,
            AuditAction.REVEAL_CONTACT,
            actor=me.member.username,
            now=now,
            target=Target(kind="case", id=case.number),
        )
        work.commit()
        return contacts
