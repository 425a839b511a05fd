"""Which action tells whom what: two tables, for residents and for units. Keys, never words."""

from dataclasses import dataclass
from enum import StrEnum

from petitions.workflow import CaseAction

_A = CaseAction


class Audience(StrEnum):
    """Which units are told."""

    LEAD = "lead"
    COMMITTEE = "committee"
    LEAD_OR_COMMITTEE = "lead_or_committee"
    BOTH = "both"
    NAMED = "named"
    SUBDISTRICT = "subdistrict"
    OVERSEERS = "overseers"


@dataclass(frozen=True, kw_only=True)
class UnitNotice:
    """What units are told of an action, and which ones."""

    key: str
    audience: Audience


RESIDENT_NOTICES: dict[CaseAction, str] = {
    _A.SCREEN: "case_screened",
    _A.DISPATCH: "case_dispatched",
    _A.REASSIGN: "case_reassigned",
    _A.SIGN_FOR: "case_signed_for",
    _A.SUSPEND: "case_suspended",
    _A.RESUME: "case_resumed",
    _A.APPROVE_EXTENSION: "case_extended",
    _A.ASK_SUPPLEMENT: "case_supplement_asked",
    _A.REPLY: "case_replied",
    _A.FOLLOW_UP: "case_followed_up",
    _A.CLOSE: "case_closed",
    _A.REOPEN: "case_reopened",
    _A.SPLIT: "case_split",
    _A.SUPERVISE: "case_supervised",
    _A.ESCALATE: "case_escalated",
    _A.MERGE: "case_merged",
    _A.DECIDE_REVIEW: "case_review_decided",
    _A.DECIDE_REREVIEW: "case_rereview_decided",
}
"""Told to everybody who stands behind the case, but for the one who acted."""

UNIT_NOTICES: dict[CaseAction, UnitNotice] = {
    _A.REGISTER: UnitNotice(key="unit_new_case", audience=Audience.COMMITTEE),
    _A.DISPATCH: UnitNotice(key="unit_case_dispatched", audience=Audience.LEAD),
    _A.REASSIGN: UnitNotice(key="unit_case_dispatched", audience=Audience.LEAD),
    _A.OBJECT: UnitNotice(key="unit_objected", audience=Audience.COMMITTEE),
    _A.UPHOLD_OBJECTION: UnitNotice(key="unit_objection_upheld", audience=Audience.NAMED),
    _A.OVERRULE_OBJECTION: UnitNotice(key="unit_objection_overruled", audience=Audience.LEAD),
    _A.SEND_BACK: UnitNotice(key="unit_sent_back", audience=Audience.BOTH),
    _A.INVITE_CO_HANDLER: UnitNotice(key="unit_co_handling", audience=Audience.NAMED),
    _A.PART_REPLY: UnitNotice(key="unit_part_reply", audience=Audience.LEAD),
    _A.WHISTLE: UnitNotice(key="unit_whistled", audience=Audience.NAMED),
    _A.REPORT_IN: UnitNotice(key="unit_reported_in", audience=Audience.BOTH),
    _A.REQUEST_EXTENSION: UnitNotice(key="unit_extension_asked", audience=Audience.COMMITTEE),
    _A.APPROVE_EXTENSION: UnitNotice(key="unit_extension_approved", audience=Audience.LEAD),
    _A.REFUSE_EXTENSION: UnitNotice(key="unit_extension_refused", audience=Audience.LEAD),
    _A.REPLY: UnitNotice(key="unit_replied", audience=Audience.COMMITTEE),
    _A.CLOSE: UnitNotice(key="unit_closed", audience=Audience.LEAD),
    _A.REOPEN: UnitNotice(key="unit_reopened", audience=Audience.BOTH),
    _A.URGE: UnitNotice(key="unit_urged", audience=Audience.LEAD_OR_COMMITTEE),
    _A.SUPPLEMENT: UnitNotice(key="unit_supplemented", audience=Audience.BOTH),
    _A.SUPERVISE: UnitNotice(key="unit_supervised", audience=Audience.BOTH),
    _A.ESCALATE: UnitNotice(key="unit_escalated", audience=Audience.OVERSEERS),
    _A.SPLIT: UnitNotice(key="unit_split", audience=Audience.BOTH),
    _A.REROUTE: UnitNotice(key="unit_rerouted", audience=Audience.COMMITTEE),
    _A.WITHDRAW: UnitNotice(key="unit_withdrawn", audience=Audience.BOTH),
    _A.ASK_REVIEW: UnitNotice(key="unit_review_asked", audience=Audience.SUBDISTRICT),
    _A.ASK_REREVIEW: UnitNotice(key="unit_review_asked", audience=Audience.SUBDISTRICT),
}
CO_HANDLING_KEY = "unit_co_handling"

TEXT_FOR_RESIDENT = frozenset(
    {
        _A.REPLY,
        _A.CLOSE,
        _A.SUSPEND,
        _A.APPROVE_EXTENSION,
        _A.ASK_SUPPLEMENT,
        _A.DECIDE_REVIEW,
        _A.DECIDE_REREVIEW,
    }
)
"""Actions whose words are meant for the resident; other words stay among staff."""

STEPS_FOR_RESIDENT = frozenset(RESIDENT_NOTICES) | {
    _A.REGISTER,
    _A.START,
    _A.CONTACT,
    _A.OBJECT,
    _A.SEND_BACK,
    _A.URGE,
    _A.SUPPLEMENT,
    _A.JOIN,
    _A.LEAVE,
    _A.RATE,
    _A.WITHDRAW,
    _A.ASK_REVIEW,
    _A.ASK_REREVIEW,
    _A.ARCHIVE,
}
"""Steps that residents see on their timeline."""
