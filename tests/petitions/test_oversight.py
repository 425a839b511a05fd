"""Oversight: adjusted rates by two persons, signs of fake closing, calls to make, hot issues."""

from datetime import timedelta

import pytest

from petitions import handling
from petitions.closing_signs import ClosingSign, calls_to_make, odd_closings
from petitions.drafts import AttachmentRef
from petitions.errors import ActionNotAllowed, CaseNotFound, ReasonRequired
from petitions.exclusions import ask_exclusion, exclusion_of, rates_both_ways, settle_exclusion
from petitions.follow_up import follow_up_case, rate_case
from petitions.hot_watch import find_live_issues, hot_issues_for, replace_hot_issues
from petitions.model import Satisfaction
from tests.petitions.conftest import MONDAY_NINE, World

LONG = timedelta(days=60)
PERIOD = {"since": MONDAY_NINE - LONG, "until": MONDAY_NINE + LONG}


def rated(world: World, level: Satisfaction, resident: str) -> int:
    receipt = world.file(resident=resident)
    world.do(handling.screen_and_dispatch, receipt.case_id, actor=world.committee)
    world.do(handling.sign_for, receipt.case_id, actor=world.elevator, start=True)
    world.do(handling.reply, receipt.case_id, actor=world.elevator, text="电梯已修好。")
    world.do(rate_case, receipt.number, resident=resident, result=level, resolved=level > 2)
    return receipt.case_id


def test_a_case_is_left_out_only_when_a_second_person_agrees(world: World) -> None:
    rated(world, Satisfaction.SATISFIED, "one")
    bad = rated(world, Satisfaction.DISSATISFIED, "two")
    with pytest.raises(ReasonRequired):
        world.do(ask_exclusion, bad, actor=world.committee, reason=" ")
    world.do(ask_exclusion, bad, actor=world.committee, reason="要求办理的事项没有法律依据")
    with pytest.raises(ActionNotAllowed) as refused:
        world.do(settle_exclusion, bad, actor=world.committee, approved=True)
    assert refused.value.facts["because"] == "same_person"
    before = world.look(rates_both_ways, actor=world.supervisor, **PERIOD)
    assert (before.waiting, before.raw.satisfaction, before.left_out) == (
        1,
        before.adjusted.satisfaction,
        (),
    )
    world.do(settle_exclusion, bad, actor=world.supervisor, approved=True)
    after = world.look(rates_both_ways, actor=world.supervisor, **PERIOD)
    assert (after.raw.satisfaction.met, after.raw.satisfaction.n) == (1, 2)
    assert (after.adjusted.satisfaction.met, after.adjusted.satisfaction.n) == (1, 1)
    assert [row.reason for row in after.left_out] == ["要求办理的事项没有法律依据"]
    told = [e.facts["exclusion"] for e in world.entries(bad) if "exclusion" in e.facts]
    assert told == ["asked", "approved"]
    with pytest.raises(ActionNotAllowed):
        world.do(settle_exclusion, bad, actor=world.supervisor, approved=False)


def test_a_refused_exclusion_counts_and_others_do_not_see_it(world: World) -> None:
    bad = rated(world, Satisfaction.DISSATISFIED, "two")
    world.do(ask_exclusion, bad, actor=world.committee, reason="重复反映")
    world.do(settle_exclusion, bad, actor=world.supervisor, approved=False)
    rates = world.look(rates_both_ways, actor=world.supervisor, **PERIOD)
    assert rates.adjusted.satisfaction.n == 1
    with pytest.raises(CaseNotFound):
        world.look(exclusion_of, bad, actor=world.police)


def test_signs_of_fake_closing_are_listed(world: World) -> None:
    plain = world.replied(resident="one")
    good = world.in_handling(resident="two")
    world.do(handling.record_contact, good, actor=world.elevator)
    photo = AttachmentRef(kind="photo", ref="photo-1")
    world.do(handling.reply, good, actor=world.elevator, text="已修好。", attachments=[photo])
    found = {o.case.id: o.signs for o in world.look(odd_closings, actor=world.supervisor, **PERIOD)}
    assert found == {plain: (ClosingSign.NO_CONTACT, ClosingSign.NO_EVIDENCE)}
    assert world.look(odd_closings, actor=world.police, **PERIOD) == ()


def test_a_reply_in_the_last_minutes_and_a_second_round_are_signs(world: World) -> None:
    case_id = world.in_handling(resident="one")
    due = world.case(case_id).due_at
    assert due is not None
    world.now = due - timedelta(minutes=5)
    world.do(handling.reply, case_id, actor=world.elevator, text="已修好。")
    (odd,) = world.look(odd_closings, actor=world.supervisor, **PERIOD)
    assert ClosingSign.LAST_MINUTES in odd.signs
    world.do(handling.reopen_case, case_id, actor=world.committee, reason="没有修好")
    (odd,) = world.look(odd_closings, actor=world.supervisor, **PERIOD)
    assert ClosingSign.REOPENED in odd.signs


def test_calls_are_to_be_made_when_the_promise_ends(world: World) -> None:
    case_id = world.replied()
    assert world.look(calls_to_make, actor=world.committee, now=world.now) == []
    world.later(days=40)
    (case,) = world.look(calls_to_make, actor=world.committee, now=world.now)
    assert case.id == case_id
    assert world.look(calls_to_make, actor=world.other_committee, now=world.now) == []
    world.do(follow_up_case, case_id, actor=world.committee, reached=False)
    assert len(world.look(calls_to_make, actor=world.committee, now=world.now)) == 1
    world.do(follow_up_case, case_id, actor=world.committee, reached=True, resolved=True)
    assert world.look(calls_to_make, actor=world.committee, now=world.now) == []


def test_live_hot_issues_are_shown_as_far_as_the_cases_are(world: World) -> None:
    first, second = (world.file(resident=name) for name in ("one", "two"))
    world.file(resident="three", confidential=True)
    world.file(resident="four", matter="翠湖苑5栋楼道灯不亮", estate="翠湖苑", building="5栋")
    for _ in range(2):  # a second search replaces the first
        rows = world.look(find_live_issues, now=world.now)
        world.do(_replace, rows)
    (issue,) = world.look(hot_issues_for, actor=world.committee)
    assert issue.case_numbers == (first.case_number, second.case_number)
    assert issue.place == "锦绣家园"
    assert world.look(hot_issues_for, actor=world.police) == ()


def _replace(work: object, rows: object, *, now: object) -> None:
    replace_hot_issues(work, rows)  # type: ignore[arg-type]


def test_reports_take_no_part_in_hot_issues(world: World) -> None:
    for name in ("one", "two"):
        world.file(
            resident=name,
            kind="report_misconduct",
            matter="举报锦程物业的工作人员收钱不办事，锦绣家园3栋电梯坏了没人管",
        )
    assert world.look(find_live_issues, now=world.now) == ()
