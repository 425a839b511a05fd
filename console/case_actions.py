"""Carries out one verb on one case, for the pages and for the API alike."""

from console.audit import AuditAction, Target, write_down
from console.auth import SignedIn
from console.errors import FeatureMissing
from console.services import ConsoleServices
from console.verbs import Inputs, VerbCall, find_verb
from petitions.handling import reveal_contact
from petitions.handling.annotating import Contact
from petitions.queries import case_by_number
from petitions.tables import Case


def carry_out(
    services: ConsoleServices,
    me: SignedIn,
    *,
    number: str,
    verb_name: str,
    inputs: Inputs,
    expected_version: int | None,
) -> Case:
    """Do it in one transaction; petitions decide whether it may be done.

    Returns:
        The case as it is afterwards; after a merge the one that goes on.

    Raises:
        FeatureMissing: There is no such verb.
        PetitionError, InvalidInput: The case stays as it was.
    """
    verb = find_verb(verb_name)
    if verb is None:
        raise FeatureMissing(feature=verb_name)
    with services.open_work() as work:
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
        work.commit()
        return done


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
