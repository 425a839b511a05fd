"""What people send by mistake or with bad intent: a sensible reply, nothing twice, nothing lost."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from bot.tables import ChatInbox, ChatOutbox, InboxStatus
from tests.bot.chat_world import ChatWorld, Talk
from tests.bot.web_browser import Browser

pytest_plugins = ["tests.bot.web_fixtures"]

INJECTION = "<script>alert(1)</script>'; DROP TABLE petition_petition; -- {{7*7}} %s \x00"
TWENTY_MEGABYTES = 20 * 1024 * 1024


def statuses(world: ChatWorld) -> set[str]:
    with Session(world.database) as session:
        return set(session.exec(select(ChatInbox.status)))


@pytest.mark.parametrize(
    "words",
    ["😀😡🔥" * 20, "   \n\t ", "", "。。。？？", INJECTION, "啊" * 10_000, "\u202e\u200b\ufeff"],
    ids=["emoji", "blanks", "nothing", "points", "injection", "10000", "invisible"],
)
def test_any_words_get_a_reply_and_file_nothing(
    browser: Browser, web_world: ChatWorld, words: str
) -> None:
    answer = browser.post(text=words)
    assert answer.status_code == 200
    assert "huiyin" in [message["from"] for message in answer.json()["messages"]]
    assert "<script>alert" not in answer.text
    assert web_world.petitions() == []
    assert statuses(web_world) == {InboxStatus.DONE.value}


def test_ten_thousand_characters_are_filed_whole(browser: Browser, web_world: ChatWorld) -> None:
    words = "锦绣家园3号楼电梯坏了两天了没人修。" + "老人下不了楼，天天爬楼梯。" * 760
    assert len(words) > 9_800
    browser.send(text=words)
    browser.send(choice=browser.button("确认提交"))
    (petition,) = web_world.petitions()
    assert petition.matter.count("老人下不了楼") == words.count("老人下不了楼")


def test_html_and_sql_in_a_petition_stay_words(browser: Browser, web_world: ChatWorld) -> None:
    browser.send(text=f"锦绣家园3号楼漏水{INJECTION}")
    page = browser.send(choice=browser.button("确认提交"))
    assert "<script>alert" not in page
    (petition,) = web_world.petitions()
    assert "DROP TABLE" in petition.matter
    assert "\x00" not in petition.matter


def test_hostile_fields_beside_the_words_are_refused_or_ignored(
    browser: Browser, web_world: ChatWorld
) -> None:
    for field in ("choice", "client_id", "tapped", "latitude", "longitude", "csrf"):
        answer = browser.post(**{"text": "你好", field: INJECTION})
        assert answer.status_code in (200, 403)
        assert "<script>" not in answer.text
    assert web_world.petitions() == []
    assert statuses(web_world) == {InboxStatus.DONE.value}


def test_twenty_megabytes_are_refused_kindly_and_not_kept(
    browser: Browser, web_world: ChatWorld
) -> None:
    files = {"photo": ("big.jpg", b"\xff\xd8" + bytes(TWENTY_MEGABYTES), "image/jpeg")}
    answer = browser.post(files=files)
    assert answer.status_code == 413
    assert "MB" in answer.json()["message"]
    assert list(web_world.attachments._folder.rglob("*.*")) == []
    assert browser.post(text="你好").status_code == 200


@pytest.mark.parametrize("number", ["HY20260101-9999", "HY20261123-0001' OR 1=1", "HY" + "9" * 60])
def test_an_unknown_number_is_said_to_be_unknown(talk: Talk, number: str) -> None:
    talk.say(f"查一下 {number} 的进度")
    assert talk.text
    assert "broken" not in talk.keys


def test_the_same_update_three_times_at_once_is_one(world: ChatWorld) -> None:
    message = world.message("锦绣家园3号楼电梯坏了", update_id="update-7")
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: world.inbox.answer(message), range(3)))
    assert len({answer.inbox_id for answer in answers}) == 1
    assert len({tuple(reply.text for reply in answer.replies) for answer in answers}) == 1
    with Session(world.database) as session:
        assert session.exec(select(func.count()).select_from(ChatInbox)).one() == 1


def test_a_double_tap_on_confirm_files_once_and_both_taps_are_answered(
    browser: Browser, web_world: ChatWorld
) -> None:
    """Two requests at one moment, each with an id of its own, as two taps of a finger are."""
    browser.send(text="锦绣家园3号楼漏水")
    confirm = browser.button("确认提交")
    gate = threading.Barrier(2)

    def tap(number: int) -> Any:
        gate.wait()
        return browser.post(choice=confirm, client_id=f"tap-{number}")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(tap, range(2)))
    assert [answer.status_code for answer in answers] == [200, 200]
    (petition,) = web_world.petitions()
    numbers = [re.findall(r"HY\d{8}-\d{4}", answer.text) for answer in answers]
    assert all(petition.number in found for found in numbers)
    with Session(web_world.database) as session:
        receipts = session.exec(
            select(ChatOutbox).where(col(ChatOutbox.inbox_id).is_not(None))
        ).all()
    assert sum("登记好了" in str(one.payload) for one in receipts) == 1
