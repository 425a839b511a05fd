"""One verb for several cases, held for a few seconds so that it can be taken back.

Residents are told of what happens to their cases, and a message that went out can't be called
back. So the wish waits first; then a job carries it out, case by case, each in a transaction of
its own that notes its result: whatever crashes, no case is done twice and none is forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto

from sqlalchemy import CursorResult
from sqlmodel import Session, col, update

from console.auth import SignedIn
from console.errors import BulkNotFound, DeskError, InvalidInput
from console.services import ConsoleServices
from console.staff import load_staff
from console.tables import DeskBulk
from console.verbs import Inputs, VerbCall, find_verb
from petitions.actors import Actor
from petitions.errors import PetitionError
from petitions.ports import UnitOfWork
from petitions.queries import case_by_number
from petitions.tables import Case

CARRY_OUT_BULK = "carry_out_bulk"
"""Job that carries out one :class:`console.tables.DeskBulk`; its id is the row's."""
TAKE_BACK = timedelta(seconds=15)
CASES_AT_MOST = 50
DONE = "done"

BULK_VERBS: tuple[str, ...] = ("screen", "screen_and_dispatch", "dispatch", "sign_for", "archive")
"""Verbs that need no words of their own: dispatching takes the unit that was proposed."""
_TAKES_PROPOSED = frozenset({"screen_and_dispatch", "dispatch"})


class BulkState(StrEnum):
    """Where a bulk action is."""

    WAITING = auto()
    RUNNING = auto()
    FINISHED = auto()
    TAKEN_BACK = auto()


@dataclass(frozen=True, kw_only=True)
class ChosenCase:
    """A case as it stood in the list that somebody chose from."""

    number: str
    version: int


def hold_bulk(
    services: ConsoleServices, me: SignedIn, *, verb_name: str, cases: Sequence[ChosenCase]
) -> int:
    """Keep the wish and ask for the job that carries it out; returns its id.

    Raises:
        InvalidInput: No such verb, or no case, or too many.
    """
    if verb_name not in BULK_VERBS:
        raise InvalidInput(field="verb", problem="unknown")
    if not 1 <= len(cases) <= CASES_AT_MOST:
        raise InvalidInput(field="cases", problem="number_of_cases")
    now = services.clock.now()
    with services.open_work() as work:
        row = DeskBulk(
            staff_id=me.member.id,
            verb=verb_name,
            state=BulkState.WAITING,
            cases=[[one.number, one.version] for one in cases],
            results={},
            made_at=now,
            run_at=now + TAKE_BACK,
        )
        work.session.add(row)
        work.session.flush()
        work.enqueue(CARRY_OUT_BULK, str(row.id), delay_seconds=TAKE_BACK.total_seconds())
        work.commit()
        return row.id or 0


def load_bulk(services: ConsoleServices, me: SignedIn, bulk_id: int) -> DeskBulk:
    """One's own bulk action.

    Raises:
        BulkNotFound: There is none, or it is somebody else's.
    """
    with services.reading() as session:
        row = session.get(DeskBulk, bulk_id)
    if row is None or row.staff_id != me.member.id:
        raise BulkNotFound(bulk_id=bulk_id)
    return row


def take_back(services: ConsoleServices, me: SignedIn, bulk_id: int) -> bool:
    """Undo it while it waits; tells whether it was in time.

    Raises:
        BulkNotFound: As in :func:`load_bulk`.
    """
    load_bulk(services, me, bulk_id)
    return _move(services, bulk_id, BulkState.WAITING, BulkState.TAKEN_BACK)


def carry_out_bulk(services: ConsoleServices, bulk_id: int) -> None:
    """Do what was held; what was done before an interruption is not done again."""
    _move(services, bulk_id, BulkState.WAITING, BulkState.RUNNING)
    with services.reading() as session:
        row = session.get(DeskBulk, bulk_id)
        if row is None or row.state != BulkState.RUNNING:
            return
        member = load_staff(session, row.staff_id)
    actor = member.actor(services.organisation)
    for number, version in row.cases:
        if number not in row.results:
            _do_one(
                services,
                row,
                actor if member.active else None,
                ChosenCase(number=number, version=version),
            )
    _move(services, bulk_id, BulkState.RUNNING, BulkState.FINISHED)


def stop_bulk(session: Session, bulk_id: int) -> None:
    """Carry a bulk action on no further: its job was dropped; the caller commits."""
    row = session.get(DeskBulk, bulk_id)
    if row is not None and row.state in (BulkState.WAITING, BulkState.RUNNING):
        row.state = BulkState.FINISHED.value


def _do_one(
    services: ConsoleServices, row: DeskBulk, actor: Actor | None, chosen: ChosenCase
) -> None:
    try:
        with services.open_work() as work:
            if actor is None:
                raise DeskError()
            _perform(services, work, row.verb, actor, chosen)
            _note(work, row, chosen.number, DONE)
            work.commit()
    except (PetitionError, DeskError) as error:
        with services.open_work() as work:
            _note(work, row, chosen.number, _word_of(error))
            work.commit()


def _perform(
    services: ConsoleServices, work: UnitOfWork, verb_name: str, actor: Actor, chosen: ChosenCase
) -> None:
    case = case_by_number(work, chosen.number, actor=actor)
    verb = find_verb(verb_name)
    if verb is None:
        raise InvalidInput(field="verb", problem="unknown")
    verb.perform(
        VerbCall(
            work=work,
            case_id=case.id or 0,
            actor=actor,
            now=services.clock.now(),
            expected_version=chosen.version,
            inputs=_inputs(verb_name, case),
        )
    )


def _inputs(verb_name: str, case: Case) -> Inputs:
    if verb_name not in _TAKES_PROPOSED:
        return Inputs(words={})
    lead = (case.proposed_unit,) if case.proposed_unit else ()
    return Inputs(words={"unit_id": lead, "co_handlers": tuple(case.proposed_co_handlers)})


def _note(work: UnitOfWork, row: DeskBulk, number: str, word: str) -> None:
    row.results = {**row.results, number: word}
    where = col(DeskBulk.id) == row.id
    work.session.exec(update(DeskBulk).where(where).values(results=row.results))


def _word_of(error: PetitionError | DeskError) -> str:
    because = error.facts.get("because")
    return f"{error.key}.{because}" if because else error.key


def _move(services: ConsoleServices, bulk_id: int, old: BulkState, new: BulkState) -> bool:
    where = (col(DeskBulk.id) == bulk_id, col(DeskBulk.state) == old.value)
    with services.writing() as session:
        moved: CursorResult[tuple[()]] = session.exec(
            update(DeskBulk).where(*where).values(state=new.value)
        )
        return moved.rowcount == 1
