"""Following a petition by number and receipt code: no chat, no script, nothing about the person."""

import re

import pytest
from fastapi.testclient import TestClient

from bot.channels.web_track import TRIES_OF_ADDRESS, TRIES_OF_NUMBER
from bot.channels.web_views import WebPaths
from bot.dialogue.wording import web_en, web_zh_cn
from petitions.filing import file_petition, make_draft, supplement_petition
from petitions.notices import STEPS_FOR_RESIDENT
from tests.bot.chat_world import ChatWorld
from tests.bot.web_browser import Browser

pytest_plugins = ["tests.bot.web_fixtures"]

SECRETS = ("王小明", "13800138000", "孩子", "锦绣家园", "3号楼", "门口的鞋柜")


@pytest.fixture
def receipt(web_world: ChatWorld) -> tuple[str, str]:
    """A petition with a contact, a supplement of the resident and a reply; number and code."""
    with web_world.open() as work:
        draft = make_draft(
            matter="锦绣家园3号楼电梯坏了，孩子上学下不去",
            title="电梯坏了，孩子上学下不去",
            category_first="城乡建设",
            urgency="utility",
            estate="锦绣家园",
            building="3号楼",
            contact_name="王小明",
            contact_phone="13800138000",
            resident="r1",
            channel="web",
            idempotency_key="k1",
        )
        filed = file_petition(work, draft, now=web_world.now)
        supplement_petition(
            work, filed.number, resident="r1", text="门口的鞋柜也挡路", now=web_world.now
        )
        work.commit()
    web_world.later(hours=1)
    web_world.work_to_reply(filed.case_number, text="电梯已经修好。")
    return filed.number, filed.code


def look(browser: Browser, number: str, code: str) -> tuple[int, str]:
    answer = browser.client.post("/track", data={"number": number, "code": code})
    return answer.status_code, answer.text


def test_number_and_code_show_the_steps_and_nothing_about_the_person(
    browser: Browser, receipt: tuple[str, str]
) -> None:
    number, code = receipt
    status, page = look(browser, f" {number.lower()} ", f"{code[:4]} {code[4:].lower()}")
    assert status == 200
    for words in ("已经答复", "签收", "您补充了情况", "电梯已经修好。", number):
        assert words in page
    assert not [secret for secret in SECRETS if secret in page]
    assert code not in page
    assert "<script" not in page


def test_a_wrong_code_and_a_wrong_number_read_the_same(
    browser: Browser, receipt: tuple[str, str]
) -> None:
    number, _ = receipt
    wrong_code = look(browser, number, "ABCD2345")
    wrong_number = look(browser, "HY20200101-0001", "ABCD2345")
    assert wrong_code[0] == wrong_number[0] == 404
    alert = re.compile(r'role="alert"><p>([^<]+)')
    assert alert.findall(wrong_code[1]) == alert.findall(wrong_number[1])
    assert f'value="{number}"' in wrong_code[1]


def test_an_empty_field_is_said(browser: Browser) -> None:
    status, page = look(browser, "", "ABCD2345")
    assert status == 422
    assert "都要填" in page


def test_guessing_one_petition_is_slowed_for_everybody_and_right_codes_are_not_counted(
    browser: Browser, receipt: tuple[str, str], web_world: ChatWorld
) -> None:
    number, code = receipt
    for _ in range(TRIES_OF_NUMBER * 3):
        assert look(browser, number, code)[0] == 200
    statuses = [look(browser, number, "ABCD2345")[0] for _ in range(TRIES_OF_NUMBER + 1)]
    assert statuses == [404] * TRIES_OF_NUMBER + [429]
    with TestClient(browser.client.app, client=("203.0.113.9", 1)) as elsewhere:
        answer = elsewhere.post("/track", data={"number": number, "code": code})
    assert answer.status_code == 429
    assert "分钟以后再试" in answer.text
    web_world.later(minutes=4)
    assert look(browser, number, code)[0] == 200


def test_guessing_many_numbers_from_one_place_is_slowed_there_only(
    browser: Browser, receipt: tuple[str, str]
) -> None:
    for day in range(TRIES_OF_ADDRESS):
        look(browser, f"HY20200101-{day:04}", "ABCD2345")
    assert look(browser, *receipt)[0] == 429
    with TestClient(browser.client.app, client=("203.0.113.9", 1)) as elsewhere:
        number, code = receipt
        assert elsewhere.post("/track", data={"number": number, "code": code}).status_code == 200


def test_the_code_is_never_taken_from_an_address(
    browser: Browser, receipt: tuple[str, str]
) -> None:
    number, code = receipt
    page = browser.client.get("/track", params={"number": number, "code": code}).text
    assert "办理经过" not in page


def test_the_chat_leads_to_it_and_the_switches_come_back(browser: Browser) -> None:
    assert 'href="/track"' in browser.open()
    page = browser.open("/track")
    assert 'name="next" value="/track"' in page
    answer = browser.client.post(
        "/chat/elder",
        data={"csrf": browser.csrf, "next": "/track", "elder": "1"},
        follow_redirects=False,
    )
    assert answer.headers["location"] == WebPaths().track


@pytest.mark.parametrize("table", [web_zh_cn.SENTENCES, web_en.SENTENCES])
def test_every_step_that_residents_see_has_its_words(table: dict[str, str]) -> None:
    missing = [one for one in STEPS_FOR_RESIDENT if f"track.step_{one.value}" not in table]
    assert missing == []
