"""Puts an Understanding together from what an engine thinks and what the shared rules find."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from nlu.entities import find_entities
from nlu.gazetteer import Gazetteer
from nlu.language import detect_language
from nlu.understanding import Category, Intent, Understanding, Urgency


def compose(
    text: str,
    intent_scores: Sequence[tuple[Intent, float]],
    categories: Sequence[Category],
    *,
    gazetteer: Gazetteer,
    parser: str,
    model: str,
    evidence: tuple[str, ...] = (),
) -> Understanding:
    intent, confidence = intent_scores[0]
    return Understanding(text=text, intent=intent, confidence=confidence, alternatives=tuple(intent_scores[1:4]),
        categories=tuple(categories), urgency=Urgency.EMERGENCY if intent is Intent.EMERGENCY else Urgency.ORDINARY,
        emergency_service=None, entities=find_entities(text, gazetteer, datetime.now(ZoneInfo("Asia/Shanghai")).date()),
        language=detect_language(text), parser=parser, model=model, evidence=evidence)
