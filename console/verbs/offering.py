"""Which verbs a person is offered on a case, and which of them moves it on."""

from console.verbs.conditions import Offer
from console.verbs.table import VERBS, Verb
from petitions.actors import Actor
from petitions.organisation import Organisation
from petitions.views import CasePage
from petitions.workflow import CaseStatus

_S = CaseStatus

MAIN_VERBS: dict[CaseStatus, tuple[str, ...]] = {
    _S.REGISTERED: ("screen_and_dispatch", "screen"),
    _S.SCREENED: ("dispatch",),
    _S.DISPATCHED: ("sign_for",),
    _S.SIGNED_FOR: ("start",),
    _S.OBJECTED: ("uphold_objection",),
    _S.HANDLING: ("approve_extension", "report_in", "reply", "part_reply"),
    _S.SUSPENDED: ("report_in", "resume"),
    _S.REPLIED: ("follow_up",),
    _S.FOLLOWED_UP: ("close",),
    _S.REOPENED: ("start", "dispatch"),
    _S.CLOSED: ("archive",),
    _S.IN_REVIEW: ("decide_review",),
    _S.IN_REREVIEW: ("decide_rereview",),
}
"""The verbs that move a case on from each status, the likeliest first."""

_BY_NAME = {verb.name: verb for verb in VERBS}


def find_verb(name: str) -> Verb | None:
    """The verb of a name, or None."""
    return _BY_NAME.get(name)


def offered(page: CasePage, actor: Actor, organisation: Organisation) -> tuple[Verb, ...]:
    """The verbs this person may do to this case now, the likeliest first."""
    actions = frozenset(page.actions)
    offer = Offer(page=page, actor=actor, organisation=organisation)
    return tuple(verb for verb in VERBS if verb.action in actions and verb.when(offer))


def main_verb(page: CasePage, verbs: tuple[Verb, ...]) -> Verb | None:
    """The one verb that moves the case on from where it is, or None for this person."""
    wanted = MAIN_VERBS.get(CaseStatus(page.case.status), ())
    return next((verb for name in wanted for verb in verbs if verb.name == name), None)
