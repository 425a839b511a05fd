"""Everything the case page shows, gathered from petitions in one reading transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from console.auth import SignedIn
from console.desk.places import building_of, place_of
from console.desk.similar import similar_cases
from console.desk.timeline import Moment, moments
from console.errors import DeskError
from console.reply_templates import ReadyText, fill_in, templates_for
from console.services import ConsoleServices
from console.suggesting import suggest_reply
from console.verbs import Inputs, Verb, main_verb, offered
from knowledge.documents import Hit
from petitions.clocks import WINDOWS, ClockView
from petitions.errors import PetitionError
from petitions.history import HistoryCheck, verify_history
from petitions.organisation import Building, Grid
from petitions.ports import UnitOfWork
from petitions.queries import CasePage, case_by_number, page_of_case
from petitions.tables import Case
from petitions.workflow import CaseAction


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A verb that was refused, with what had been typed, so that nothing is lost."""

    verb: str
    inputs: Inputs
    error: DeskError | PetitionError
    expected_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """One case as one person sees it now.

    Attributes:
        main: The verb that moves the case on, for this person.
        others: The other verbs on offer.
    """

    page: CasePage
    clocks: Sequence[ClockView]
    moments: Sequence[Moment]
    history: HistoryCheck
    similar: Sequence[Case]
    main: Verb | None
    others: Sequence[Verb]
    grid: Grid | None
    building: Building | None
    place: str
    citations: Sequence[Hit] = ()
    ready_texts: Sequence[ReadyText] = ()

    @property
    def suggested_reply(self) -> str:
        """Words to begin a reply with, where this person may reply now."""
        return suggest_reply(self.page.case, self.citations) if self.offers("reply") else ""

    @property
    def may_reveal(self) -> bool:
        """Whether the contact may be looked at and there is one."""
        known = any(one.contact_name or one.contact_phone for one in self.page.petitions)
        return known and CaseAction.REVEAL_CONTACT in self.page.actions

    def since(self, version: int | None) -> Sequence[Moment]:
        """What happened after the version that somebody had before the eyes."""
        return [one for one in self.moments if version is not None and one.sequence > version]

    def offers(self, verb_name: str) -> bool:
        """Whether a verb is among those on offer."""
        verbs = (*self.others, *((self.main,) if self.main else ()))
        return any(verb.name == verb_name for verb in verbs)


def load_case_view(services: ConsoleServices, me: SignedIn, number: str) -> CaseView:
    """Gather the page.

    Raises:
        CaseNotFound: There is no such case, or this person may not know of it.
    """
    now = services.clock.now()
    with services.open_read_work() as work:
        case = case_by_number(work, number, actor=me.actor)
        page = page_of_case(work, case, actor=me.actor, now=now)
        view = _view(work, page, me, services)
    # The search works on the model, so it waits until the transaction is over.
    return replace(view, citations=_citations(services, view))


def _citations(services: ConsoleServices, view: CaseView) -> Sequence[Hit]:
    """Passages that a reply may rest on, where this person may reply now."""
    if services.texts is None or not view.offers("reply"):
        return ()
    case = view.page.case
    return services.texts.suggest(f"{case.title} {case.summary}")


def _view(
    work: UnitOfWork,
    page: CasePage,
    me: SignedIn,
    services: ConsoleServices,
) -> CaseView:
    now, case = services.clock.now(), page.case
    verbs = offered(page, me.actor, work.organisation)
    replies = any(verb.name == "reply" for verb in verbs)
    main = main_verb(page, verbs)
    return CaseView(
        page=page,
        clocks=sorted_clocks(page.clocks),
        moments=moments(page.timeline, work.organisation),
        history=verify_history(work, case.id or 0, page.timeline),
        similar=similar_cases(work, case, actor=me.actor, now=now),
        main=main,
        others=tuple(verb for verb in verbs if verb is not main),
        grid=work.organisation.grid(case.grid_id),
        building=building_of(work.organisation, case),
        place=place_of(work.organisation, case),
        ready_texts=_ready_texts(work, case) if replies else (),
    )


def _ready_texts(work: UnitOfWork, case: Case) -> tuple[ReadyText, ...]:
    place = place_of(work.organisation, case)
    unit = work.organisation.unit_name(case.lead_unit)
    templates = templates_for(work.session, case.community_id)
    return tuple(fill_in(one, case, place=place, unit=unit) for one in templates)


def sorted_clocks(clocks: Sequence[ClockView]) -> list[ClockView]:
    """Running duties first, by what ends first; then windows, then what has stopped."""
    return sorted(clocks, key=_clock_order)


def _clock_order(view: ClockView) -> tuple[bool, bool, float]:
    state = view.state
    return state.stopped, view.clock in WINDOWS, state.due_at.timestamp()
