"""The road from signing for to the archive: each verb calls one function of petitions."""

from console.verbs.calls import VerbCall
from petitions import handling
from petitions.follow_up import follow_up_case
from petitions.tables import Case
from petitions.workflow import Outcome


def sign_for(call: VerbCall) -> Case:
    """签收."""
    return handling.sign_for(call.work, call.case_id, **call.common)


def start(call: VerbCall) -> Case:
    """开始办理."""
    return handling.start_handling(call.work, call.case_id, **call.common)


def contact(call: VerbCall) -> Case:
    """记录联系."""
    return handling.record_contact(
        call.work, call.case_id, **call.common, text=call.inputs.text("text")
    )


def reply(call: VerbCall) -> Case:
    """答复."""
    return handling.reply(
        call.work,
        call.case_id,
        **call.common,
        text=call.inputs.text("text") or "",
        outcome=call.inputs.word("outcome", Outcome),
        citations=call.inputs.all("citations"),
        attachments=call.inputs.attachments,
    )


def send_back(call: VerbCall) -> Case:
    """退回."""
    return handling.send_back(
        call.work, call.case_id, **call.common, reason=call.inputs.text("reason") or ""
    )


def follow_up(call: VerbCall) -> Case:
    """回访."""
    return follow_up_case(
        call.work,
        call.case_id,
        **call.common,
        reached=call.inputs.needed_yes_or_no("reached"),
        resolved=call.inputs.yes_or_no("resolved"),
        satisfaction=call.inputs.satisfaction("satisfaction"),
        words=call.inputs.text("text"),
    )


def close(call: VerbCall) -> Case:
    """办结."""
    return handling.close_case(
        call.work,
        call.case_id,
        **call.common,
        outcome=call.inputs.needed_word("outcome", Outcome),
        text=call.inputs.text("text"),
    )


def reopen(call: VerbCall) -> Case:
    """重办."""
    return handling.reopen_case(
        call.work, call.case_id, **call.common, reason=call.inputs.text("reason") or ""
    )


def archive(call: VerbCall) -> Case:
    """归档."""
    return handling.archive_case(call.work, call.case_id, **call.common)


def decide_review(call: VerbCall) -> Case:
    """复查、复核决定."""
    return handling.decide_review(
        call.work,
        call.case_id,
        **call.common,
        upheld=call.inputs.needed_yes_or_no("upheld"),
        reason=call.inputs.text("reason") or "",
    )
