"""The people's log: written on the way, read by whom it concerns, turned into a petition once."""

import re

import pytest

from tests.console.desk_world import Browser, Desk

HEARD = {"kind": "visit", "place": "锦绣家园3栋", "text": "张奶奶说楼道扶手松了", "grid_id": ""}
SAID = {"title": "楼道扶手松动", "matter": "扶手松了，怕摔", "kind": "help", "urgency": "ordinary"}


def write(browser: Browser, **words: str) -> None:
    answer = browser.post("/desk/log", **{**HEARD, **words})
    assert "记下了" in answer.text


def test_an_entry_is_written_and_read(desk: Desk) -> None:
    browser = desk.signed_in("zhoumin")
    write(browser)
    assert "张奶奶说楼道扶手松了" in browser.get("/desk/log").text


@pytest.mark.parametrize(("username", "reads"), [("committee", True), ("shuyuan", False)])
def test_a_committee_reads_its_own_community(desk: Desk, username: str, reads: bool) -> None:
    write(desk.signed_in("zhoumin"))
    other = desk.signed_in(username)
    assert ("张奶奶" in other.get("/desk/log").text) is reads
    assert other.get("/desk/log/1/file").status_code == (200 if reads else 404)


def test_another_grid_worker_reads_nothing_of_it(desk: Desk) -> None:
    write(desk.signed_in("zhoumin"))
    other = desk.signed_in("duanlei")
    assert "张奶奶" not in other.get("/desk/log").text
    assert other.post("/desk/log/1/file", **SAID).status_code == 404


def test_an_entry_becomes_a_petition_once(desk: Desk) -> None:
    browser = desk.signed_in("zhoumin")
    write(browser)
    phone = "13911112222"
    filed = browser.post(
        "/desk/log/1/file", **SAID, estate="锦绣家园", building="3", contact_phone=phone
    )
    found = re.search(r"HY\d{8}-\d{4}", filed.text)
    assert found
    assert "查询码" in filed.text
    again = browser.post("/desk/log/1/file", **SAID)
    assert again.status_code == 409
    page = desk.signed_in("committee").get(f"/desk/cases/{found[0]}").text
    assert "工作人员代填" in page
    assert "139****2222" in page
    assert phone not in page


def test_going_on_to_a_petition_is_one_button(desk: Desk) -> None:
    answer = desk.signed_in("zhoumin").post("/desk/log", **HEARD, then="file")
    assert answer.url.path == "/desk/log/1/file"
    assert "张奶奶说楼道扶手松了</textarea>" in answer.text


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"text": "长" * 2001}, {"kind": "gossip"}, {"place": "长" * 201}]
)
def test_a_wrong_entry_is_refused_and_kept(desk: Desk, wrong: dict[str, str]) -> None:
    answer = desk.signed_in("zhoumin").post("/desk/log", **{**HEARD, **wrong})
    assert answer.status_code == 422
    assert "锦绣家园3栋" in answer.text or "place" in wrong


def test_an_empty_matter_is_refused_in_words(desk: Desk) -> None:
    browser = desk.signed_in("zhoumin")
    write(browser)
    answer = browser.post("/desk/log/1/file", title="扶手", matter="")
    assert answer.status_code == 422
    assert desk.signed_in("zhoumin").get("/desk/log").text.count("转成诉求</a>") == 1
