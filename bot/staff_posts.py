"""What the staff group is told of a case: which events, and the words as the case stands now."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlmodel import col, select

from bot.dialogue.wording.moments import written_moment
from bot.dialogue.wording.staff import EVENTS, SENTENCES, STATES, VERBS, VIEW
from bot.messages import Choice, Link, OutgoingMessage
from bot.tables import ChatStaffPost
from petitions.facets import Notification, Whistle
from petitions.notifications import shielded_units
from petitions.ports import UnitOfWork
from petitions.reminders import OVERDUE_KEY
from petitions.tables import Case
from petitions.words import LegalRegime, Urgency
from petitions.workflow import CaseStatus

PAYLOAD = "desk"
"""Begins the payload of a button of the group: «desk:sign_for:HY20261122-0007:3».

The last part is the case's version as shown: two taps on one button are one wish, and the same
button after a case came back is another.
"""
MAY_BE_OLD = timedelta(days=14)
"""Older messages have scrolled away: they are not shown anew."""
PRESSING = frozenset({Urgency.EMERGENCY.value, Urgency.UTILITY.value})
WHISTLED = "unit_whistled"


def _is_pressing(notification: Notification) -> bool:
    return notification.fields.get("urgency") in PRESSING


def _always(notification: Notification) -> bool:
    return True


EVENTS_TOLD: Mapping[str, Callable[[Notification], bool]] = {
    "unit_new_case": _is_pressing,
    "unit_case_dispatched": _is_pressing,
    WHISTLED: _always,
    OVERDUE_KEY: _always,
}
"""Which notices of units are told in the group, and when."""


def post_message(
    work: UnitOfWork, post: ChatStaffPost, case: Case, desk_address: str
) -> OutgoingMessage | None:
    """The message of ``post`` as the case stands now; None for what the group must not learn."""
    if case.regime == LegalRegime.REPORT.value or shielded_units(work, case):
        return None
    called = _called(work, case) if post.event == WHISTLED else ()
    lines = (
        f"【{_event(post, case)}】{case.number} · {_matter(case)}",
        _place(work, case),
        _state(work, case, called),
    )
    return OutgoingMessage(
        text="\n".join(line for line in lines if line),
        key="staff.post",
        choices=_buttons(case, bool(called)),
        link=Link(url=desk_address, label=VIEW),
        slot=f"staff:{post.id}",
        urgent=True,
    )


def _event(post: ChatStaffPost, case: Case) -> str:
    return EVENTS.get(post.event) or EVENTS.get(case.urgency) or EVENTS["utility"]


def _matter(case: Case) -> str:
    """Its class and the number to call; the title is made of a resident's words."""
    call = case.emergency_service
    words = [case.category_second or case.category_first or "", call and _say("call", service=call)]
    return " · ".join(word for word in words if word) or "未分类"


def _place(work: UnitOfWork, case: Case) -> str:
    """Community and estate; less of a confidential case, where a place may give somebody away."""
    community = work.organisation.community(case.community_id)
    estate = None if case.confidential else work.organisation.estate(case.estate_id)
    return " · ".join(one.name for one in (community, estate) if one)


def _state(work: UnitOfWork, case: Case, called: tuple[str, ...]) -> str:
    unit = work.organisation.unit_name(case.lead_unit)
    words = [STATES[case.status].format(unit=unit)]
    if called:
        names = "、".join(work.organisation.unit_name(one) for one in called)
        words.append(_say("waiting_for", units=names))
    if case.next_due_at and case.status not in (CaseStatus.CLOSED, CaseStatus.ARCHIVED):
        words.append(_say("due", moment=written_moment(case.next_due_at)))
    return "；".join(words)


def _called(work: UnitOfWork, case: Case) -> tuple[str, ...]:
    """Units that were called to the spot and have not reported in."""
    query = (
        select(Whistle.unit_id)
        .where(Whistle.case_id == case.id, col(Whistle.reported_in_at).is_(None))
        .order_by(col(Whistle.id))
    )
    return tuple(dict.fromkeys(work.session.exec(query)))


def _buttons(case: Case, is_called: bool) -> tuple[Choice, ...]:
    verbs = (
        ("sign_for", case.status == CaseStatus.DISPATCHED.value),
        ("report_in", is_called),
    )
    return tuple(
        Choice(payload=f"{PAYLOAD}:{verb}:{case.number}:{case.version}", label=VERBS[verb])
        for verb, offered in verbs
        if offered
    )


def _say(key: str, **words: str) -> str:
    return SENTENCES[key].format(**words)
