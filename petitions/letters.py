"""The letters of a petition (信访文书): which step owes the resident one, and what it says.

A letter is data: a title, the article that asks for it, and headed paragraphs made from the
history, so that it can be printed again word for word. Services and reports have none: only a
petition (信访事项) runs by these articles.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import col, select

from petitions.actors import Actor
from petitions.deadlines import local_day
from petitions.history import history_of
from petitions.ports import UnitOfWork
from petitions.queries import case_by_number
from petitions.tables import Case, CaseEntry, Petition, Supporter
from petitions.words import LegalRegime
from petitions.workflow import CaseAction, Outcome

_A = CaseAction


class LetterKind(StrEnum):
    """The five letters."""

    ACCEPTANCE = "acceptance"
    OPINION = "opinion"
    EXTENSION = "extension"
    REVIEW = "review"
    REREVIEW = "rereview"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter.

    Attributes:
        number: The case's number, the word of the letter and its place in the history.
        article: Of the 信访工作条例.
        paragraphs: Heading and words, in the order of the letter.
        unit: Who signs it.
    """

    kind: LetterKind
    title: str
    number: str
    article: str
    unit: str
    at: datetime
    paragraphs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class _Rule:
    kind: LetterKind
    title: str
    article: str
    says: Callable[["_Matter"], Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class _Matter:
    asked: str
    entry: CaseEntry

    @property
    def words(self) -> str:
        return self.entry.text or ""

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.entry.facts


OPINIONS: Mapping[str | None, str] = {
    Outcome.RESOLVED.value: "请求事实清楚，符合规定，予以支持。",
    Outcome.EXPLAINED.value: "请求合理但是缺乏依据，已作出解释说明。",
    Outcome.NOT_SUPPORTED.value: "请求缺乏事实根据或者不符合规定，不予支持。",
    Outcome.OTHER_CHANNEL.value: "请求应当通过其他法定途径处理，已告知途径。",
}
"""信访工作条例 art. 32: support, explanation, no support; art. 31: other legal channels."""
_ASK_REVIEW = "不服本处理意见的，可以自收到之日起30日内请求上一级机关、单位复查（第三十五条）。"
_ASK_REREVIEW = "不服本复查意见的，可以自收到之日起30日内请求上一级机关、单位复核（第三十六条）。"
_FINAL = "复核之后，以同一事实和理由再提出的，不再受理（第三十六条）。"


def _acceptance(matter: _Matter) -> Mapping[str, str]:
    return {"信访请求": matter.asked, "告知": "您反映的事项已经受理，自受理之日起60日内办结。"}


def _opinion(matter: _Matter) -> Mapping[str, str]:
    return {
        "信访请求": matter.asked,
        "事实和理由": matter.words,
        "处理意见": OPINIONS.get(matter.facts.get("outcome"), ""),
        "依据": "；".join(matter.facts.get("citations") or ()),
        "救济途径": _ASK_REVIEW,
    }


def _extension(matter: _Matter) -> Mapping[str, str]:
    days = matter.facts.get("days")
    return {"信访请求": matter.asked, "告知": f"办理期限延长{days}日。", "理由": matter.words}


def _review(matter: _Matter) -> Mapping[str, str]:
    return _decided(matter, _ASK_REREVIEW)


def _rereview(matter: _Matter) -> Mapping[str, str]:
    return _decided(matter, _FINAL)


def _decided(matter: _Matter, road: str) -> Mapping[str, str]:
    opinion = "维持原处理意见。" if matter.facts.get("upheld") else "撤销原处理意见，重新办理。"
    return {
        "信访请求": matter.asked,
        "意见": opinion,
        "事实和理由": matter.words,
        "救济途径": road,
    }


RULES: Mapping[CaseAction, _Rule] = {
    _A.SCREEN: _Rule(
        kind=LetterKind.ACCEPTANCE,
        title="信访事项受理告知书",
        article="第二十三条",
        says=_acceptance,
    ),
    _A.REPLY: _Rule(
        kind=LetterKind.OPINION, title="信访事项处理意见书", article="第三十二条", says=_opinion
    ),
    _A.APPROVE_EXTENSION: _Rule(
        kind=LetterKind.EXTENSION,
        title="信访事项延期办理告知书",
        article="第三十四条",
        says=_extension,
    ),
    _A.DECIDE_REVIEW: _Rule(
        kind=LetterKind.REVIEW, title="信访事项复查意见书", article="第三十五条", says=_review
    ),
    _A.DECIDE_REREVIEW: _Rule(
        kind=LetterKind.REREVIEW, title="信访事项复核意见书", article="第三十六条", says=_rereview
    ),
}


def letters_of(work: UnitOfWork, number: str, *, actor: Actor) -> tuple[Letter, ...]:
    """The letters that a petition's steps owe, oldest first; none for other regimes.

    Raises:
        CaseNotFound: There is no such case, or the actor may not know of it.
    """
    case = case_by_number(work, number, actor=actor)
    if case.regime != LegalRegime.PETITION.value:
        return ()
    asked = _asked(work, case)
    entries = history_of(work, case.id or 0)
    return tuple(
        _letter(work, case, entry, asked, entries)
        for entry in entries
        if CaseAction(entry.action) in RULES
    )


def _asked(work: UnitOfWork, case: Case) -> str:
    """What the first of those behind the case asked for, in their own words."""
    query = (
        select(Petition.wanted, Petition.title, Petition.matter)
        .join(Supporter, col(Supporter.petition_id) == col(Petition.id))
        .where(Supporter.case_id == case.id)
        .order_by(col(Petition.id))
    )
    first = work.session.exec(query).first()
    return next((words for words in first or () if words), case.title)


def _letter(
    work: UnitOfWork, case: Case, entry: CaseEntry, asked: str, entries: Sequence[CaseEntry]
) -> Letter:
    rule = RULES[CaseAction(entry.action)]
    said = rule.says(_Matter(asked=asked, entry=_with_reason(entry, entries)))
    return Letter(
        kind=rule.kind,
        title=rule.title,
        number=f"{case.number}-{local_day(entry.at).year}-{entry.sequence}",
        article=f"《信访工作条例》{rule.article}",
        unit=_signed_by(work, case, entry),
        at=entry.at,
        paragraphs=tuple((heading, words) for heading, words in said.items() if words),
    )


def _with_reason(entry: CaseEntry, entries: Sequence[CaseEntry]) -> CaseEntry:
    """An extension is approved in few words: its reason is that of the request before it."""
    if entry.text or entry.action != CaseAction.APPROVE_EXTENSION.value:
        return entry
    asked = [one for one in entries if one.action == CaseAction.REQUEST_EXTENSION.value]
    return next((one for one in reversed(asked) if one.sequence < entry.sequence), entry)


def _signed_by(work: UnitOfWork, case: Case, entry: CaseEntry) -> str:
    committee = work.organisation.committee_of(case.community_id)
    return work.organisation.unit_name(entry.facts.get("unit") or entry.actor_unit or committee)
