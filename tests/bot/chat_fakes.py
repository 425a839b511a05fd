"""A parser by rules and a shelf of three texts: small, quick, and the same every time."""

import re
from collections.abc import Sequence
from datetime import date

from knowledge.answering import Answer, Clarify, NoAnswer, NoAnswerReason, Reply
from knowledge.documents import Citation, Hit, Passage
from nlu.understanding import (
    Category,
    Entity,
    EntityType,
    Intent,
    Language,
    PlaceParts,
    Understanding,
    Urgency,
)

RULES: tuple[tuple[Intent, str], ...] = (
    (Intent.EMERGENCY, r"困了人|有人要跳楼|着火|起火|摔倒起不来|煤气味很大|不想活"),
    (Intent.TRACK, r"进度|到哪一?步|办得怎么样|查一下.*诉求|HY\d{8}|怎么还没"),
    (Intent.URGE, r"催|快点办|抓紧办"),
    (Intent.WITHDRAW, r"撤回|撤销|不用办了"),
    (Intent.SUPPLEMENT, r"^补充|再补充"),
    (Intent.RATE, r"^(非常|很)?(不)?满意|评价|好评|差评"),
    (Intent.JOIN, r"我家也|我们楼也|附议"),
    (Intent.HUMAN, r"人工|真人|找(个)?人说"),
    (Intent.CANCEL, r"^(算了|取消|不弄了)"),
    (Intent.THANKS, r"谢谢|thanks|感谢"),
    (Intent.GREET, r"^(你好|您好|在吗|hi|hello|早上好)"),
    (Intent.DENY, r"^(不对|不是的?|不用|不要)$"),
    (Intent.AFFIRM, r"^(好|对|是|行|嗯|可以)(的|了|吧)?$"),
    (Intent.SUGGEST, r"建议|能不能(装|加|增设)"),
    (Intent.REPORT_MISCONDUCT, r"收(了)?红包|吃拿卡要|索贿|举报.*(主任|干部|书记)"),
    (
        Intent.CONSULT,
        r"怎么办理?|要什么|多少钱|能.*吗|可以.*吗|吗[？?]?$|什么时候|几点|那.*呢|要给.*办|how do",
    ),
    (
        Intent.REPORT,
        r"坏|漏|吵|没人(修|管)|堵|乱停|脏|停电|停水|没水|跳闸|投诉|反映|报修|噪|裂|墙皮|臭|broken|light|leak",
    ),
)
CATEGORIES: tuple[tuple[str, str, str], ...] = (
    (r"电梯|电体|物业|漏|灯|楼道", "城乡建设", "住房保障与房地产"),
    (r"停车|乱停|公交", "交通运输", "道路交通"),
    (r"噪|吵|臭|垃圾", "环境保护", "环境污染"),
    (r"红包|主任", "纪检监察", "作风"),
    (r"居住证|户口", "政法", "户籍证件"),
    (r"水|电|气", "城乡建设", "公用事业"),
)
SERVICES = (("119", r"困了人|着火|起火|煤气"), ("120", r"摔倒"), ("110", r""))
NUMERALS = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九十")}
ESTATES = "锦绣家园|锦秀家园|槐荫里|纺织厂宿舍|河畔公寓|书院南里|火星小区"
PLACE = re.compile(
    rf"(?P<estate>{ESTATES})?(?P<building>[0-9一二三四五六七八九十A-D]{{1,2}}(?:号楼|栋|幢|座))?"
    r"(?:(?P<unit>[0-9一二三四])单元)?(?:(?P<room>\d{3,4})室?)?"
)
TIME = re.compile(r"昨晚|昨天|今天早上|两天了?|三天了?|半年(多)?了?|上周|凌晨")
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx]")
NAME = re.compile(r"(?:我叫|联系人|称呼)([\u4e00-\u9fff]{2,3}?)(?=[，,。\s]|电话|$)")
NUMBER = re.compile(r"HY\d{8}-\d{4,}", re.IGNORECASE)
TRADITIONAL = re.compile("[電樓壞請沒樣還這]")


class RuleParser:
    """Understands by the first rule that fits."""

    name = "rules"

    def parse(self, text: str) -> Understanding:
        intent, confidence = _intent(text)
        urgency = _urgency(text, intent)
        return Understanding(
            text=text,
            intent=intent,
            confidence=confidence,
            alternatives=(),
            categories=_categories(text, intent),
            urgency=urgency,
            emergency_service=_service(text) if urgency is Urgency.EMERGENCY else None,
            entities=_entities(text),
            language=_language(text),
            parser=self.name,
            model="rules",
        )

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        return [self.parse(text) for text in texts]


