from datetime import date

import pytest

from knowledge.answering import Answer, NoAnswer
from knowledge.asked_day import AskedDay, read_asked_day
from tests.knowledge.conftest import TODAY


@pytest.mark.parametrize(
    ("question", "day", "rest"),
    [
        ("2019年的时候狗证多少钱", date(2019, 12, 31), "狗证多少钱"),
        ("二〇一九年养狗要办证吗", date(2019, 12, 31), "养狗要办证吗"),
        ("2021年3月停车怎么收费", date(2021, 3, 31), "停车怎么收费"),
        ("2024年6月1日电动车停哪", date(2024, 6, 1), "电动车停哪"),
        ("19年的时候养狗要多少钱", date(2019, 12, 31), "养狗要多少钱"),
        ("去年停车费多少", date(2025, 12, 31), "停车费多少"),
        ("明年垃圾费多少", date(2027, 1, 1), "垃圾费多少"),
        ("我家2020年那会儿停车多少钱", date(2020, 12, 31), "我家停车多少钱"),
    ],
)
def test_a_day_that_is_named_is_read(question, day, rest):
    assert read_asked_day(question, TODAY) == AskedDay(day=day, rest=rest)


@pytest.mark.parametrize(
    "question",
    [
        "我2019年买的房子，房产证怎么办",
        "孩子2015年出生的，怎么上学",
        "从2019年开始交的社保怎么查",
        "2023年楼上漏水没人赔怎么办",
        "《2021年停车规定》还有效吗",
        "2021年的规定现在还能用吗",
        "2026年停车费多少",
        "交了15年社保够吗",
        "9999年停车费多少",
        "2024年13月停车费多少",
        "",
    ],
)
def test_a_story_or_today_is_no_day(question):
    assert read_asked_day(question, TODAY) is None


HEAD = "---\ntitle: 养犬办法\neffective_from: 2015-01-01\n---\n# 养犬办法\n\n"
OLD = HEAD + "第一条 养犬登记费每年一百元。\n"
NEW = OLD.replace("2015", "2022").replace("一百元", "二百元")


def test_the_text_of_that_day_answers_and_is_told_apart(publish_texts, texts):
    publish_texts({"old.md": OLD, "new.md": NEW})
    then = texts.answer("2019年的时候养犬登记费每年多少钱")
    assert isinstance(then, Answer)
    assert "一百元" in then.quote
    assert then.on == date(2019, 12, 31)
    assert then.hits[0].passage.citation.effective_to == date(2021, 12, 31)
    now = texts.answer("养犬登记费每年多少钱")
    assert "二百元" in now.quote
    assert now.on is None
    before = texts.answer("2003年的时候养犬登记费每年多少钱")
    assert isinstance(before, NoAnswer)
    assert before.on == date(2003, 12, 31)
