"""The case page: everything on one screen, every verb on offer and no other, nothing lost."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from console.verbs import UNUSED_ACTIONS, VERBS
from console.wording import cases
from petitions import handling
from petitions.filing import join_case, make_draft, urge_case, withdraw_petition
from petitions.workflow import (
    OPEN_STATUSES,
    TRANSITIONS,
    CaseAction,
    CaseStatus,
    Role,
)
from tests.console.desk_world import ELEVATOR, Browser, Desk, QueryCount

STAFF = {Role.COMMITTEE, Role.DEPARTMENT, Role.GRID_WORKER, Role.SUPERVISOR}


def forms_on(page: str, number: str) -> set[str]:
    start = f'action="/desk/cases/{number}/actions/'
    return {piece.split('"')[0].split("?")[0] for piece in page.split(start)[1:]}


def test_every_action_of_staff_has_a_verb_or_a_reason_to_have_none() -> None:
    of_staff = {action for (_, action), rule in TRANSITIONS.items() if rule.roles & STAFF}
    assert {verb.action for verb in VERBS} | set(UNUSED_ACTIONS) == of_staff


def test_every_verb_and_field_has_its_words() -> None:
    for verb in VERBS:
        assert cases.VERB[verb.name]
        assert cases.DONE[verb.name]
        assert cases.HINT[verb.name]
        for field in verb.fields:
            assert cases.FIELD.get(f"{verb.name}.{field.name}") or cases.FIELD[field.name]


def test_every_word_of_the_workflow_has_its_word_in_chinese() -> None:
    assert set(cases.STATUS) == {status.value for status in CaseStatus}
    assert {action.value for action in CaseAction} <= set(cases.VERB)


def test_the_page_tells_everything(desk: Desk) -> None:
    receipt = desk.file(wanted="尽快修好", happened_at_text="前天上午")
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    with desk.work() as work:
        draft = make_draft(
            **{**ELEVATOR, "matter": "我也是这栋的", "building": "3"},
            resident="neighbour",
            channel="telegram",
            idempotency_key="n",
        )
        join_case(work, receipt.case_id, draft, now=desk.time)
        urge_case(work, receipt.number, resident="resident-1", now=desk.time)
        work.commit()
    page = desk.signed_in("committee").get(f"/desk/cases/{receipt.number}").text
    for words in (
        ELEVATOR["matter"],
        "尽快修好",
        "前天上午",
        "我也是这栋的",
        "附议 1 人",
        "催办 1 次",
        "为什么派到这里",
        "安达电梯维保公司",
        "记录完整，未被改动",
        "剩 30 分钟",
        "水、电、气、热和电梯停用30分钟内签收",
    ):
        assert words in page, words


def test_the_work_from_filing_to_the_end(desk: Desk) -> None:
    receipt = desk.file()
    number = receipt.number
    committee, elevator = desk.signed_in("committee"), desk.signed_in("elevator")
    done = committee.act(number, "screen_and_dispatch", unit_id="anda-elevator")
    assert "已受理并分拨" in done.text
    assert "已签收" in elevator.act(number, "sign_for").text
    assert "已开始办理" in elevator.act(number, "start").text
    elevator.act(number, "contact", text="已电话联系")
    replied = elevator.act(number, "reply", text="门机已更换。", outcome="resolved")
    assert "居民会收到原文" in replied.text
    committee.act(number, "follow_up", reached="yes", resolved="yes", satisfaction="5")
    closed = committee.act(number, "close", outcome="resolved")
    assert "已办结" in closed.text
    case = desk.case(number)
    assert (case.status, case.outcome, case.satisfaction) == ("closed", "resolved", 5)


OVERSEEING = {
    "contact",
    "ask_supplement",
    "reassign",
    "merge",
    "supervise",
    "correct",
    "note",
    "recuse",
}


@pytest.mark.parametrize(
    ("username", "expected"),
    [
        (
            "committee",
            OVERSEEING,
        ),
        ("elevator", {"sign_for", "object", "contact", "ask_supplement", "note", "recuse"}),
        (
            "supervisor",
            OVERSEEING | {"escalate"},
        ),
    ],
)
def test_the_verbs_on_offer_are_those_this_person_may_do(
    desk: Desk, username: str, expected: set[str]
) -> None:
    receipt = desk.file()
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    page = desk.signed_in(username).get(f"/desk/cases/{receipt.number}").text
    assert forms_on(page, receipt.number) == expected


def test_no_form_is_drawn_that_a_rule_beside_the_table_would_refuse(desk: Desk) -> None:
    receipt = desk.file(urgency="utility")
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    desk.later(hours=1)  # over the time in which the unit may object
    browser = desk.signed_in("elevator")
    assert "object" not in forms_on(
        browser.get(f"/desk/cases/{receipt.number}").text, receipt.number
    )
    desk.do(handling.sign_for, receipt.case_id, "elevator", start=True)
    forms = forms_on(browser.get(f"/desk/cases/{receipt.number}").text, receipt.number)
    assert "request_extension" not in forms  # an outage can't wait
    assert "approve_extension" not in forms_on(
        desk.signed_in("committee").get(f"/desk/cases/{receipt.number}").text, receipt.number
    )


def test_an_extension_is_settled_by_somebody_else(desk: Desk) -> None:
    receipt = desk.file(urgency="ordinary")
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    desk.do(handling.sign_for, receipt.case_id, "elevator", start=True)
    elevator, committee = desk.signed_in("elevator"), desk.signed_in("committee")
    asked = elevator.act(receipt.number, "request_extension", days="5", reason="等配件")
    assert "等待审批" in asked.text
    assert "approve_extension" not in forms_on(asked.text, receipt.number)
    page = committee.get(f"/desk/cases/{receipt.number}").text
    assert "下一步：同意延期" in page
    assert "已同意延期" in committee.act(receipt.number, "approve_extension").text


def test_a_stale_form_changes_nothing_and_keeps_what_was_typed(desk: Desk) -> None:
    receipt = desk.file()
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    desk.do(handling.sign_for, receipt.case_id, "elevator", start=True)
    browser = desk.signed_in("elevator")
    seen = desk.case(receipt.number).version
    desk.do(handling.record_contact, receipt.case_id, "elevator", text="同事已经联系")
    answer = browser.act(
        receipt.number, "reply", text="写了半天的答复", outcome="resolved", expected_version=seen
    )
    assert answer.status_code == 409
    assert "工单有了新的变化" in answer.text
    assert ">写了半天的答复</textarea>" in answer.text
    assert 'value="resolved" checked' in answer.text
    assert "新的变化" in answer.text
    assert "同事已经联系" in answer.text
    assert desk.case(receipt.number).status == "handling"
    version = desk.case(receipt.number).version
    assert f'name="expected_version" value="{version}"' in answer.text
    again = browser.act(receipt.number, "reply", text="写了半天的答复", expected_version=version)
    assert "居民会收到原文" in again.text


def test_a_verb_that_is_gone_gives_back_what_was_typed(desk: Desk) -> None:
    receipt = desk.file()
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    browser = desk.signed_in("elevator")
    seen = desk.case(receipt.number).version
    desk.do(
        handling.reassign_case,
        receipt.case_id,
        "committee",
        unit_id="jincheng-property",
        co_handlers=("anda-elevator",),
        reason="换单位",
    )
    answer = browser.act(receipt.number, "object", reason="不是我们的职责", expected_version=seen)
    assert answer.status_code in (403, 409)
    assert "您刚才填写的内容" in answer.text
    assert "不是我们的职责" in answer.text


def test_urging_by_a_resident_does_not_make_a_page_stale(desk: Desk) -> None:
    receipt = desk.file()
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    seen = desk.case(receipt.number).version
    with desk.work() as work:
        urge_case(work, receipt.number, resident="resident-1", now=desk.time)
        work.commit()
    browser = desk.signed_in("elevator")
    assert "已签收" in browser.act(receipt.number, "sign_for", expected_version=seen).text


@pytest.mark.parametrize(
    ("verb", "words", "sentence"),
    [
        ("reassign", {"unit_id": "qinghe-water", "reason": " "}, "请写明理由"),
        ("reassign", {"unit_id": "", "reason": "x"}, "这一项需要填写"),
        ("reassign", {"unit_id": "no-such-unit", "reason": "x"}, "没有这个单位"),
        ("note", {"text": "  "}, "请写内容"),
        ("ask_supplement", {"question": ""}, "请写要问居民的问题"),
        ("correct", {"urgency": "whenever", "reason": "x"}, "请检查"),
        ("merge", {"into": "HY20200101-0001"}, "没有找到这个编号的工单"),
        ("merge", {"into": ""}, "这一项需要填写"),
    ],
)
def test_what_is_missing_is_told_beside_its_field(
    desk: Desk, verb: str, words: dict[str, str], sentence: str
) -> None:
    receipt = desk.file()
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    version = desk.case(receipt.number).version
    answer = desk.signed_in("committee").act(receipt.number, verb, **words)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert desk.case(receipt.number).version == version


def test_a_verb_that_is_none_is_not_found(desk: Desk) -> None:
    receipt = desk.file()
    browser = desk.signed_in("committee")
    assert browser.act(receipt.number, "no_such_verb").status_code == 404


def test_a_whistle_reaches_several_units_and_one_reports_in(desk: Desk) -> None:
    receipt = desk.file()
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    desk.do(handling.sign_for, receipt.case_id, "elevator", start=True)
    words = {"unit_ids": ["jincheng-property", "qinghe-water"], "reason": "一起到现场"}
    whistled = desk.signed_in("committee").act(receipt.number, "whistle", **words)
    assert "已吹哨" in whistled.text
    water = desk.signed_in("water")
    assert "下一步：报到" in water.get(f"/desk/cases/{receipt.number}").text
    assert "已报到" in water.act(receipt.number, "report_in", text="到了").text


def test_a_correction_touches_only_what_was_changed(desk: Desk) -> None:
    receipt = desk.file()
    browser = desk.signed_in("committee")
    case = desk.case(receipt.number)
    words = {
        "title": case.title,
        "category_first": "",
        "urgency": "ordinary",
        "estate_id": case.estate_id,
        "building": "5",
        "grid_id": case.grid_id,
        "reason": "楼号听错了",
    }
    assert "信息已更正" in browser.act(receipt.number, "correct", **words).text
    after = desk.case(receipt.number)
    assert (after.building, after.grid_id) == ("5", "huaiyin-6")
    assert (after.urgency, after.category_first) == ("ordinary", case.category_first)


def photo(**info: object) -> bytes:
    drawn = BytesIO()
    image = Image.new("RGB", (40, 30), "red")
    exif = image.getexif()
    exif[0x010E] = "secret place"
    image.save(drawn, "JPEG", exif=exif)
    return drawn.getvalue()


def test_a_photo_of_the_work_is_kept_without_what_the_camera_wrote(desk: Desk) -> None:
    receipt = desk.file()
    browser = desk.signed_in("committee")
    files = {"photos": ("a.jpg", photo(), "image/jpeg")}
    answer = browser.act(receipt.number, "note", files=files, text="现场照片")
    assert "备注已保存" in answer.text
    shown = browser.get("/desk/attachments/1")
    assert shown.headers["content-type"] == "image/jpeg"
    assert b"secret place" not in shown.content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "只能上传照片"),
        (b"<html><script>alert(1)</script></html>", "只能上传照片"),
        (b"GIF89a;<script>alert(1)</script>", "只能上传照片"),
        (b"", "文件是空的"),
        (b"\xff\xd8\xff" + b"0" * 300_000, "文件太大"),
    ],
)
def test_what_is_no_photo_is_refused_and_the_words_stay(
    desk: Desk, content: bytes, sentence: str
) -> None:
    receipt = desk.file()
    files = {"photos": ("a.jpg", content, "image/jpeg")}
    answer = desk.signed_in("committee").act(receipt.number, "note", files=files, text="写好的备注")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "写好的备注" in answer.text


def test_a_body_beyond_all_measure_is_refused(desk: Desk) -> None:
    receipt = desk.file()
    files = {"photos": ("a.jpg", b"0" * 3_000_000, "image/jpeg")}
    answer = desk.signed_in("committee").act(receipt.number, "note", files=files, text="x")
    assert answer.status_code == 413
    assert "提交的内容太大" in answer.text


def test_a_broken_history_is_told(desk: Desk) -> None:
    receipt = desk.file()
    browser = desk.signed_in("committee")
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS petition_case_entry_no_update")
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type='trigger'"
        ).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.exec_driver_sql("UPDATE petition_case_entry SET actor_name = 'x'")
    assert "第 1 步起记录对不上" in browser.get(f"/desk/cases/{receipt.number}").text


def test_a_withdrawn_case_offers_no_reopening(desk: Desk) -> None:
    receipt = desk.file()
    with desk.work() as work:
        withdraw_petition(work, receipt.number, resident="resident-1", now=desk.time)
        work.commit()
    page = desk.signed_in("committee").get(f"/desk/cases/{receipt.number}").text
    assert "reopen" not in forms_on(page, receipt.number)


def test_the_list_beside_the_case_keeps_the_filters(desk: Desk) -> None:
    receipt = desk.file()
    desk.file(urgency="ordinary", matter="路灯坏了", title="路灯不亮")
    page = desk.signed_in("committee").get(f"/desk/cases/{receipt.number}?urgency=utility").text
    assert "路灯不亮" not in page.split("</aside>")[0]
    assert "/actions/note?urgency=utility" in page


def test_the_page_asks_the_database_a_bounded_number_of_times(
    desk: Desk, count_queries: Callable[[], QueryCount]
) -> None:
    receipt = desk.file()
    for _ in range(12):
        desk.file()
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    browser: Browser = desk.signed_in("committee")
    with count_queries() as queries:
        browser.get(f"/desk/cases/{receipt.number}")
    assert len(queries) <= 12, "\n".join(queries.statements)


def test_open_statuses_all_lead_somewhere_for_somebody() -> None:
    """No case gets stuck: from every open status some verb of the page leads on."""
    moving = {
        status
        for (status, action), rule in TRANSITIONS.items()
        if rule.next_status is not status and action in {verb.action for verb in VERBS}
    }
    assert moving >= OPEN_STATUSES
