"""Every verb of staff on a case, by one name.

Each takes ``(work, case_id, *, actor, now, expected_version=None, …)`` and returns the
:class:`petitions.model.Case` as it is afterwards. Each writes exactly one entry of history
(``screen_and_dispatch`` and ``sign_for(start=True)`` two), stops and starts the clocks, and
leaves the messages to send and their jobs in the caller's transaction; the caller commits.

All of them raise:
    CaseNotFound: There is no such case, or this actor may not know of it.
    NotPermitted: The actor's roles or unit don't reach to this.
    StaleCase: Something that matters happened after ``expected_version``.
    ActionNotAllowed: The status, or a rule beside the table (``because``), refuses it.
    ReasonRequired: The reason or the words are missing.
"""

from petitions.handling.annotating import (
    add_note,
    ask_supplement,
    correct_case,
    record_contact,
    repeat_reveal,
    reveal_contact,
)
from petitions.handling.closing import archive_case, close_case, reopen_case, send_back
from petitions.handling.cooperating import (
    invite_co_handler,
    part_reply,
    report_in,
    whistle,
)
from petitions.handling.dispatching import (
    dispatch_case,
    object_to_dispatch,
    reassign_case,
    screen_and_dispatch,
    screen_case,
    settle_objection,
)
from petitions.handling.joining import merge_case, name_representatives, split_case
from petitions.handling.overseeing import escalate_case, recuse, supervise
from petitions.handling.pacing import request_extension, resume, settle_extension, suspend
from petitions.handling.reviewing import ask_review, decide_review
from petitions.handling.working import reply, sign_for, start_handling

__all__ = [
    "add_note",
    "archive_case",
    "ask_review",
    "ask_supplement",
    "close_case",
    "correct_case",
    "decide_review",
    "dispatch_case",
    "escalate_case",
    "invite_co_handler",
    "merge_case",
    "name_representatives",
    "object_to_dispatch",
    "part_reply",
    "reassign_case",
    "record_contact",
    "recuse",
    "reopen_case",
    "repeat_reveal",
    "reply",
    "report_in",
    "request_extension",
    "resume",
    "reveal_contact",
    "screen_and_dispatch",
    "screen_case",
    "send_back",
    "settle_extension",
    "settle_objection",
    "sign_for",
    "split_case",
    "start_handling",
    "supervise",
    "suspend",
    "whistle",
]
