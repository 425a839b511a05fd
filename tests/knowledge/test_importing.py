from pathlib import Path
from zipfile import ZipFile

import pytest

from knowledge.curation import lapse_version, list_documents
from knowledge.documents import VersionState
from knowledge.hashing_embedder import HashingEmbedder
from knowledge.importing import import_paths
from knowledge.preparing import prepare_text
from knowledge.readers import ReadText
from knowledge.retrieval import KnowledgeBase
from tests.knowledge.conftest import TODAY

DOG = "# 养犬办法\n\n第一条 每户限养一只犬。\n\n第二条 遛狗要牵绳，绳长不超过1.5米。\n"
LIFT = "# 电梯指南\n\n## 困人\n\n电梯困人时拨打救援电话，等待救援。\n"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "texts"
    (place / "below").mkdir(parents=True)
    (place / "dog.md").write_text(DOG, encoding="utf-8")
    (place / "below" / "lift.txt").write_text(LIFT, encoding="gb18030")
    (place / "picture.png").write_bytes(b"\x89PNG")
    (place / ".hidden.md").write_text(DOG, encoding="utf-8")
    return place


def test_a_folder_is_imported_and_found(open_session, embedder, texts, folder):
    told = []
    report = import_paths(
        open_session, embedder, [folder], progress=lambda *done: told.append(done)
    )
    assert set(report.imported) == {"dog.md", "lift.txt"}
    assert (report.refused, report.passages) == ((), 3)
    assert report.embedded > 0
    assert ("read", 2, 2) in told
    assert told[-1][0] == "embed"
    hit = texts.search("遛狗要不要牵绳")[0]
    assert hit.passage.citation.article == "第二条"
    assert hit.passage.citation.source == "dog.md"


def test_importing_again_changes_nothing(open_session, embedder, texts, folder):
    import_paths(open_session, embedder, [folder])
    texts.refresh()
    before = (texts.version, list_documents(open_session))
    report = import_paths(open_session, embedder, [folder, folder / "dog.md"])
    assert report.imported == ()
    assert set(report.unchanged) == {"dog.md", "lift.txt"}
    assert report.embedded == 0
    assert not texts.refresh()
    assert (texts.version, list_documents(open_session)) == before


def test_a_mended_file_replaces_its_text(publish_texts, texts, open_session):
    publish_texts({"dog.md": DOG})
    publish_texts({"dog.md": DOG.replace("1.5米", "2米")})
    quotes = [hit.passage.text for hit in texts.search("绳长", top=10)]
    assert any("2米" in text for text in quotes)
    assert not any("1.5米" in text for text in quotes)
    (document,) = list_documents(open_session)
    assert [version.replaced for version in document.versions] == [False, True]


def test_a_correction_can_be_taken_back(publish_texts, texts):
    for length in ("1.5米", "2米", "1.5米"):
        publish_texts({"dog.md": DOG.replace("1.5米", length)})
    found = [hit.passage.text for hit in texts.search("绳长")]
    assert sum("1.5米" in text for text in found) == 1
    assert not any("2米" in text for text in found)


def test_the_next_years_text_under_the_same_name_is_a_successor(publish_texts, texts, open_session):
    year = "---\neffective_from: {0}-01-01\n---\n# 医保缴费指南\n\n今年医保缴费{0}元。\n"
    publish_texts({"fee.md": year.format(2026)})
    publish_texts({"fee.md": year.format(2027)})
    assert ["2026元" in hit.passage.text for hit in texts.search("医保缴费")] == [True]
    (document,) = list_documents(open_session)
    assert not any(version.replaced for version in document.versions)


def test_only_changed_passages_are_embedded_again(publish_texts):
    whole = "\n\n".join(f"第{sign}条 内容{sign}。" for sign in "一二三四五六")
    first = publish_texts({"a.md": f"# 办法\n\n{whole}"})
    second = publish_texts({"a.md": f"# 办法\n\n{whole.replace('内容三', '新的内容')}"})
    assert first.embedded == 6
    assert second.embedded == 1


