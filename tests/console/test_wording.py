"""Every key has its words, and every error its sentence."""

import inspect

import pytest

from console import errors as desk_errors
from console.audit import AuditAction
from console.desk.knowledge import standing_of  # noqa: F401 - named by wording.desk.STANDING
from console.permissions import STAFF_ROLES
from console.problems import key_of, sentence_of, status_of
from console.wording import cases, desk
from console.wording.problems import PROBLEM, sentence_for
from knowledge import errors as knowledge_errors
from knowledge.answering import NoAnswerReason
from petitions import errors as petition_errors
from petitions.deadlines import ClockName
from petitions.notices import UNIT_NOTICES
from petitions.reminders import OVERDUE_KEY, WARNING_KEY
from petitions.words import LegalRegime, PetitionKind, Satisfaction, Urgency
from petitions.workflow import Outcome


def kinds(module: object) -> list[type[Exception]]:
    return [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception)
    ]


EVERY_ERROR = [
    *(kind(case_id=1, field="text") for kind in kinds(desk_errors)),
    *(kind(case_id=1, because="merged") for kind in kinds(petition_errors)),
    knowledge_errors.UnreadableFile("a.md", "是空的"),
    knowledge_errors.UnknownVersion(1),
    knowledge_errors.UnknownQuestion(1),
    knowledge_errors.VersionNotAllowed(1, "draft", "lapse"),
    knowledge_errors.WrongVectors(),
]


@pytest.mark.parametrize("error", EVERY_ERROR, ids=lambda error: type(error).__name__)
def test_every_error_has_a_status_and_a_sentence(error: Exception) -> None:
    assert 400 <= status_of(error) < 600
    assert status_of(error) != 500
    sentence = sentence_of(error)
    assert "{" not in sentence
    if type(error) not in (desk_errors.DeskError, petition_errors.PetitionError):
        assert sentence != PROBLEM["http_500"], key_of(error)


def test_an_unknown_key_still_says_something() -> None:
    assert sentence_for("never heard of", {}) == PROBLEM["http_500"]


def test_no_sentence_shouts() -> None:
    for table in (PROBLEM, cases.DONE, cases.HINT, desk.NOTICE):
        assert not [words for words in table.values() if "！" in words or "!" in words]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (cases.OUTCOME, Outcome),
        (cases.URGENCY, Urgency),
        (cases.KIND, PetitionKind),
        (cases.REGIME, LegalRegime),
        (cases.CLOCK, ClockName),
        (desk.AUDIT, AuditAction),
        (desk.NO_ANSWER, NoAnswerReason),
    ],
)
def test_a_table_holds_exactly_the_words_there_are(table: dict[str, str], words: type) -> None:
    assert set(table) == {word.value for word in words}  # type: ignore[attr-defined]


def test_roles_levels_and_notices_have_words() -> None:
    assert {role.value for role in STAFF_ROLES} == set(desk.ROLE_HINT)
    assert {str(level.value) for level in Satisfaction} == set(cases.SATISFACTION)
    keys = {notice.key for notice in UNIT_NOTICES.values()}
    assert keys | {WARNING_KEY, OVERDUE_KEY, "unit_co_handling"} == set(desk.NOTICE)
