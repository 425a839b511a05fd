"""The administrator changes the organisation at the desk: it holds at once, and is kept."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from httpx import Response

from petitions import handling
from petitions.clocks import clocks_of
from petitions.kept_organisation import KeptOrganisation
from tests.console.desk_world import Browser, Desk, QueryCount

EDIT = "/desk/organisation/edit"
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
UNIT = {
    "name": "安达电梯维保公司",
    "short_name": "安达电梯",
    "kind": "elevator",
    "level": "community",
    "aliases": "安达、电梯公司",
    "phone": "0000-55500541",
}


@pytest.fixture
def admin(desk: Desk) -> Browser:
    return desk.signed_in("admin")


def seen_of(page: Response) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{16})"', page.text)
    assert found
    return found[1]


def save(browser: Browser, thing: str, **words: Any) -> Response:
    """Open the form of a thing and send it."""
    seen = seen_of(browser.get(f"{EDIT}/{thing}"))
    return browser.post(f"{EDIT}/{thing}", seen=seen, **words)


def test_a_unit_is_renamed_and_the_change_is_shown(desk: Desk, admin: Browser) -> None:
    done = save(admin, "units/anda-elevator", **{**UNIT, "name": "平安电梯公司"}, note="公司改名了")
    assert "已保存" in done.text
    assert "平安电梯公司" in done.text
    assert desk.organisation.unit("anda-elevator").name == "平安电梯公司"
    history = desk.signed_in("committee").get("/desk/organisation/history").text
    assert "公司改名了" in history
    assert "安达电梯维保公司 → 平安电梯公司" in history
    assert "修改组织" in admin.get("/desk/audit").text


def test_another_process_takes_it_up_and_changed_files_hold_again(
    desk: Desk, admin: Browser, organisation: Any
) -> None:
    other = KeptOrganisation(organisation, desk.session)
    assert other.current() == organisation
    save(admin, "units/anda-elevator", **{**UNIT, "name": "平安电梯公司"})
    other.refresh()
    assert other.current().unit("anda-elevator").name == "平安电梯公司"
    assert KeptOrganisation(organisation, desk.session).current() == other.current()
    files = replace(organisation, city="新城市")
    assert KeptOrganisation(files, desk.session).current() == files


@pytest.mark.parametrize(
    ("kind", "words", "shown_at"),
    [
        (
            "units",
            {"name": "新城物业", "kind": "property", "level": "community", "serves": ["jinxiu"]},
            "",
        ),
        ("grids", {"name": "槐荫第七网格", "community": "huaiyin", "worker": "周敏"}, "/places"),
        (
            "estates",
            {"name": "新苑小区", "community": "huaiyin", "aliases": "新苑，新园"},
            "/places",
        ),
        ("communities", {"name": "新社区", "committee": "shuyuan-committee"}, "/places"),
        (
            "buildings",
            {"estate": "jinxiu", "number": "99", "grid": "huaiyin-2", "responsible": "何大山"},
            "/places",
        ),
        (
            "duties",
            {
                "name": "电动自行车充电",
                "first": "城乡建设",
                "lead": "property",
                "level": "community",
                "keywords": "充电桩",
                "in_community_list": "yes",
            },
            "/duties",
        ),
    ],
)
def test_each_kind_is_added_and_shown(
    admin: Browser, kind: str, words: dict[str, Any], shown_at: str
) -> None:
    done = admin.post(f"{EDIT}/{kind}", **words)
    assert "已新增" in done.text, done.text
    assert (
        str(words.get("responsible") or words["name"])
        in admin.get(f"/desk/organisation{shown_at}").text
    )


def test_a_new_estate_is_found_in_what_residents_write(desk: Desk, admin: Browser) -> None:
    admin.post(f"{EDIT}/estates", name="新苑小区", community="huaiyin")
    estate = next(one for one in desk.organisation.estates if one.name == "新苑小区")
    admin.post(f"{EDIT}/buildings", estate=estate.id, number="5", grid="huaiyin-2")
    case = desk.case(desk.file(estate="新苑小区", building="5栋", place_text=None).case_number)
    assert (case.estate_id, case.grid_id) == (estate.id, "huaiyin-2")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"name": ""}, "这一项需要填写"),
        ({"name": "和顺物业服务有限公司"}, "已经有同名的"),
        ({"kind": "no such kind"}, "没有这个选项"),
        ({"serves": ["nowhere"]}, "没有这个选项"),
        ({"name": "长" * 101}, "内容太长"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_lost(
    desk: Desk, admin: Browser, words: dict[str, Any], problem: str
) -> None:
    answer = save(admin, "units/anda-elevator", **{**UNIT, "phone": "010-1234", **words})
    assert answer.status_code == 422
    assert problem in answer.text
    assert 'aria-invalid="true"' in answer.text or "serves" in words
    assert "010-1234" in answer.text
    assert desk.organisation.unit("anda-elevator").phone == "0000-55500541"


def test_who_saw_an_older_state_is_told(desk: Desk, admin: Browser) -> None:
    seen = seen_of(admin.get(f"{EDIT}/units/anda-elevator"))
    save(admin, "units/anda-elevator", **{**UNIT, "phone": "1"})
    late = admin.post(f"{EDIT}/units/anda-elevator", **UNIT, seen=seen)
    assert "别人改过这一项" in late.text
    assert desk.organisation.unit("anda-elevator").phone == "1"


def test_before_a_unit_is_closed_its_open_cases_are_shown_and_then_they_follow(
    desk: Desk, admin: Browser
) -> None:
    receipt = desk.file()
    page = admin.get(f"{EDIT}/units/anda-elevator/close").text
    assert "1 件在办工单会受影响" in page
    assert receipt.case_number in page
    assert "夏振宇" in page
    assert "老人" not in page
    assert desk.case(receipt.case_number).proposed_unit == "anda-elevator"
    done = admin.post(f"{EDIT}/units/anda-elevator/close", note="合同到期")
    assert "已撤销" in done.text
    assert desk.case(receipt.case_number).proposed_unit != "anda-elevator"


def test_a_dispatched_case_goes_back_when_its_unit_is_closed(desk: Desk, admin: Browser) -> None:
    receipt = desk.file()
    case_id = desk.case(receipt.case_number).id or 0
    desk.do(handling.screen_case, case_id, "committee")
    desk.do(handling.dispatch_case, case_id, "committee")
    admin.post(f"{EDIT}/units/anda-elevator/close")
    case = desk.case(receipt.case_number)
    assert (case.status, case.lead_unit) == ("screened", None)


def test_a_grid_with_buildings_is_closed_only_with_another_in_its_place(
    desk: Desk, admin: Browser
) -> None:
    receipt = desk.file()
    grid = desk.case(receipt.case_number).grid_id
    refused = admin.post(f"{EDIT}/grids/{grid}/close")
    assert refused.status_code == 409
    assert "请选择由哪个网格接管" in refused.text
    admin.post(f"{EDIT}/grids/{grid}/close", instead="shuyuan-1")
    assert desk.case(receipt.case_number).grid_id == "shuyuan-1"
    assert desk.organisation.grid(grid) is None


@pytest.mark.parametrize(
    ("thing", "problem"),
    [
        ("units/huaiyin-committee", "它是槐荫社区的社区党委"),
        ("communities/huaiyin", "里面还有"),
    ],
)
def test_what_others_lean_on_is_not_closed(admin: Browser, thing: str, problem: str) -> None:
    answer = admin.post(f"{EDIT}/{thing}/close")
    assert answer.status_code == 409
    assert problem in answer.text


def test_an_estate_served_alone_by_a_unit_is_not_closed(desk: Desk, admin: Browser) -> None:
    admin.post(
        f"{EDIT}/units", name="独家物业", kind="property", level="community", serves=["gongjiao"]
    )
    assert "只负责这里" in admin.post(f"{EDIT}/estates/gongjiao/close").text
    assert desk.organisation.estate("gongjiao") is not None


RULE = {
    "amount": "1",
    "unit": "hours",
    "calendar": "always",
    "warn_at": "75",
    "source": "槐安街道居民诉求办理办法",
    "article": "第八条",
    "sentence": "一般事项1小时内签收。",
}


def test_a_deadline_is_tried_on_past_cases_before_it_is_saved(desk: Desk) -> None:
    receipt = desk.file(urgency="ordinary")
    case_id = desk.case(receipt.case_number).id or 0
    desk.do(handling.screen_case, case_id, "committee")
    desk.do(handling.dispatch_case, case_id, "committee")
    desk.later(hours=3)
    desk.do(handling.sign_for, case_id, "elevator")
    admin = desk.signed_in("admin")
    tried = save(admin, "deadlines/sign-ordinary", **RULE)
    assert "还没有保存" in tried.text
    assert receipt.case_number in tried.text
    mark = re.search(r'name="tried" value="([0-9a-f]{16})"', tried.text)
    assert mark
    assert rule_of(desk).amount == 1
    assert rule_of(desk).unit == "working_days"
    other = save(admin, "deadlines/sign-ordinary", **{**RULE, "amount": "2"}, tried=mark[1])
    assert "还没有保存" in other.text
    saved = save(admin, "deadlines/sign-ordinary", **RULE, tried=mark[1])
    assert "已保存" in saved.text
    assert (rule_of(desk).amount, rule_of(desk).unit) == (1, "hours")
    assert rule_of(desk).sentence == "一般事项1小时内签收"


def mark_in(page: Response) -> str:
    found = re.search(r'name="tried" value="([0-9a-f]{16})"', page.text)
    assert found, page.text
    return found[1]


NEW_RULE: dict[str, Any] = {
    **RULE,
    "clock": "contact",
    "urgencies": ["long_standing"],
    "sentence": "久拖未决的1小时内联系居民。",
}


def test_a_deadline_is_added_once_it_was_tried_and_then_holds(desk: Desk) -> None:
    receipt = desk.file(urgency="long_standing")
    case_id = desk.case(receipt.case_number).id or 0
    desk.do(handling.screen_and_dispatch, case_id, "committee")
    desk.later(hours=3)
    desk.do(handling.record_contact, case_id, "elevator", text="电话联系")
    admin = desk.signed_in("admin")
    tried = admin.post(f"{EDIT}/deadlines", **NEW_RULE)
    assert "还没有保存" in tried.text
    assert receipt.case_number in tried.text
    assert "checked" in tried.text
    before = len(desk.organisation.deadline_rules)
    saved = admin.post(f"{EDIT}/deadlines", **NEW_RULE, tried=mark_in(tried), note="街道新规定")
    assert "已新增" in saved.text
    assert "久拖未决的1小时内联系居民" in saved.text
    assert len(desk.organisation.deadline_rules) == before + 1
    history = admin.get("/desk/organisation/history").text
    assert "街道新规定" in history
    assert "已新增时限“久拖未决的1小时内联系居民”" in history
    assert "修改组织" in admin.get("/desk/audit").text
    case_id = desk.case(desk.file(urgency="long_standing").case_number).id or 0
    desk.do(handling.screen_and_dispatch, case_id, "committee")
    assert clocks_by(desk, case_id)["contact"] == desk.organisation.deadline_rules[-1].id


def clocks_by(desk: Desk, case_id: int) -> dict[str, str]:
    with desk.work(read_only=True) as work:
        return {clock.clock: clock.rule_id for clock in clocks_of(work, case_id)}


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"urgencies": ["utility"]}, "已经有一条时限用于同样的事项"),
        ({"urgencies": []}, "已经有一条时限用于同样的事项"),
        ({"clock": "lunch"}, "没有这个选项"),
        ({"urgencies": ["mild"]}, "没有这个选项"),
        ({"amount": "0"}, "请填写一个数字"),
    ],
)
def test_a_new_deadline_that_is_unclear_is_refused_beside_its_field(
    desk: Desk, admin: Browser, words: dict[str, Any], problem: str
) -> None:
    before = desk.organisation
    answer = admin.post(f"{EDIT}/deadlines", **{**NEW_RULE, **words})
    assert answer.status_code == 422
    assert problem in answer.text
    assert "久拖未决的1小时内联系居民" in answer.text
    assert desk.organisation == before


def test_a_closed_deadline_starts_no_clock_and_those_running_are_kept(
    desk: Desk, admin: Browser
) -> None:
    receipt = desk.file(urgency="ordinary")
    case_id = desk.case(receipt.case_number).id or 0
    desk.do(handling.screen_and_dispatch, case_id, "committee")
    desk.later(minutes=5)
    desk.do(handling.sign_for, case_id, "elevator")
    page = admin.get(f"{EDIT}/deadlines/sign-ordinary/close").text
    assert "这类工单不再有这只钟" in page
    other = desk.file(urgency="ordinary")
    desk.do(handling.screen_and_dispatch, desk.case(other.case_number).id or 0, "committee")
    page = admin.get(f"{EDIT}/deadlines/sign-ordinary/close").text
    assert "正在走的 1 只钟照原来的终点走完" in page
    assert "试算" in page or "过去 90 天" in page
    closed = admin.post(f"{EDIT}/deadlines/sign-ordinary/close", note="并入别的规定")
    assert "已撤销" in closed.text
    assert "已经撤销的 1 条" in closed.text
    assert "已撤销时限“一般事项1个工作日内签收”" in admin.get("/desk/organisation/history").text
    assert admin.get(f"{EDIT}/deadlines/sign-ordinary").status_code == 404
    assert admin.post(f"{EDIT}/deadlines/sign-ordinary/close").status_code == 404
    kept = desk.signed_in("committee").get(f"/desk/cases/{receipt.case_number}").text
    assert "一般事项1个工作日内签收" in kept
    later = desk.case(desk.file(urgency="ordinary").case_number).id or 0
    desk.do(handling.screen_and_dispatch, later, "committee")
    assert "sign_for" not in clocks_by(desk, later)


def test_in_place_of_a_closed_deadline_another_one_is_added(desk: Desk, admin: Browser) -> None:
    admin.post(f"{EDIT}/deadlines/sign-ordinary/close")
    words = {**RULE, "clock": "sign_for", "urgencies": ["ordinary"]}
    tried = admin.post(f"{EDIT}/deadlines", **words)
    saved = admin.post(f"{EDIT}/deadlines", **words, tried=mark_in(tried))
    assert "已新增" in saved.text
    case_id = desk.case(desk.file(urgency="ordinary").case_number).id or 0
    desk.do(handling.screen_and_dispatch, case_id, "committee")
    assert clocks_by(desk, case_id)["sign_for"] == "deadline-1"


def rule_of(desk: Desk) -> Any:
    return next(one for one in desk.organisation.deadline_rules if one.id == "sign-ordinary")


def test_nothing_typed_becomes_markup(admin: Browser) -> None:
    save(admin, "units/anda-elevator", **{**UNIT, "name": EVIL[:90]}, note=EVIL)
    for place in ("", "/history"):
        page = admin.get(f"/desk/organisation{place}").text
        assert "<script>" not in page
        assert "<img" not in page.split("<main")[1]


@pytest.mark.parametrize(
    "address",
    ["roads", "units/nobody", "street/street/close", "deadlines/none", "buildings/jinxiu~777"],
)
def test_what_is_not_there_is_told(admin: Browser, address: str) -> None:
    assert admin.get(f"{EDIT}/{address}").status_code == 404


@pytest.mark.parametrize(
    "thing",
    [
        "street/street",
        "communities/huaiyin",
        "grids/huaiyin-1",
        "estates/jinxiu",
        "buildings/jinxiu~3",
        "units/anda-elevator",
        "duties/D027",
        "deadlines/sign-ordinary",
    ],
)
def test_every_form_says_what_holds_and_saving_it_changes_nothing(
    desk: Desk, admin: Browser, count_queries: Callable[[], QueryCount], thing: str
) -> None:
    before = desk.organisation
    with count_queries() as asked:
        page = admin.get(f"{EDIT}/{thing}")
    assert page.status_code == 200
    assert len(asked) <= 12
    words = _typed(page.text)
    answer = admin.post(f"{EDIT}/{thing}", **words)
    mark = re.search(r'name="tried" value="([0-9a-f]{16})"', answer.text)
    if mark:
        answer = admin.post(f"{EDIT}/{thing}", **words, tried=mark[1])
    assert "已保存" in answer.text, answer.text
    assert desk.organisation == before


def _typed(page: str) -> dict[str, Any]:
    """The values of the form as a browser would send them."""
    form = page.split("<main")[1]
    words: dict[str, Any] = dict(
        re.findall(r'<input[^>]* name="(\w+)" type="text" value="([^"]*)"', form)
    )
    words |= dict(re.findall(r'<textarea id="(\w+)"[^>]*>([^<]*)</textarea>', form))
    words["seen"] = re.search(r'name="seen" value="([0-9a-f]{16})"', form)[1]  # type: ignore[index]
    for name, options in re.findall(r'<select id="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        words[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'type="checkbox" name="(\w+)" value="([^"]*)" checked', form):
        words.setdefault(name, []).append(value)
    return words