def test_refused_files_are_named_with_the_reason(open_session, embedder, tmp_path):
    (tmp_path / "empty.md").write_bytes(b"  \n")
    (tmp_path / "good.md").write_text(DOG, encoding="utf-8")
    report = import_paths(
        open_session, embedder, [tmp_path / "empty.md", tmp_path / "no.md", tmp_path / "good.md"]
    )
    assert report.imported == ("good.md",)
    assert [Path(refusal.source).name for refusal in report.refused] == ["no.md", "empty.md"]
    assert all(refusal.reason for refusal in report.refused)


def test_an_archive_brings_its_texts_and_tells_what_it_could_not_read(
    open_session, embedder, texts, tmp_path
):
    with ZipFile(tmp_path / "texts.zip", "w") as archive:
        archive.writestr("dog.md", DOG)
        archive.writestr("broken.md", "---\ntitle: [\n---\n内容")
        archive.writestr("empty.txt", " ")
    report = import_paths(open_session, embedder, [tmp_path / "texts.zip"])
    assert report.imported == ("dog.md",)
    assert {refusal.source for refusal in report.refused} == {"broken.md", "empty.txt"}
    assert texts.search("遛狗要不要牵绳")[0].passage.citation.source == "dog.md"


def test_two_files_of_one_name_do_not_replace_each_other(open_session, embedder, tmp_path):
    for place, text in (("a", DOG), ("b", LIFT)):
        (tmp_path / place).mkdir()
        (tmp_path / place / "text.md").write_text(text, encoding="utf-8")
    for _ in range(2):
        report = import_paths(open_session, embedder, [tmp_path / "a", tmp_path / "b"])
        assert [refusal.source for refusal in report.refused] == ["text.md"]
    assert [document.title for document in list_documents(open_session)] == ["养犬办法"]


def test_collections_are_apart(publish_texts, open_session, embedder, texts):
    publish_texts({"dog.md": DOG}, collection="other")
    assert texts.search("养犬") == []
    assert KnowledgeBase(open_session, embedder, "other").search("养犬")


def test_a_draft_answers_nobody(publish_texts, texts, open_session):
    publish_texts({"dog.md": DOG}, draft=True)
    assert texts.search("养犬") == []
    (document,) = list_documents(open_session)
    assert document.versions[0].state is VersionState.DRAFT


def test_what_a_curator_ended_stays_ended(publish_texts, texts, open_session):
    (version,) = publish_texts({"dog.md": DOG}).version_ids
    lapse_version(open_session, version, last_day=TODAY.replace(day=1))
    assert publish_texts({"dog.md": DOG}).unchanged == ("dog.md",)
    assert texts.search("养犬") == []


class FailingEmbedder(HashingEmbedder):
    def embed_passages(self, texts):
        raise ConnectionResetError


def test_an_import_cut_off_is_invisible_and_can_be_repeated(
    open_session, embedder, texts, publish_texts, folder
):
    publish_texts({"dog.md": DOG.replace("一只", "两只")})
    texts.refresh()
    with pytest.raises(ConnectionResetError):
        import_paths(open_session, FailingEmbedder(), [folder])
    assert not texts.refresh()
    assert "两只" in texts.search("每户限养几只")[0].passage.text
    report = import_paths(open_session, embedder, [folder])
    assert set(report.imported) == {"dog.md", "lift.txt"}
    texts.refresh()
    assert "一只" in texts.search("每户限养几只")[0].passage.text


def test_a_passage_knows_the_page_it_begins_on():
    text = "---\nnumber: 一号\n---\n# 指南\n\n第一条 第一页的内容。\n\n第二条 第二页的内容。\n"
    pages = (0, text.index("第二条"))
    prepared = prepare_text(ReadText(source="a.pdf", text=text, page_starts=pages))
    assert [prepared.page_of(piece) for piece in prepared.pieces] == [1, 2]
    unpaged = prepare_text(ReadText(source="a.md", text=text))
    assert unpaged.page_of(unpaged.pieces[0]) is None
