"""Rules beside the workflow's table that can be seen from the page: no button to be refused by.

Petitions check all of them again; these only keep a form from being drawn in vain.
"""

from collections.abc import Callable
from dataclasses import dataclass

from petitions.actors import Actor
from petitions.clocks import rule_of_case, terms_of
from petitions.deadlines import ClockName
from petitions.errors import ActionNotAllowed
from petitions.organisation import Organisation
from petitions.reopening import ensure_may_reopen
from petitions.views import CasePage
from petitions.words import CaseLevel, LegalRegime


@dataclass(frozen=True, kw_only=True)
class Offer:
    """The case, the person, and the place they are in."""

    page: CasePage
    actor: Actor
    organisation: Organisation


Condition = Callable[[Offer], bool]


def always(offer: Offer) -> bool:
    """No rule beside the table."""
    return True


def is_no_report(offer: Offer) -> bool:
    """A report's regime can't be chosen: it came as one."""
    return offer.page.case.regime != LegalRegime.REPORT.value


def is_joint(offer: Offer) -> bool:
    """Several residents stand behind it."""
    return offer.page.case.supporter_count > 1


def is_merged(offer: Offer) -> bool:
    """It went into another case."""
    return offer.page.case.merged_into is not None


def may_escalate(offer: Offer) -> bool:
    """There is a level above, and it is no report."""
    return is_no_report(offer) and offer.page.case.level != CaseLevel.DISTRICT.value


def may_be_extended(offer: Offer) -> bool:
    """A rule allows it, it was not done before, and nobody asks for it already."""
    case = offer.page.case
    rule = rule_of_case(offer.organisation, terms_of(case), ClockName.EXTEND)
    return rule is not None and not case.extended and case.extension_days is None


def may_settle_extension(offer: Offer) -> bool:
    """Somebody else asks for it."""
    case = offer.page.case
    return case.extension_days is not None and case.extension_asked_by != offer.actor.id


def may_object(offer: Offer) -> bool:
    """It was not decided against before, and the time for it has not run out."""
    windows = [one for one in offer.page.clocks if one.clock is ClockName.OBJECT]
    in_time = not windows or not windows[-1].state.overdue
    return in_time and not offer.page.case.designated


def may_whistle(offer: Offer) -> bool:
    """A rule says by when units have to report in."""
    terms = terms_of(offer.page.case)
    return rule_of_case(offer.organisation, terms, ClockName.REPORT_IN) is not None


def may_reopen(offer: Offer) -> bool:
    """Neither merged nor withdrawn nor decided for good."""
    try:
        ensure_may_reopen(offer.page.case)
    except ActionNotAllowed:
        return False
    return True
