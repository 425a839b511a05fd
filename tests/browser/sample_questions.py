"""What residents asked the sample street's texts lately, and what its curator made of it."""

from datetime import datetime, timedelta

from console.texts import Texts
from knowledge.answering import NoAnswer, NoAnswerReason
from knowledge.bank import BankDraft
from knowledge.importing import SourceFile
from knowledge.questions import record_question
from knowledge.trials import TrialDraft, TrialKind
from knowledge.vectors import SessionFactory
from nlu.corrections import Correction, propose_example
from nlu.gazetteer import Gazetteer
from petitions.actors import Actor
from petitions.exclusions import ask_exclusion
from petitions.hot_watch import find_live_issues, replace_hot_issues
from petitions.ports import UnitOfWork

IN_VAIN = (
    "护照在哪里办理",
    "护照在哪里办理",
    "护照在哪里办",
    "小区里能不能养鸡",
    "暑假有没有托管班",
    "暑假有没有托管班",
)
ANSWERED = (
    "电动车能不能推上楼充电",
    "楼道里可以给电动车充电吗",
    "车棚的充电口晚上几点断电",
    "电动自行车停在哪里",
    "物业费多少钱一平米",
    "晚上几点以后不能装修",
)
GATE = (
    TrialDraft(question="楼道里可以给电动车充电吗", kind=TrialKind.ANSWER, phrase="充电"),
    TrialDraft(question="护照在哪里办理", kind=TrialKind.REFUSE),
)
DRAFT = """---
title: 锦绣家园电动自行车停放约定
number: 锦业约〔2026〕3号
issuer: 锦绣家园业主委员会
effective_from: 2026-01-01
---

# 锦绣家园电动自行车停放约定

第一条 电动自行车停在东门车棚，不停在楼道、门厅和安全出口。

第二条 车棚里的充电口晚上十一点断电，早上六点通电。

第三条 电池不带进电梯，不带回家充电。
"""


CORRECTED = (
    (
        "楼下烧烤摊天天冒烟，窗户都不敢开",
        {"category_first": "商贸旅游", "category_second": "市场监管"},
        {"category_first": "环境保护", "category_second": "环境污染"},
    ),
    ("3号楼楼道灯不亮，物业说归路灯所管", {"unit": "jincheng-property"}, {"unit": "anda-elevator"}),
)
"""What staff put right: the words, the labels before and after."""


def correct_lately(open_session: SessionFactory, *, now: datetime) -> None:
    """Corrections that wait for the curator."""
    with open_session() as session:
        for number, (text, old, new) in enumerate(CORRECTED):
            correction = Correction(
                source=f"sample {number}",
                text=text,
                old=old,
                new=new,
                corrected_by="committee",
                corrected_at=now - timedelta(hours=3 - number),
            )
            propose_example(session, correction, Gazetteer())
        session.commit()


def ask_lately(texts: Texts, *, now: datetime) -> None:
    """Questions answered and in vain, two of the gate, one of the bank, and a draft."""
    for number, words in enumerate((*IN_VAIN, *ANSWERED)):
        reply = (
            NoAnswer(reason=NoAnswerReason.NOTHING_NEAR)
            if number < len(IN_VAIN)
            else texts.base.answer(words)
        )
        record_question(
            texts.open_session,
            words,
            reply,
            collection=texts.base.collection,
            resident=f"resident-{number}",
            asked_at=now - timedelta(hours=5 * number + 1),
        )
    texts.add_trials(GATE, "curator")
    nearest = texts.suggest("电动自行车停放")[0].passage
    texts.add_to_bank(BankDraft(question="电瓶车停哪儿", passage_id=nearest.id), "curator")
    texts.take_in([SourceFile(name="ebike-parking.md", content=DRAFT.encode())])


def oversee(work: UnitOfWork, case_id: int, *, asked_by: Actor, now: datetime) -> None:
    """What the service does each night, and a case that somebody wants left out of the rates."""
    replace_hot_issues(work, find_live_issues(work, now=now))
    ask_exclusion(
        work, case_id, actor=asked_by, now=now, reason="工地有夜间施工许可，不属于违规施工"
    )
    work.commit()
