"""Screening, dispatch and objection: each verb calls one function of petitions."""

from console.verbs.calls import VerbCall
from petitions import handling
from petitions.tables import Case
from petitions.words import LegalRegime


def screen(call: VerbCall) -> Case:
    """甄别."""
    return handling.screen_case(
        call.work,
        call.case_id,
        **call.common,
        regime=call.inputs.word("regime", LegalRegime),
        note=call.inputs.text("note"),
    )


def screen_and_dispatch(call: VerbCall) -> Case:
    """甄别并分拨."""
    return handling.screen_and_dispatch(
        call.work,
        call.case_id,
        **call.common,
        unit_id=call.inputs.needed("unit_id"),
        co_handlers=call.inputs.all("co_handlers"),
        reason=call.inputs.text("reason"),
    )


def dispatch(call: VerbCall) -> Case:
    """分拨."""
    return handling.dispatch_case(
        call.work,
        call.case_id,
        **call.common,
        unit_id=call.inputs.needed("unit_id"),
        co_handlers=call.inputs.all("co_handlers"),
        reason=call.inputs.text("reason"),
    )


def reassign(call: VerbCall) -> Case:
    """改派."""
    return handling.reassign_case(
        call.work,
        call.case_id,
        **call.common,
        unit_id=call.inputs.needed("unit_id"),
        reason=call.inputs.text("reason") or "",
        co_handlers=call.inputs.all("co_handlers"),
    )


def object_to_dispatch(call: VerbCall) -> Case:
    """提出异议."""
    return handling.object_to_dispatch(
        call.work, call.case_id, **call.common, reason=call.inputs.text("reason") or ""
    )


def uphold_objection(call: VerbCall) -> Case:
    """同意异议."""
    return _settle_objection(call, upheld=True)


def overrule_objection(call: VerbCall) -> Case:
    """驳回异议."""
    return _settle_objection(call, upheld=False)


def _settle_objection(call: VerbCall, *, upheld: bool) -> Case:
    return handling.settle_objection(
        call.work,
        call.case_id,
        **call.common,
        upheld=upheld,
        reason=call.inputs.text("reason") or "",
    )
