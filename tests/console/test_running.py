"""The administrator's look at the service, and everybody's look at who does what."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from httpx import Response

from console.auth import FORGERY_HEADER
from console.operations import ChannelHealth, GivenUpMessage, MemoryOperations, ParkedWork
from tests.console.desk_world import Desk, QueryCount

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
PLACES = ("", "/places", "/duties", "/deadlines", "/history")


@pytest.fixture
def troubled(desk: Desk) -> Desk:
    """A desk with a message given up and a job parked."""
    now = desk.now()
    message = GivenUpMessage(
        id=4, channel="wechat", received_at=now, problem="TimedOut", said=f"说的话{EVIL}"
    )
    job = ParkedWork(
        id="deliver_notification:7", name="deliver_notification", about="7" + EVIL, parked_at=now
    )
    operations = MemoryOperations(
        channels=[ChannelHealth(name="wechat", open=True, last_received_at=now, unsent=2)],
        given_up=[message],
        parked=[job],
    )
    desk.app.state.services = replace(desk.services, operations=operations)
    return desk


def test_a_desk_that_runs_alone_says_so(desk: Desk) -> None:
    answer = desk.signed_in("admin").get("/desk/running")
    assert answer.status_code == 404
    assert "还没有启用" in answer.text


def test_channels_messages_and_jobs_are_shown_without_a_resident_s_words(troubled: Desk) -> None:
    page = troubled.signed_in("admin").get("/desk/running").text
    for words in ("微信公众号", "已接通", "TimedOut", "通知居民"):
        assert words in page
    assert "说的话" not in page
    assert "<img" not in page.split("<main")[1]
    assert "<script>" not in page


def test_who_may_see_cases_too_reads_the_words(troubled: Desk) -> None:
    admin_id = next(one.id for one in troubled.people() if one.username == "curator")
    troubled.signed_in("admin").post(
        f"/desk/staff/{admin_id}", name="程静怡", roles=["admin", "supervisor"]
    )
    page = troubled.signed_in("curator").get("/desk/running").text
    assert "说的话" in page
    assert "<img" not in page.split("<main")[1]


def test_a_message_is_answered_again_and_written_down(troubled: Desk) -> None:
    admin = troubled.signed_in("admin")
    done = admin.post("/desk/running/messages/4/answer")
    assert "居民会收到答复" in done.text
    assert "居民的消息都答复了" in done.text
    again = admin.post("/desk/running/messages/4/answer")
    assert "已经不在这里" in again.text
    assert admin.get("/desk/audit?action=answer_again").text.count("重新答复居民</td>") == 1


def test_a_job_is_retried_and_written_down(troubled: Desk) -> None:
    admin = troubled.signed_in("admin")
    done = admin.post("/desk/running/jobs/retry", id="deliver_notification:7")
    assert "没有停下的任务" in done.text
    assert "已经不在这里" in admin.post("/desk/running/jobs/retry", id=EVIL).text
    assert admin.get("/desk/audit?action=retry_job").text.count("重做后台任务</td>") == 1


def test_a_job_is_dropped_with_a_reason_and_written_down(troubled: Desk) -> None:
    admin = troubled.signed_in("admin")
    job = "deliver_notification:7"
    assert admin.post("/desk/running/jobs/drop", id=job, reason=" ").status_code == 422
    done = admin.post("/desk/running/jobs/drop", id=job, reason=f"地址早已停用{EVIL}")
    assert "不再尝试" in done.text
    assert "没有停下的任务" in done.text
    log = admin.get("/desk/audit?action=drop_job").text
    assert "地址早已停用" in log
    assert "<img" not in log.split("<main")[1]


def test_the_api_lists_retries_and_drops(troubled: Desk) -> None:
    admin = troubled.signed_in("admin")
    headers = {FORGERY_HEADER: admin.csrf}
    (job,) = admin.get("/api/v1/running/jobs").json()
    assert (job["id"], job["name"]) == ("deliver_notification:7", "deliver_notification")

    def post(verb: str, **body: str) -> Response:
        address = f"/api/v1/running/jobs/{verb}"
        return admin.client.post(address, headers=headers, json={"id": job["id"]} | body)

    assert post("drop").json()["key"] == "http_422"
    assert post("drop", reason="地址早已停用").json() == {"id": job["id"]}
    assert admin.get("/api/v1/running/jobs").json() == []
    for verb, body in (("drop", {"reason": "再来"}), ("retry", {})):
        gone = post(verb, **body)
        assert (gone.status_code, gone.json()["key"]) == (404, "job_not_parked")
    assert admin.get("/desk/audit?action=drop_job").text.count("放弃后台任务</td>") == 1


def test_the_api_retries_once_with_one_key(troubled: Desk) -> None:
    admin = troubled.signed_in("admin")
    headers = {FORGERY_HEADER: admin.csrf, "Idempotency-Key": "one-wish-only"}
    address, body = "/api/v1/running/jobs/retry", {"id": "deliver_notification:7"}
    answers = [admin.client.post(address, headers=headers, json=body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert admin.get("/desk/audit?action=retry_job").text.count("重做后台任务</td>") == 1


def test_everybody_looks_up_who_does_what(desk: Desk) -> None:
    browser = desk.signed_in("elevator")
    units = browser.get("/desk/organisation?q=安达").text
    assert "安达电梯维保公司" in units
    assert "夏振宇" in units
    assert "和顺物业" not in units.split("<main")[1]
    places = browser.get("/desk/organisation/places").text
    assert "周敏" in places
    assert "锦绣家园" in places
    duties = browser.get("/desk/organisation/duties?q=路灯").text
    assert "路灯不亮" in duties
    assert "高空抛物" not in duties
    deadlines = browser.get("/desk/organisation/deadlines").text
    assert "危险事项15分钟内签收，昼夜不停。" in deadlines
    assert "信访工作条例第三十四条" in deadlines


def test_the_committee_s_own_people_stand_at_its_unit(desk: Desk) -> None:
    page = desk.signed_in("committee").get("/desk/organisation?q=中共槐荫社区委员会").text
    assert "林晓梅" in page
    assert "高建平" not in page


def test_a_closed_account_is_no_longer_named(desk: Desk) -> None:
    closed = next(one.id for one in desk.people() if one.username == "elevator")
    desk.signed_in("admin").post(f"/desk/staff/{closed}/deactivate")
    assert "夏振宇" not in desk.signed_in("committee").get("/desk/organisation").text


def test_what_is_looked_for_is_never_shown_as_it_was_typed(desk: Desk) -> None:
    browser = desk.signed_in("committee")
    for place in ("", "/duties"):
        page = browser.get(f"/desk/organisation{place}?q={EVIL}").text
        assert "没有找到" in page
        assert "<img" not in page.split("<main")[1]
        assert "<script>" not in page


def test_no_page_asks_the_database_more_than_twelve_times(
    troubled: Desk, count_queries: Callable[[], QueryCount]
) -> None:
    browser = troubled.signed_in("admin")
    for address in ("/desk/running", *(f"/desk/organisation{place}" for place in PLACES)):
        with count_queries() as asked:
            assert browser.get(address).status_code == 200
        assert len(asked) <= 12
