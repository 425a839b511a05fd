"""Several units, and the pace: each verb calls one function of petitions."""

from console.errors import InvalidInput
from console.verbs.calls import VerbCall
from petitions import handling
from petitions.errors import CaseNotFound
from petitions.queries import case_by_number
from petitions.tables import Case


def invite_co_handler(call: VerbCall) -> Case:
    """请求协办."""
    return handling.invite_co_handler(
        call.work,
        call.case_id,
        **call.common,
        unit_id=call.inputs.needed("unit_id"),
        part=call.inputs.text("part"),
    )


def part_reply(call: VerbCall) -> Case:
    """协办反馈."""
    return handling.part_reply(
        call.work, call.case_id, **call.common, text=call.inputs.text("text") or ""
    )


def whistle(call: VerbCall) -> Case:
    """吹哨."""
    return handling.whistle(
        call.work,
        call.case_id,
        **call.common,
        unit_ids=call.inputs.all("unit_ids"),
        reason=call.inputs.text("reason") or "",
    )


def report_in(call: VerbCall) -> Case:
    """报到."""
    return handling.report_in(
        call.work,
        call.case_id,
        **call.common,
        text=call.inputs.text("text"),
        attachments=call.inputs.attachments,
    )


def supervise(call: VerbCall) -> Case:
    """督办."""
    return handling.supervise(
        call.work, call.case_id, **call.common, reason=call.inputs.text("reason") or ""
    )


def split(call: VerbCall) -> Case:
    """拆分."""
    return handling.split_case(
        call.work, call.case_id, **call.common, reason=call.inputs.text("reason") or ""
    )


def escalate(call: VerbCall) -> Case:
    """升级督办."""
    return handling.escalate_case(
        call.work, call.case_id, **call.common, reason=call.inputs.text("reason") or ""
    )


def recuse(call: VerbCall) -> Case:
    """回避; without a name it is oneself."""
    return handling.recuse(
        call.work,
        call.case_id,
        **call.common,
        reason=call.inputs.text("reason") or "",
        person=call.inputs.text("person"),
    )


def name_representatives(call: VerbCall) -> Case:
    """推选代表: the numbers of their petitions; none at all means that nobody speaks for all.

    Raises:
        InvalidInput: The field is missing altogether.
    """
    if "petition_numbers" not in call.inputs.words:
        raise InvalidInput(field="petition_numbers", problem="required")
    numbers = " ".join(call.inputs.all("petition_numbers")).upper().split()
    return handling.name_representatives(
        call.work, call.case_id, **call.common, petition_numbers=numbers
    )


def merge(call: VerbCall) -> Case:
    """并案; the case is named by its number, as people do."""
    number = call.inputs.needed("into").upper()
    try:
        target = case_by_number(call.work, number, actor=call.actor)
    except CaseNotFound:
        raise InvalidInput(field="into", problem="no_such_case") from None
    return handling.merge_case(
        call.work,
        call.case_id,
        **call.common,
        into_case_id=target.id or 0,
        reason=call.inputs.text("reason"),
    )


def request_extension(call: VerbCall) -> Case:
    """申请延期."""
    return handling.request_extension(
        call.work,
        call.case_id,
        **call.common,
        days=call.inputs.number("days"),
        reason=call.inputs.text("reason") or "",
    )


def approve_extension(call: VerbCall) -> Case:
    """同意延期."""
    return handling.settle_extension(
        call.work,
        call.case_id,
        **call.common,
        approved=True,
        reason=call.inputs.text("reason"),
    )


def refuse_extension(call: VerbCall) -> Case:
    """不同意延期."""
    return handling.settle_extension(
        call.work,
        call.case_id,
        **call.common,
        approved=False,
        reason=call.inputs.text("reason"),
    )


def suspend(call: VerbCall) -> Case:
    """挂起."""
    return handling.suspend(
        call.work, call.case_id, **call.common, reason=call.inputs.text("reason") or ""
    )


def resume(call: VerbCall) -> Case:
    """恢复办理."""
    return handling.resume(call.work, call.case_id, **call.common)
