"""The table of states, checked in full: every status with every action."""

from itertools import product

import pytest

from petitions.errors import ActionNotAllowed
from petitions.workflow import (
    OPEN_STATUSES,
    REASON_REQUIRED,
    TRANSITIONS,
    CaseAction,
    CaseStatus,
    Role,
    allowed_actions,
    next_status,
)

# What each status takes, written down a second time by hand: whoever changes the table must
# change this too.
STAY = "="
ENDS = {"withdraw": "closed", "merge": "closed"}
WHILE_OPEN = dict.fromkeys(
    ["contact", "urge", "supplement", "join", "leave", "absorb", "supervise", "note"], STAY
) | dict.fromkeys(["reveal_contact", "release", "name_representatives", "escalate", "recuse"], STAY)
BEFORE_REPLY = {**ENDS, **WHILE_OPEN, "ask_supplement": STAY, "correct": STAY}
AFTER_REPLY = {
    "reroute": STAY,
    **ENDS,
    **WHILE_OPEN,
    "rate": STAY,
    "send_back": "handling",
    "follow_up": "followed_up",
    "close": "closed",
    "reopen": "reopened",
}
UNDER_REVIEW = dict.fromkeys(
    ["supplement", "note", "reveal_contact", "release", "recuse", "reroute"], STAY
)
TAKEN_BACK = {"reroute": "screened"}

EXPECTED: dict[str, dict[str, str]] = {
    "registered": {**BEFORE_REPLY, "screen": "screened", "reroute": STAY},
    "screened": {
        **BEFORE_REPLY,
        "dispatch": "dispatched",
        "close": "closed",
        "reroute": STAY,
    },
    "dispatched": {
        **BEFORE_REPLY,
        **TAKEN_BACK,
        "reassign": "dispatched",
        "sign_for": "signed_for",
        "object": "objected",
        "part_reply": STAY,
    },
    "signed_for": {
        **BEFORE_REPLY,
        **TAKEN_BACK,
        "reassign": "dispatched",
        "object": "objected",
        "start": "handling",
        "send_back": "screened",
        "part_reply": STAY,
    },
    "objected": {
        **BEFORE_REPLY,
        **TAKEN_BACK,
        "uphold_objection": "screened",
        "overrule_objection": "dispatched",
    },
    "handling": {
        **BEFORE_REPLY,
        **TAKEN_BACK,
        "reassign": "dispatched",
        "suspend": "suspended",
        "reply": "replied",
        "send_back": "screened",
        "invite_co_handler": STAY,
        "part_reply": STAY,
        "whistle": STAY,
        "report_in": STAY,
        "request_extension": STAY,
        "approve_extension": STAY,
        "refuse_extension": STAY,
    },
    "suspended": {
        **BEFORE_REPLY,
        **TAKEN_BACK,
        "resume": "handling",
        "part_reply": STAY,
        "report_in": STAY,
    },
    "replied": AFTER_REPLY,
    "followed_up": AFTER_REPLY,
    "closed": {
        "reopen": "reopened",
        "ask_review": "in_review",
        "ask_rereview": "in_rereview",
        "archive": "archived",
        "split": "reopened",
        **dict.fromkeys(["rate", "supervise", "note", "reveal_contact", "release"], STAY),
    },
    "reopened": {**BEFORE_REPLY, **TAKEN_BACK, "dispatch": "dispatched", "start": "handling"},
    "in_review": {**UNDER_REVIEW, "decide_review": "closed"},
    "in_rereview": {**UNDER_REVIEW, "decide_rereview": "closed"},
    "archived": dict.fromkeys(["rate", "reveal_contact"], STAY),
}

PRODUCT = [
    pytest.param(status, action, id=f"{status}-{action}")
    for status, action in product(CaseStatus, CaseAction)
]


@pytest.mark.parametrize(("status", "action"), PRODUCT)
def test_every_status_with_every_action(status: CaseStatus, action: CaseAction) -> None:
    expected = EXPECTED[status.value].get(action.value)
    if expected is None:
        with pytest.raises(ActionNotAllowed) as refusal:
            next_status(status, action)
        assert refusal.value.facts == {"status": status, "action": action}
    else:
        assert next_status(status, action) == (status if expected == STAY else expected)


def test_the_table_speaks_of_every_status_and_action() -> None:
    assert set(EXPECTED) == {status.value for status in CaseStatus}
    used = {action for _, action in TRANSITIONS}
    assert used == set(CaseAction) - {CaseAction.REGISTER}


def test_every_rule_has_somebody_who_may_do_it() -> None:
    assert all(rule.roles for rule in TRANSITIONS.values())


def test_curators_and_admins_do_not_touch_cases() -> None:
    outsiders = {Role.CURATOR, Role.ADMIN}
    assert not any(rule.roles & outsiders for rule in TRANSITIONS.values())


def test_every_status_can_be_reached_and_open_ones_can_end() -> None:
    reached, edge = {CaseStatus.REGISTERED}, [CaseStatus.REGISTERED]
    while edge:
        status = edge.pop()
        targets = {rule.next_status for (one, _), rule in TRANSITIONS.items() if one is status}
        edge += targets - reached
        reached |= targets
    assert reached == set(CaseStatus)
    for status in OPEN_STATUSES:
        assert next_status(status, CaseAction.WITHDRAW) is CaseStatus.CLOSED


def test_actions_offered_are_those_of_the_roles() -> None:
    offered = allowed_actions(CaseStatus.DISPATCHED, [Role.DEPARTMENT])
    assert CaseAction.SIGN_FOR in offered
    assert CaseAction.OBJECT in offered
    assert CaseAction.REASSIGN not in offered
    assert allowed_actions(CaseStatus.ARCHIVED, [Role.COMMITTEE]) == (CaseAction.REVEAL_CONTACT,)
    assert allowed_actions(CaseStatus.HANDLING, []) == ()


def test_residents_never_move_a_case_by_the_units_verbs() -> None:
    of_resident = {
        action
        for (_, action), rule in TRANSITIONS.items()
        if Role.RESIDENT in rule.roles and rule.roles != frozenset(Role)
    }
    assert of_resident == {
        CaseAction.RATE,
        CaseAction.URGE,
        CaseAction.SUPPLEMENT,
        CaseAction.JOIN,
        CaseAction.LEAVE,
        CaseAction.WITHDRAW,
        CaseAction.REOPEN,
        CaseAction.ASK_REVIEW,
        CaseAction.ASK_REREVIEW,
    }


def test_what_moves_a_case_against_somebody_needs_a_reason() -> None:
    assert {
        CaseAction.OBJECT,
        CaseAction.SEND_BACK,
        CaseAction.SUSPEND,
        CaseAction.REQUEST_EXTENSION,
        CaseAction.REOPEN,
        CaseAction.SUPERVISE,
    } <= REASON_REQUIRED
