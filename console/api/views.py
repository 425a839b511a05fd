"""Turns what petitions give into what the API gives. Pure."""

from collections.abc import Iterable, Mapping

from console.api import models
from console.auth import SignedIn, clean
from console.desk.places import place_of
from console.formatting import clock_label
from console.permissions import DeskPermission
from console.verbs import Verb
from console.wording.explaining import explain_clock, explain_routing
from petitions.clocks import ClockView
from petitions.handling.annotating import Contact
from petitions.history import HistoryCheck
from petitions.letters import Letter
from petitions.organisation import Organisation
from petitions.tables import Attachment, CaseEntry
from petitions.views import BoardCounts, CasePage, PetitionView, QueuePage, QueueRow


def me(signed_in: SignedIn) -> models.Me:
    """The person."""
    member = signed_in.member
    return models.Me(
        username=member.username,
        name=member.name,
        roles=sorted(member.roles),
        unit_id=member.unit_id,
        community_id=member.community_id,
        permissions=[part.value for part in DeskPermission if member.may(part)],
        csrf_token=signed_in.csrf,
    )


def verb(row: Verb, label: str) -> models.VerbDescription:
    """A verb and its fields."""
    fields = [
        models.VerbField(
            name=field.name,
            kind=field.kind.value,
            needed=field.needed,
            choices=list(field.choices),
        )
        for field in row.fields
    ]
    return models.VerbDescription(
        name=row.name, label=label, action=row.action.value, fields=fields
    )


def words_of(inputs: Mapping[str, models.InputValue]) -> dict[str, tuple[str, ...]]:
    """The inputs as a form would have sent them."""
    return {name: _words(value) for name, value in inputs.items() if value is not None}


def _words(value: models.InputValue) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, list):
        return tuple(clean(one) for one in value)
    return (clean(str(value)),)


def board(counts: BoardCounts) -> models.Board:
    """The board."""
    return models.Board(
        total=counts.total,
        overdue=counts.overdue,
        due_today=counts.due_today,
        whistled=counts.whistled,
        by_status=counts.by_status,
        by_urgency=counts.by_urgency,
    )


def clock(view: ClockView) -> models.Clock:
    """One clock."""
    state = view.state
    return models.Clock(
        name=view.clock.value,
        unit_id=view.unit_id,
        label=clock_label(state.reading),
        sentence=explain_clock(state.facts),
        due_at=state.due_at,
        overdue=state.overdue,
        paused=state.paused,
        stopped=state.stopped,
    )


def case_list(page: QueuePage, organisation: Organisation) -> models.CaseList:
    """One page of the queue."""
    return models.CaseList(
        cases=[_line(row, organisation) for row in page.rows],
        total=page.total,
        more=page.more,
        page=page.page,
        page_size=page.page_size,
    )


def _line(row: QueueRow, organisation: Organisation) -> models.CaseLine:
    case = row.case
    return models.CaseLine(
        number=case.number,
        title=case.title,
        status=case.status,
        urgency=case.urgency,
        kind=case.kind,
        place=place_of(organisation, case),
        grid_id=case.grid_id,
        unit_id=case.lead_unit,
        unit_name=organisation.unit_name(case.lead_unit),
        supporters=case.supporter_count,
        version=case.version,
        opened_at=case.opened_at,
        due_at=case.due_at,
        clock=clock(row.clock) if row.clock else None,
    )


def case_detail(
    page: CasePage,
    history: HistoryCheck,
    verbs: Iterable[Verb],
    organisation: Organisation,
) -> models.CaseDetail:
    """Everything on one case."""
    case = page.case
    return models.CaseDetail(
        number=case.number,
        title=case.title,
        status=case.status,
        outcome=case.outcome,
        version=case.version,
        urgency=case.urgency,
        kind=case.kind,
        regime=case.regime,
        category_first=case.category_first,
        category_second=case.category_second,
        place=place_of(organisation, case),
        grid_id=case.grid_id,
        community_id=case.community_id,
        unit_id=case.lead_unit,
        unit_name=page.unit_name,
        proposed_unit=case.proposed_unit,
        routing_reason=explain_routing(case.routing_reason),
        supporters=case.supporter_count,
        opened_at=case.opened_at,
        due_at=case.due_at,
        clocks=[clock(one) for one in page.clocks],
        petitions=[_petition(one) for one in page.petitions],
        steps=[_step(entry) for entry in page.timeline],
        history=_history(history),
        attachments=[_attachment(one) for one in page.attachments],
        verbs=[one.name for one in verbs],
    )


def _petition(view: PetitionView) -> models.PetitionSaid:
    names = models.PetitionSaid.model_fields
    return models.PetitionSaid(**{name: getattr(view, name) for name in names})


def _step(entry: CaseEntry) -> models.Step:
    return models.Step(**{name: getattr(entry, name) for name in models.Step.model_fields})


def _history(check: HistoryCheck) -> models.History:
    return models.History(
        intact=check.intact,
        entries=check.entries,
        broken_at=check.broken_at,
        head_hash=check.head_hash,
    )


def _attachment(row: Attachment) -> models.AttachmentLine:
    return models.AttachmentLine(
        id=row.id or 0,
        kind=row.kind,
        mime=row.mime,
        size_bytes=row.size_bytes,
        by_resident=row.petition_number is not None,
    )


def contact(one: Contact) -> models.RevealedContact:
    """A contact in clear."""
    return models.RevealedContact(
        petition_number=one.petition_number,
        name=one.name,
        phone=one.phone,
        on_behalf_of=one.on_behalf_of,
    )


def letter(one: Letter) -> models.Letter:
    """A letter of a petition."""
    return models.Letter(
        kind=one.kind.value,
        title=one.title,
        number=one.number,
        article=one.article,
        unit=one.unit,
        at=one.at,
        paragraphs=[
            models.LetterParagraph(heading=heading, words=words)
            for heading, words in one.paragraphs
        ],
    )
