from datetime import date

import pytest

from knowledge.curation import (
    collections,
    lapse_version,
    list_documents,
    passages_of,
    publish_version,
    publish_versions,
    submit_version,
    version_of,
)
from knowledge.documents import VersionState
from knowledge.errors import UnknownVersion, VersionNotAllowed
from tests.knowledge.conftest import TODAY

WORDING = """---
title: 审计办法
number: 云审〔{0}〕1号
effective_from: {0}-01-01
---
# 审计办法

## 第一章 总则

第一条 {0}年的内容。

第二条 附则。
"""


def wording(year):
    return {f"{year}.md": WORDING.format(year)}


@pytest.mark.parametrize("order", [(2017, 2023), (2023, 2017)])
def test_succession_is_found_whatever_comes_first(publish_texts, open_session, order):
    for year in order:
        publish_texts(wording(year))
    (document,) = list_documents(open_session)
    assert document.title == "审计办法"
    assert [view.citation.number for view in document.versions] == [
        "云审〔2023〕1号",
        "云审〔2017〕1号",
    ]
    assert [view.citation.effective_to for view in document.versions] == [None, date(2022, 12, 31)]
    assert [view.answers_on(TODAY) for view in document.versions] == [True, False]
    assert [view.answers_on(date(2018, 1, 1)) for view in document.versions] == [False, True]


def test_when_the_successor_ends_before_it_began_the_old_text_goes_on(publish_texts, open_session):
    publish_texts(wording(2017))
    (newer,) = publish_texts(wording(2023)).version_ids
    lapse_version(open_session, newer, last_day=date(2022, 12, 31))
    (document,) = list_documents(open_session)
    assert document.versions[1].answers_on(TODAY)
    assert document.versions[0].lapsed_at is not None


def test_a_lapsed_successor_does_not_bring_the_old_text_back(publish_texts, open_session):
    publish_texts(wording(2017))
    (newer,) = publish_texts(wording(2023)).version_ids
    lapse_version(open_session, newer, last_day=date(2025, 12, 31))
    (document,) = list_documents(open_session)
    assert not any(version.answers_on(TODAY) for version in document.versions)
    assert document.versions[0].answers_on(date(2025, 12, 31))


def test_the_way_of_a_version(publish_texts, open_session):
    (version,) = publish_texts(wording(2023), draft=True).version_ids
    states = [version_of(open_session, version).state]
    submit_version(open_session, version)
    states.append(version_of(open_session, version).state)
    publish_version(open_session, version)
    states.append(version_of(open_session, version).state)
    lapse_version(open_session, version, last_day=TODAY)
    states.append(version_of(open_session, version).state)
    assert states == list(VersionState)


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ([], lambda s, v: lapse_version(s, v, last_day=TODAY)),
        ([publish_version], submit_version),
        ([submit_version], submit_version),
        ([publish_version, lambda s, v: lapse_version(s, v, last_day=TODAY)], publish_version),
    ],
)
def test_steps_out_of_order_are_refused(publish_texts, open_session, steps, wrong):
    (version,) = publish_texts(wording(2023), draft=True).version_ids
    for step in steps:
        step(open_session, version)
    before = version_of(open_session, version)
    with pytest.raises(VersionNotAllowed) as refused:
        wrong(open_session, version)
    assert refused.value.state == before.state
    assert version_of(open_session, version) == before


def test_several_are_published_together_or_not_at_all(publish_texts, open_session):
    drafts = publish_texts(wording(2017) | wording(2023), draft=True).version_ids
    with pytest.raises(UnknownVersion):
        publish_versions(open_session, [*drafts, 99])
    assert {version_of(open_session, draft).state for draft in drafts} == {VersionState.DRAFT}
    publish_versions(open_session, drafts)
    assert {version_of(open_session, draft).state for draft in drafts} == {VersionState.PUBLISHED}


@pytest.mark.parametrize(
    "step",
    [publish_version, submit_version, version_of, passages_of],
)
def test_an_unknown_version_is_named(open_session, step):
    with pytest.raises(UnknownVersion) as unknown:
        step(open_session, 7)
    assert unknown.value.version_id == 7


def test_passages_of_a_draft_can_be_looked_at(publish_texts, open_session):
    (version,) = publish_texts(wording(2023), draft=True).version_ids
    passages = passages_of(open_session, version)
    assert [passage.citation.article for passage in passages] == ["第一条", "第二条"]
    assert passages[0].heading == "审计办法 › 第一章 总则"
    assert version_of(open_session, version).passages == 2


def test_collections_are_listed(publish_texts, open_session):
    assert collections(open_session) == []
    publish_texts(wording(2023))
    publish_texts(wording(2023), collection="other")
    assert collections(open_session) == ["community", "other"]
