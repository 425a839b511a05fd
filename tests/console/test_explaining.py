"""Why a clock ends when it does and why a unit leads, in both languages, from the same facts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from console.extraction import CHINESE_SIGN
from console.language import ENGLISH, speaking
from console.wording.explaining import explain_clock, explain_routing
from petitions.clock_view import ClockFacts, Extension, Pause
from petitions.deadlines import AmountUnit, ClockName, DeadlineRule
from petitions.routing import ReasonKey
from tests.console.desk_world import Desk

RULE = DeadlineRule(
    id="handle",
    clock=ClockName.HANDLE,
    amount=60,
    unit=AmountUnit.DAYS,
    source="信访工作条例",
    article="第三十四条",
    sentence="应当60日内办结",
)
FACTS = ClockFacts(
    rule=RULE,
    started_at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
    due_at=datetime(2026, 6, 10, 15, 59, tzinfo=UTC),
    pauses=(Pause(reason="等待补充材料", started_at=datetime(2026, 3, 5, tzinfo=UTC), days=2),),
    extensions=(Extension(reason="情况复杂", days=30),),
)
FIELDS: dict[str, Any] = {
    "place": "锦绣家园",
    "building": "3",
    "owner": "槐荫一网格",
    "duty": "电梯故障与困人",
    "basis": "《特种设备安全法》第四十五条",
    "unit": "安达电梯维保公司",
    "helpers": ["锦程物业", "阳光物业"],
}
NOTHING: dict[str, Any] = {**dict.fromkeys(FIELDS, ""), "helpers": []}


def test_one_sentence_explains_a_clock() -> None:
    assert explain_clock(FACTS) == (
        "依据《信访工作条例》第三十四条（应当60日内办结），自2026年03月02日09:00起60日，"
        "因等待补充材料暂停2天，因情况复杂经批准延长30日，至2026年06月10日23:59止。"
    )


def test_the_same_in_english() -> None:
    with speaking(ENGLISH):
        assert explain_clock(FACTS) == (
            "Under “信访工作条例” 第三十四条, 60 days from 02 Mar 2026 09:00, "
            "paused for 2 days (等待补充材料), extended by 30 days with approval (情况复杂), "
            "ends 10 Jun 2026 23:59."
        )


@pytest.mark.parametrize(
    ("days", "said"), [(None, "因停水自2026年03月02日09:00起暂停"), (0, "因停水暂停不足1天")]
)
def test_pauses_that_last_and_that_were_short(days: int | None, said: str) -> None:
    pause = Pause(reason="停水", started_at=FACTS.started_at, days=days)
    facts = ClockFacts(rule=RULE, started_at=FACTS.started_at, due_at=FACTS.due_at, pauses=(pause,))
    assert f"，{said}，" in explain_clock(facts)


def test_one_is_counted_as_one() -> None:
    rule = DeadlineRule(
        id="x", clock=ClockName.SIGN_FOR, amount=1, unit=AmountUnit.WORKING_DAYS, source="GB/T"
    )
    facts = ClockFacts(rule=rule, started_at=FACTS.started_at, due_at=FACTS.due_at)
    assert "起1个工作日，" in explain_clock(facts)
    with speaking(ENGLISH):
        assert ", 1 working day from " in explain_clock(facts)


def test_practice_without_an_article_stands_in_no_book_title_marks() -> None:
    rule = DeadlineRule(
        id="x", clock=ClockName.CONTACT, amount=24, unit=AmountUnit.HOURS, source="城市通行做法"
    )
    facts = ClockFacts(rule=rule, started_at=FACTS.started_at, due_at=FACTS.due_at)
    assert explain_clock(facts).startswith("依据城市通行做法，自")


@pytest.mark.parametrize(
    ("key", "fields", "sentence"),
    [
        (
            ReasonKey.DUTY,
            FIELDS,
            "地点锦绣家园3号楼属于槐荫一网格；事项属于职责清单“电梯故障与困人”"
            "（《特种设备安全法》第四十五条），由安达电梯维保公司主办，锦程物业、阳光物业协办。",
        ),
        (
            ReasonKey.CATEGORY,
            {**FIELDS, "building": "", "basis": "", "helpers": []},
            "地点锦绣家园属于槐荫一网格；没有更具体的职责事项，按“电梯故障与困人”"
            "由安达电梯维保公司主办。",
        ),
        (
            ReasonKey.FIRST_RECEIVER,
            {**NOTHING, "unit": "槐荫社区党委"},
            "职责清单中没有能直接派到的单位，由槐荫社区党委首接负责、先行协调。",
        ),
        (ReasonKey.UNPLACED, NOTHING, "地点还不能确定，先由社区党委核实地点后再分派。"),
        (
            ReasonKey.REPORT,
            NOTHING,
            "反映的是公职人员或者单位履职的问题，按照《信访工作条例》第三十条"
            "不告知、不交给被反映的一方，直接转送上级督办人员。",
        ),
    ],
)
def test_why_a_unit_leads(key: ReasonKey, fields: dict[str, Any], sentence: str) -> None:
    assert explain_routing({"key": key.value, "fields": fields}) == sentence


@pytest.mark.parametrize("key", list(ReasonKey))
def test_every_reason_is_told_in_english(key: ReasonKey) -> None:
    plain = {name: "Elm" for name in FIELDS} | {"helpers": ["Oak", "Ash"]}
    with speaking(ENGLISH):
        said = explain_routing({"key": key.value, "fields": plain})
    assert "Elm" in said or key is ReasonKey.UNPLACED
    assert not CHINESE_SIGN.search(said.replace("“", "").replace("”", ""))


def test_what_was_said_before_the_facts_were_kept_is_shown_as_it_stands() -> None:
    assert (
        explain_routing({"key": "duty", "fields": {}, "sentence": "由物业主办。"}) == "由物业主办。"
    )
    assert explain_routing({"key": "duty", "fields": {}}) == ""


def test_the_case_page_explains_itself_in_english(desk: Desk) -> None:
    receipt = desk.file()
    browser = desk.signed_in("committee")
    assert "依据" in browser.get(f"/desk/cases/{receipt.number}").text
    browser.post("/desk/language", language=ENGLISH)
    page = browser.get(f"/desk/cases/{receipt.number}").text
    assert "belongs to" in page
    assert "leads" in page
    assert "依据" not in page
    assert "协办" not in page
    assert "ends " in browser.get(f"/desk/cases/{receipt.number}/print").text
