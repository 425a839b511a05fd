"""One row a verb: when it is offered, what it asks, which function of petitions it calls."""

from collections.abc import Callable
from dataclasses import dataclass

from console.verbs import annotating, cooperating, dispatching, working
from console.verbs.calls import VerbCall
from console.verbs.conditions import (
    Condition,
    always,
    is_joint,
    is_merged,
    is_no_report,
    may_be_extended,
    may_escalate,
    may_object,
    may_reopen,
    may_settle_extension,
    may_whistle,
)
from console.verbs.fields import (
    CITATIONS,
    DECISION,
    DISPATCHING,
    HELPERS,
    PHOTOS,
    REASON,
    UNIT,
    Field,
    FieldKind,
    correction_field,
    outcome_field,
    words_field,
)
from petitions.tables import Case
from petitions.workflow import CaseAction

_A = CaseAction


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One thing that can be done to a case.

    Attributes:
        name: Its place in addresses and in the word tables.
        action: What petitions call it; it is offered where they allow that action.
        when: A rule beside the workflow's table that can be seen from the page.
    """

    name: str
    action: CaseAction
    perform: Callable[[VerbCall], Case]
    fields: tuple[Field, ...] = ()
    when: Condition = always


VERBS: tuple[Verb, ...] = (
    Verb(
        name="screen_and_dispatch",
        action=_A.SCREEN,
        perform=dispatching.screen_and_dispatch,
        fields=DISPATCHING,
    ),
    Verb(
        name="screen",
        action=_A.SCREEN,
        perform=dispatching.screen,
        fields=(
            Field(
                name="regime",
                kind=FieldKind.RADIOS,
                words="regime",
                choices=("service", "petition"),
                current="regime",
            ),
            words_field("note"),
        ),
        when=is_no_report,
    ),
    Verb(name="dispatch", action=_A.DISPATCH, perform=dispatching.dispatch, fields=DISPATCHING),
    Verb(name="sign_for", action=_A.SIGN_FOR, perform=working.sign_for),
    Verb(
        name="report_in",
        action=_A.REPORT_IN,
        perform=cooperating.report_in,
        fields=(words_field("text"), PHOTOS),
    ),
    Verb(name="start", action=_A.START, perform=working.start),
    Verb(name="resume", action=_A.RESUME, perform=cooperating.resume),
    Verb(
        name="reply",
        action=_A.REPLY,
        perform=working.reply,
        fields=(
            words_field("text", needed=True),
            CITATIONS,
            outcome_field(needed=False),
            PHOTOS,
        ),
    ),
    Verb(
        name="approve_extension",
        action=_A.APPROVE_EXTENSION,
        perform=cooperating.approve_extension,
        fields=(words_field("reason"),),
        when=may_settle_extension,
    ),
    Verb(
        name="refuse_extension",
        action=_A.REFUSE_EXTENSION,
        perform=cooperating.refuse_extension,
        fields=(REASON,),
        when=may_settle_extension,
    ),
    Verb(
        name="uphold_objection",
        action=_A.UPHOLD_OBJECTION,
        perform=dispatching.uphold_objection,
        fields=(REASON,),
    ),
    Verb(
        name="overrule_objection",
        action=_A.OVERRULE_OBJECTION,
        perform=dispatching.overrule_objection,
        fields=(REASON,),
    ),
    Verb(
        name="decide_review",
        action=_A.DECIDE_REVIEW,
        perform=working.decide_review,
        fields=DECISION,
    ),
    Verb(
        name="decide_rereview",
        action=_A.DECIDE_REREVIEW,
        perform=working.decide_review,
        fields=DECISION,
    ),
    Verb(
        name="follow_up",
        action=_A.FOLLOW_UP,
        perform=working.follow_up,
        fields=(
            Field(
                name="reached",
                kind=FieldKind.RADIOS,
                needed=True,
                words="resident_words",
            ),
            Field(
                name="resolved",
                kind=FieldKind.RADIOS,
                words="resident_words",
            ),
            Field(
                name="satisfaction",
                kind=FieldKind.SELECT,
                words="satisfaction",
            ),
            words_field("text"),
        ),
    ),
    Verb(
        name="close",
        action=_A.CLOSE,
        perform=working.close,
        fields=(outcome_field(needed=True), words_field("text")),
    ),
    Verb(
        name="contact",
        action=_A.CONTACT,
        perform=working.contact,
        fields=(words_field("text"),),
    ),
    Verb(
        name="part_reply",
        action=_A.PART_REPLY,
        perform=cooperating.part_reply,
        fields=(words_field("text", needed=True),),
    ),
    Verb(
        name="send_back",
        action=_A.SEND_BACK,
        perform=working.send_back,
        fields=(REASON,),
    ),
    Verb(
        name="object",
        action=_A.OBJECT,
        perform=dispatching.object_to_dispatch,
        fields=(REASON,),
        when=may_object,
    ),
    Verb(
        name="whistle",
        action=_A.WHISTLE,
        perform=cooperating.whistle,
        fields=(
            Field(name="unit_ids", kind=FieldKind.UNITS, needed=True),
            REASON,
        ),
        when=may_whistle,
    ),
    Verb(
        name="invite_co_handler",
        action=_A.INVITE_CO_HANDLER,
        perform=cooperating.invite_co_handler,
        fields=(
            Field(name="unit_id", kind=FieldKind.UNIT, needed=True),
            words_field("part"),
        ),
    ),
    Verb(
        name="ask_supplement",
        action=_A.ASK_SUPPLEMENT,
        perform=annotating.ask_supplement,
        fields=(words_field("question", needed=True),),
    ),
    Verb(
        name="request_extension",
        action=_A.REQUEST_EXTENSION,
        perform=cooperating.request_extension,
        fields=(
            Field(name="days", kind=FieldKind.NUMBER, needed=True),
            REASON,
        ),
        when=may_be_extended,
    ),
    Verb(name="suspend", action=_A.SUSPEND, perform=cooperating.suspend, fields=(REASON,)),
    Verb(
        name="reassign",
        action=_A.REASSIGN,
        perform=dispatching.reassign,
        fields=(UNIT, HELPERS, REASON),
    ),
    Verb(
        name="merge",
        action=_A.MERGE,
        perform=cooperating.merge,
        fields=(
            Field(name="into", kind=FieldKind.LINE, needed=True),
            words_field("reason"),
        ),
    ),
    Verb(
        name="split",
        action=_A.SPLIT,
        perform=cooperating.split,
        fields=(REASON,),
        when=is_merged,
    ),
    Verb(
        name="escalate",
        action=_A.ESCALATE,
        perform=cooperating.escalate,
        fields=(REASON,),
        when=may_escalate,
    ),
    Verb(name="supervise", action=_A.SUPERVISE, perform=cooperating.supervise, fields=(REASON,)),
    Verb(
        name="reopen",
        action=_A.REOPEN,
        perform=working.reopen,
        fields=(REASON,),
        when=may_reopen,
    ),
    Verb(
        name="correct",
        action=_A.CORRECT,
        perform=annotating.correct,
        fields=(
            correction_field("title", FieldKind.LINE),
            correction_field("category_first", FieldKind.LINE),
            correction_field("category_second", FieldKind.LINE),
            correction_field("urgency", FieldKind.SELECT, "urgency"),
            correction_field("estate_id", FieldKind.SELECT, "estates"),
            correction_field("building", FieldKind.LINE),
            correction_field("grid_id", FieldKind.SELECT, "grids"),
            REASON,
        ),
    ),
    Verb(
        name="name_representatives",
        action=_A.NAME_REPRESENTATIVES,
        perform=cooperating.name_representatives,
        fields=(Field(name="petition_numbers", kind=FieldKind.SPEAKERS, needed=True),),
        when=is_joint,
    ),
    Verb(
        name="recuse",
        action=_A.RECUSE,
        perform=cooperating.recuse,
        fields=(Field(name="person", kind=FieldKind.LINE), REASON),
    ),
    Verb(name="archive", action=_A.ARCHIVE, perform=working.archive),
    Verb(
        name="note",
        action=_A.NOTE,
        perform=annotating.note,
        fields=(words_field("text"), PHOTOS),
    ),
)

UNUSED_ACTIONS: dict[CaseAction, str] = {
    _A.REVEAL_CONTACT: "a button of its own beside the masked contact",
    _A.ABSORB: "the other side of merge",
    _A.RELEASE: "the other side of split",
    _A.SUPPLEMENT: "staff write a note; residents supplement in their own words",
    _A.JOIN: "filed on behalf of a resident, which the people's log will do",
}
"""Actions that the workflow grants to staff but the verbs of the page leave out, and why."""
