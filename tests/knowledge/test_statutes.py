"""Real statutes, where their folder is at hand: nothing lost, succession found."""

from datetime import date

import pytest

from knowledge.curation import list_documents
from knowledge.importing import import_paths
from knowledge.imprint import read_imprint
from knowledge.numerals import read_numeral
from knowledge.readers import read_file
from knowledge.splitting import split_text
from tests.knowledge.conftest import ROOT, TODAY

DATA = ROOT.parent / "shared" / "data" / "policy"
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.exists(), reason="the folder with real statutes is not here"),
]


def statutes():
    return sorted(DATA.glob("*/*.md"))


def test_every_statute_splits_into_its_articles_and_loses_nothing():
    for path in statutes():
        (read,) = read_file(path.read_bytes(), path.name)
        _, start = read_imprint(path.name, read.text)
        body = read.text[start:]
        pieces = split_text(body)
        assert "".join(body[p.start : p.end] for p in pieces) == body
        numbers = [
            read_numeral(p.article[1:-1]) for p in pieces if p.article and "之" not in p.article
        ]
        assert numbers == sorted(numbers), path.name


def test_succession_of_statutes_is_found(open_session, embedder):
    names = ("审计条例", "机动车停车条例", "未成年人保护条例", "反不正当竞争", "废止部分地方性法规")
    chosen = [p for p in statutes() if any(name in p.name for name in names)]
    import_paths(open_session, embedder, chosen)
    views = {d.title: d.versions for d in list_documents(open_session)}
    audit = views["北京市审计条例"]
    assert [v.citation.effective_to for v in audit] == [None, date(2023, 11, 23)]
    assert [v.answers_on(TODAY) for v in views["北京市机动车停车条例"]] == [True, False]
    repealed = views["北京市反不正当竞争条例"][0]
    assert repealed.citation.effective_to == date(2021, 9, 23)