def _intent(text: str) -> tuple[Intent, float]:
    known = text.replace("電", "电").replace("壞", "坏")
    for intent, pattern in RULES:
        if re.search(pattern, known.strip(), re.IGNORECASE):
            return intent, 0.9
    return Intent.OUT_OF_SCOPE, 0.3


def _urgency(text: str, intent: Intent) -> Urgency:
    if intent is Intent.EMERGENCY:
        return Urgency.EMERGENCY
    if re.search(r"停电|停水|没水|没电|电梯.*坏|电体坏|漏水", text):
        return Urgency.UTILITY
    return Urgency.LONG_STANDING if "半年" in text else Urgency.ORDINARY


def _service(text: str) -> str:
    return next(service for service, pattern in SERVICES if re.search(pattern, text))


def _categories(text: str, intent: Intent) -> tuple[Category, ...]:
    found = [
        Category(first=first, second=second, confidence=0.8)
        for pattern, first, second in CATEGORIES
        if re.search(pattern, text)
    ]
    return tuple(found[:2])


def _entities(text: str) -> tuple[Entity, ...]:
    found = [*_places(text)]
    for kind, pattern in (
        (EntityType.TIME, TIME),
        (EntityType.PHONE, PHONE),
        (EntityType.ID_NUMBER, ID_NUMBER),
        (EntityType.PETITION_NUMBER, NUMBER),
    ):
        found += [_entity(kind, match.group(), match.start()) for match in pattern.finditer(text)]
    found += [_entity(EntityType.NAME, m[1], m.start(1)) for m in NAME.finditer(text)]
    return tuple(sorted(found, key=lambda entity: entity.start))


def _entity(kind: EntityType, text: str, start: int, place: PlaceParts | None = None) -> Entity:
    return Entity(type=kind, text=text, start=start, end=start + len(text), place=place)


def _places(text: str) -> list[Entity]:
    places = []
    for match in PLACE.finditer(text):
        if match["estate"] or match["building"] or (match["unit"] and match["room"]):
            building = (match["building"] or "").rstrip("号楼栋幢座")
            parts = PlaceParts(
                estate=match["estate"],
                building=NUMERALS.get(building, building) or None,
                unit=match["unit"],
                room=match["room"],
            )
            places.append(_entity(EntityType.PLACE, match.group(), match.start(), parts))
    return places


def _language(text: str) -> Language:
    if TRADITIONAL.search(text):
        return Language.TRADITIONAL
    return (
        Language.ENGLISH
        if re.search("[a-z]{3}", text) and text.isascii()
        else (Language.SIMPLIFIED)
    )


EBIKE_TEXT = "禁止在楼道、门厅停放电动自行车或者为其充电。"


def citation(title: str = "电动自行车管理规定", article: str = "第五条") -> Citation:
    return Citation(
        title=title,
        number="槐安办发〔2025〕14号",
        article=article,
        effective_from=date(2025, 3, 1),
        source="ebike-rule.md",
    )


def hit(text: str = EBIKE_TEXT, topic: str = "电动自行车") -> Hit:
    passage = Passage(
        id=1,
        text=text,
        heading="电动自行车管理规定 › 停放",
        citation=citation(),
        collection="community",
        version_id=1,
        topic=topic,
    )
    return Hit(passage=passage, score=0.9)


class ShelfOfTexts:
    """Answers about e-bikes and residence permits, asks back about parking, knows no more."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []

    def answer(self, question: str, *, context: str | None = None) -> Reply:
        self.asked.append((question, context))
        subject = f"{context or ''}{question}"
        if re.search("电动车|电瓶车|电动自行车|e-bike|電動車", subject):
            return self._answer(EBIKE_TEXT, "电动自行车")
        if "居住证" in subject:
            return self._answer("居住证有效期为一年，到期前三十日内办理签注，不收费。", "居住证")
        if "地面停车" in subject:
            return self._answer("地面车位每月150元。", "地面停车")
        if "停车" in subject:
            return Clarify(topics=("地面停车", "地下车库"), hits=(hit(), hit()))
        if "采暖补贴" in subject:
            return NoAnswer(reason=NoAnswerReason.NOT_IN_FORCE, nearest=(hit(),))
        return NoAnswer(reason=NoAnswerReason.NOTHING_NEAR)

    def _answer(self, text: str, topic: str) -> Answer:
        return Answer(hits=(hit(text, topic),), quote=text, score=0.9, topic=topic)
