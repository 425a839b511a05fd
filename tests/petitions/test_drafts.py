"""What comes in is checked before it touches a table."""

import pytest

from petitions.errors import (
    InvalidDraft,
)
from petitions.filing import (
    make_draft,
)


class TestDrafts:
    @pytest.mark.parametrize("matter", ["", "   ", "\n\t ", "\x00"])
    def test_blank_matters_are_refused(self, matter: str) -> None:
        with pytest.raises(InvalidDraft) as refusal:
            make_draft(matter=matter, resident="r", channel="web", idempotency_key="k")
        assert refusal.value.facts == {"field": "matter", "problem": "string_too_short"}

    def test_ten_thousand_characters_are_welcome(self) -> None:
        draft = make_draft(matter="电" * 10_000, resident="r", channel="web", idempotency_key="k")
        assert len(draft.matter) == 10_000

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("matter", "长" * 20_001),
            ("title", "长" * 201),
            ("urgency", "soon"),
            ("kind", "gossip"),
            ("nickname", "x"),
        ],
    )
    def test_what_does_not_fit_is_named(self, field: str, value: str) -> None:
        usual = {"matter": "电梯坏了", "resident": "r", "channel": "web", "idempotency_key": "k"}
        with pytest.raises(InvalidDraft) as refusal:
            make_draft(**{**usual, field: value})
        assert refusal.value.facts["field"] == field

    def test_a_problem_of_any_sort_is_a_call_for_help(self) -> None:
        draft = make_draft(
            matter="电梯坏了", kind="report", resident="r", channel="web", idempotency_key="k"
        )
        assert draft.kind == "help"
