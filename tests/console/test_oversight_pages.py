"""The supervisor's closer look: exclusions by two persons, hot issues, odd closings, calls."""

import re
from collections.abc import Callable

from petitions import handling
from petitions.hot_watch import find_live_issues, replace_hot_issues
from petitions.tables import Case
from tests.console.desk_world import Desk, QueryCount

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
PAGES = ("adjusted", "hot", "signs", "calls")


def in_work(desk: Desk, **values: str) -> str:
    receipt = desk.file(**values)
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee", unit_id="anda-elevator")
    desk.do(handling.sign_for, receipt.case_id, "elevator", start=True)
    return receipt.number


def replied(desk: Desk, **values: str) -> str:
    number = in_work(desk, **values)
    case_id = desk.case(number).id or 0
    desk.do(handling.reply, case_id, "elevator", text="电梯已修好。")
    return number


def search_hot_issues(desk: Desk) -> None:
    with desk.work() as work:
        replace_hot_issues(work, find_live_issues(work, now=desk.now()))
        work.commit()


def test_two_persons_leave_a_case_out_of_the_adjusted_rates(desk: Desk) -> None:
    number = replied(desk)
    committee, supervisor = desk.signed_in("committee"), desk.signed_in("supervisor")
    asked = committee.post("/desk/supervision/exclusions", number=number, reason="没有法律依据")
    assert "已申请" in asked.text
    assert "等另一个人审批" in asked.text
    assert 'name="approved"' not in asked.text
    own = committee.post(f"/desk/supervision/exclusions/{number}/settle", approved="1")
    assert own.status_code == 409
    assert "不能审批自己的申请" in own.text
    page = supervisor.get("/desk/supervision/adjusted").text
    assert "没有法律依据" in page
    assert "1 件待审批" in page
    done = supervisor.post(f"/desk/supervision/exclusions/{number}/settle", approved="1")
    assert "已同意" in done.text
    cells = re.findall(r'data-label="立案">(\d+)<', done.text)
    assert cells == ["1", "0"]
    again = supervisor.post(f"/desk/supervision/exclusions/{number}/settle", approved="0")
    assert again.status_code == 409
    assert "已经有人审批过" in again.text


def test_what_cannot_be_asked_is_told_beside_its_field(desk: Desk) -> None:
    number = replied(desk)
    browser = desk.signed_in("committee")
    unknown = browser.post("/desk/supervision/exclusions", number="HY1", reason="理由在此")
    assert unknown.status_code == 404
    assert 'id="number-error"' in unknown.text
    assert "理由在此" in unknown.text
    empty = browser.post("/desk/supervision/exclusions", number=number)
    assert 'id="reason-error"' in empty.text


def test_a_case_of_another_community_is_out_of_reach(desk: Desk) -> None:
    number = replied(desk)
    other = desk.signed_in("shuyuan")
    assert other.post("/desk/supervision/exclusions", number=number, reason="x").status_code == 404
    address = f"/desk/supervision/exclusions/{number}/settle"
    assert other.post(address, approved="1").status_code == 404
    search_hot_issues(desk)
    for page in PAGES:
        assert number not in other.get(f"/desk/supervision/{page}").text


def test_hot_issues_show_the_words_behind_them(desk: Desk) -> None:
    numbers = [in_work(desk, resident=one) for one in ("one", "two", "three")]
    search_hot_issues(desk)
    page = desk.signed_in("supervisor").get("/desk/supervision/hot").text
    assert "3 件工单，3 位居民" in page
    assert page.count("电梯坏了三天，老人下不了楼</p>") == 3
    assert all(f"/desk/cases/{number}" in page for number in numbers)


def test_what_became_confidential_is_no_longer_shown(desk: Desk) -> None:
    numbers = [in_work(desk, resident=one) for one in ("one", "two", "three")]
    search_hot_issues(desk)
    with desk.session() as session:
        case = session.get(Case, desk.case(numbers[0]).id)
        assert case
        case.confidential = True
        session.add(case)
        session.commit()
    page = desk.signed_in("supervisor").get("/desk/supervision/hot").text
    assert page.count("电梯坏了三天，老人下不了楼</p>") == 2


def test_signs_and_calls_lead_to_their_cases(desk: Desk) -> None:
    number = replied(desk)
    browser = desk.signed_in("supervisor")
    signs = browser.get("/desk/supervision/signs").text
    assert f"/desk/cases/{number}" in signs
    assert "没有联系居民的记录" in signs
    assert "没有等着回访的居民" in browser.get("/desk/supervision/calls").text
    desk.later(days=20)
    browser = desk.signed_in("supervisor")
    assert f"/desk/cases/{number}" in browser.get("/desk/supervision/calls").text


def test_nothing_of_it_is_shown_as_it_was_typed(desk: Desk) -> None:
    number = replied(desk, resident="one", matter=EVIL, title=EVIL)
    for resident in ("two", "three"):
        in_work(desk, resident=resident, matter=EVIL, title=EVIL)
    search_hot_issues(desk)
    browser = desk.signed_in("supervisor")
    browser.post("/desk/supervision/exclusions", number=number, reason=EVIL)
    desk.later(days=20)
    browser = desk.signed_in("supervisor")
    for page in PAGES:
        text = browser.get(f"/desk/supervision/{page}?since={EVIL}&done={EVIL}").text
        assert "<script>" not in text
        assert "<img" not in text.split("<main")[1]


def test_no_page_asks_the_database_more_than_twelve_times(
    desk: Desk, count_queries: Callable[[], QueryCount]
) -> None:
    numbers = [replied(desk, resident=one) for one in ("one", "two", "three")]
    search_hot_issues(desk)
    browser = desk.signed_in("supervisor")
    for number in numbers:
        browser.post("/desk/supervision/exclusions", number=number, reason="重复")
    for page in PAGES:
        with count_queries() as asked:
            assert browser.get(f"/desk/supervision/{page}").status_code == 200
        assert len(asked) <= 12, (page, asked.statements)
