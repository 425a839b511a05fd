"""Corrections by staff on their way to training: looked through by a curator, decision kept.

The pages and the API alike call these.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlmodel import Session

from console.audit import AuditAction, Target, write_down
from console.auth import SignedIn
from console.errors import ExampleDecided, InvalidInput
from console.services import ConsoleServices
from nlu.corrections import (
    NotProposed,
    ReviewState,
    UnknownClass,
    accept_example,
    count_examples,
    examples_in,
    refuse_example,
)
from nlu.tables import NluExample


def examples_of(services: ConsoleServices, state: ReviewState) -> Sequence[NluExample]:
    """The corrections of that state, the oldest first."""
    with services.reading() as session:
        return examples_in(session, state)


def accepted_so_far(services: ConsoleServices) -> int:
    """How many corrections the next training learns from."""
    with services.reading() as session:
        return count_examples(session, ReviewState.ACCEPTED)


def accept(services: ConsoleServices, me: SignedIn, example_id: int, category: str | None) -> None:
    """Let the next training learn from a correction.

    Args:
        services: Of the desk.
        me: Who decides.
        example_id: Of a proposal.
        category: "first/second" where the curator knows better than the correction.

    Raises:
        ExampleDecided: It was decided already, or never was.
        InvalidInput: The taxonomy has no such class.
    """
    with _deciding(services, me, AuditAction.ACCEPT_EXAMPLE, example_id) as session:
        accept_example(
            session,
            example_id,
            by=me.member.username,
            now=services.clock.now(),
            category=category or None,
        )


def refuse(services: ConsoleServices, me: SignedIn, example_id: int) -> None:
    """Keep a correction out of training.

    Raises:
        ExampleDecided: It was decided already, or never was.
    """
    with _deciding(services, me, AuditAction.REFUSE_EXAMPLE, example_id) as session:
        refuse_example(session, example_id, by=me.member.username, now=services.clock.now())


@contextmanager
def _deciding(
    services: ConsoleServices, me: SignedIn, action: AuditAction, example_id: int
) -> Iterator[Session]:
    """One transaction for the decision and its line in the audit log."""
    try:
        with services.writing() as session:
            yield session
            write_down(
                session,
                action,
                actor=me.member.username,
                now=services.clock.now(),
                target=Target(kind="example", id=str(example_id)),
            )
    except NotProposed:
        raise ExampleDecided(id=example_id) from None
    except UnknownClass:
        raise InvalidInput(field="category", problem="unknown") from None
