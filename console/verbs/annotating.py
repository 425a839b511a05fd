"""Notes, questions and corrections: each verb calls one function of petitions."""

from typing import Any

from console.verbs.calls import VerbCall
from petitions import handling
from petitions.tables import Case

CORRECTIONS = (
    "title",
    "category_first",
    "category_second",
    "urgency",
    "estate_id",
    "building",
    "grid_id",
)


def note(call: VerbCall) -> Case:
    """内部备注."""
    return handling.add_note(
        call.work,
        call.case_id,
        **call.common,
        text=call.inputs.text("text") or "",
        attachments=call.inputs.attachments,
    )


def ask_supplement(call: VerbCall) -> Case:
    """请居民补充."""
    return handling.ask_supplement(
        call.work, call.case_id, **call.common, question=call.inputs.text("question") or ""
    )


def correct(call: VerbCall) -> Case:
    """更正信息; a field that was left as it is or emptied is not touched."""
    typed = {name: call.inputs.text(name) for name in CORRECTIONS}
    case = call.work.session.get_one(Case, call.case_id)
    changes: dict[str, Any] = {
        name: value
        for name, value in typed.items()
        if value is not None and value != getattr(case, name)
    }
    return handling.correct_case(
        call.work,
        call.case_id,
        **call.common,
        reason=call.inputs.text("reason") or "",
        **changes,
    )
