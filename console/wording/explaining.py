"""Sentences put together from facts of petitions: why a clock ends when it does, why a unit leads.

Chinese and English put the parts in orders of their own, so each part is one row.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from console.formatting import MONTHS, counted
from console.language import Words, translate
from petitions.clock_view import ClockFacts, Extension, Pause
from petitions.deadlines import LOCAL_ZONE, DeadlineRule
from petitions.routing import ReasonKey

CLOCK_PARTS = Words(
    {
        "source": "依据{source}{article}",
        "law": "《{source}》",
        "rule": "{source}（{sentence}）",
        "period": "自{start}起{amount}",
        "paused_since": "因{reason}自{start}起暂停",
        "paused_days": "因{reason}暂停{n}天",
        "paused_shortly": "因{reason}暂停不足1天",
        "extended": "因{reason}经批准延长{n}日",
        "end": "至{end}止",
        "moment": "{year}年{month}月{day}日{time}",
    }
)

PERIOD = Words(
    {
        "minutes": "{n}分钟",
        "hours": "{n}小时",
        "days": "{n}日",
        "working_days": "{n}个工作日",
        "one_days": "1日",
        "one_working_days": "1个工作日",
    }
)

ROUTING = Words(
    {
        "duty": "{place}事项属于职责清单“{duty}”{basis}，由{unit}主办{helpers}。",
        "category": "{place}没有更具体的职责事项，按“{duty}”{basis}由{unit}主办{helpers}。",
        "first_receiver": "{place}职责清单中没有能直接派到的单位，由{unit}首接负责、先行协调。",
        "unplaced": "地点还不能确定，先由社区党委核实地点后再分派。",
        "report": "反映的是公职人员或者单位履职的问题，按照《信访工作条例》第三十条"
        "不告知、不交给被反映的一方，直接转送{unit}。",
    }
)

ROUTING_PARTS = Words(
    {
        "place": "地点{place}属于{owner}；",
        "place_building": "地点{place}{building}号楼属于{owner}；",
        "basis": "（{basis}）",
        "helpers": "，{units}协办",
        "higher": "上级督办人员",
    }
)


def explain_clock(facts: ClockFacts) -> str:
    """One sentence that says why the deadline is what it is."""
    return translate("，").join(_clock_parts(facts)) + translate("。")


def _clock_parts(facts: ClockFacts) -> Iterator[str]:
    rule = facts.rule
    yield _source(rule)
    amount = counted(PERIOD, rule.unit.value, rule.amount)
    yield CLOCK_PARTS["period"].format(start=_written(facts.started_at), amount=amount)
    yield from map(_pause, facts.pauses)
    yield from map(_extension, facts.extensions)
    yield CLOCK_PARTS["end"].format(end=_written(facts.due_at))


def _source(rule: DeadlineRule) -> str:
    # Laws and regulations stand in book-title marks; practice and standards don't.
    titled = CLOCK_PARTS["law"].format(source=rule.source) if rule.is_law else rule.source
    source = CLOCK_PARTS["source"].format(source=titled, article=rule.article or "").rstrip()
    if not rule.sentence:
        return source
    return CLOCK_PARTS["rule"].format(source=source, sentence=rule.sentence)


def _pause(pause: Pause) -> str:
    if pause.days is None:
        return CLOCK_PARTS["paused_since"].format(
            reason=pause.reason, start=_written(pause.started_at)
        )
    key = "paused_days" if pause.days else "paused_shortly"
    return CLOCK_PARTS[key].format(reason=pause.reason, n=pause.days)


def _extension(extension: Extension) -> str:
    return CLOCK_PARTS["extended"].format(reason=extension.reason, n=extension.days)


def _written(moment: datetime) -> str:
    local = moment.astimezone(LOCAL_ZONE)
    return CLOCK_PARTS["moment"].format(
        year=local.year,
        month=f"{local:%m}",
        day=f"{local:%d}",
        time=f"{local:%H:%M}",
        month_name=MONTHS[local.month - 1],
    )


def explain_routing(reason: Mapping[str, Any]) -> str:
    """One sentence that says why a unit was proposed; empty where nothing is known (any more)."""
    if "sentence" in reason:
        # Cases routed before the facts were kept apart hold a sentence, in Chinese.
        return str(reason["sentence"])
    fields = reason.get("fields")
    if not fields:
        return ""
    key = ReasonKey(reason["key"])
    unit = fields["unit"] or (ROUTING_PARTS["higher"] if key is ReasonKey.REPORT else "")
    return ROUTING[key.value].format(
        place=_place(fields),
        duty=fields["duty"],
        basis=ROUTING_PARTS["basis"].format(basis=fields["basis"]) if fields["basis"] else "",
        unit=unit,
        helpers=_helpers(fields["helpers"]),
    )


def _place(fields: Mapping[str, Any]) -> str:
    if not fields["owner"]:
        return ""
    key = "place_building" if fields["building"] else "place"
    return ROUTING_PARTS[key].format(
        place=fields["place"], building=fields["building"], owner=fields["owner"]
    )


def _helpers(names: Sequence[str]) -> str:
    return ROUTING_PARTS["helpers"].format(units=translate("、").join(names)) if names else ""
