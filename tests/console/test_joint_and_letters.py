"""A joint petition on the desk: who speaks for all, and the letters on paper."""

import re
from typing import Any

import pytest

from petitions import handling
from petitions.filing import join_case, make_draft
from petitions.words import LegalRegime
from tests.console.desk_world import ELEVATOR, Browser, Desk
from tests.console.test_api import bearer

EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def joint(desk: Desk) -> list[str]:
    """The numbers of seven petitions behind one case, the case's own first."""
    first = desk.file()
    numbers = [first.number]
    for n in range(6):
        draft = make_draft(
            **{**ELEVATOR, "contact_name": f"邻居{n}"},
            resident=f"neighbour-{n}",
            channel="web",
            idempotency_key=f"join-{n}",
        )
        with desk.work() as work:
            numbers.append(join_case(work, first.case_id, draft, now=desk.now()).number)
            work.commit()
    return numbers


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="petition_numbers" value="(HY[^"]+)" checked', page))


def name(browser: Browser, number: str, chosen: list[str]) -> str:
    return browser.act(number, "name_representatives", petition_numbers=["", *chosen]).text


def test_representatives_are_ticked_seen_and_changed(desk: Desk, joint: list[str]) -> None:
    committee = desk.signed_in("committee")
    page = committee.get(f"/desk/cases/{joint[0]}").text
    assert page.count('type="checkbox" name="petition_numbers"') == 7
    assert ticked(page) == set()
    assert "<dt>代表</dt>" not in page
    page = name(committee, joint[0], joint[1:4])
    assert "代表已记录" in page
    assert ticked(page) == set(joint[1:4])
    assert page.count('<span class="mark">代表</span>') == 3
    facts = page.split("<dt>代表</dt>")[1].split("</dd>")[0]
    assert all(number in facts for number in joint[1:4])
    assert ticked(name(committee, joint[0], [joint[5]])) == {joint[5]}
    assert ticked(name(committee, joint[0], [])) == set()


def test_six_are_one_too_many_and_what_was_ticked_stays(desk: Desk, joint: list[str]) -> None:
    page = name(desk.signed_in("committee"), joint[0], joint[:6])
    assert "代表最多五名" in page
    assert ticked(page) == set(joint[:6])


def test_the_api_tells_and_names_them(desk: Desk, joint: list[str]) -> None:
    program, headers = desk.browser().client, bearer(desk, "committee")
    address = f"/api/v1/cases/{joint[0]}"

    def act(inputs: dict[str, Any]) -> int:
        path = f"{address}/actions/name_representatives"
        return program.post(path, headers=headers, json={"inputs": inputs}).status_code

    assert act({"petition_numbers": joint[:2]}) == 200
    assert act({}) == 422  # forgetting the field is not the same as naming nobody
    said = program.get(address, headers=headers).json()["petitions"]
    assert {one["number"] for one in said if one["representative"]} == set(joint[:2])


def test_a_petition_s_letters_are_printed(desk: Desk) -> None:
    receipt = desk.file(wanted=f"请尽快修好{EVIL}")
    desk.do(handling.screen_case, receipt.case_id, "committee", regime=LegalRegime.PETITION)
    desk.do(handling.dispatch_case, receipt.case_id, "committee")
    desk.do(handling.sign_for, receipt.case_id, "elevator", start=True)
    desk.do(handling.reply, receipt.case_id, "elevator", text="曳引机已经更换。")
    browser = desk.signed_in("committee")
    assert "打印信访文书" in browser.get(f"/desk/cases/{receipt.number}").text
    page = browser.get(f"/desk/cases/{receipt.number}/letters").text
    assert page.index("信访事项受理告知书") < page.index("信访事项处理意见书")
    for words in ("曳引机已经更换。", "《信访工作条例》第三十二条", "安达电梯维保公司", "30日内"):
        assert words in page
    assert "<img" not in page.split("<main")[1]


def test_a_service_has_no_letters(desk: Desk) -> None:
    receipt = desk.file()
    browser = desk.signed_in("committee")
    assert "信访文书" not in browser.get(f"/desk/cases/{receipt.number}").text
    assert "还没有" in browser.get(f"/desk/cases/{receipt.number}/letters").text
