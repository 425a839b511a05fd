"""The words around the conversation, and the numbers and addresses in it."""

import re
from collections.abc import Mapping
from datetime import timedelta
from string import Formatter

import pytest

from bot.channels.web_pages import SCRIPT_WORDS, STATIC_FOLDER, TEMPLATE_FOLDER
from bot.channels.web_text import PageWords, emergency_numbers, page_words, pieces, safe_address
from bot.channels.web_track import TrackProblem
from bot.channels.web_views import ContactProblem, PageProblem
from bot.dialogue.wording import web_en, web_zh_cn
from bot.messages import AttachmentKind
from petitions.notices import STEPS_FOR_RESIDENT
from tests.bot.web_samples import NOW


def test_both_languages_have_the_same_sentences_with_the_same_fields() -> None:
    assert web_zh_cn.SENTENCES.keys() == web_en.SENTENCES.keys()
    for key, sentence in web_zh_cn.SENTENCES.items():
        assert _fields(sentence) == _fields(web_en.SENTENCES[key]), key


def test_the_tables_are_frozen() -> None:
    with pytest.raises(TypeError):
        web_en.SENTENCES["brand"] = "other"  # type: ignore[index]


@pytest.mark.parametrize("table", [web_zh_cn.SENTENCES, web_en.SENTENCES])
def test_no_sentence_shouts_or_stays_empty(table: Mapping[str, str]) -> None:
    assert [key for key, sentence in table.items() if not sentence.strip()] == []
    assert [key for key, sentence in table.items() if re.search("[!！]|你", sentence)] == []


def test_every_sentence_is_said_somewhere() -> None:
    folder = TEMPLATE_FOLDER.parent
    sources = [*TEMPLATE_FOLDER.glob("*.html"), folder / "web_pages.py", folder / "web_text.py"]
    written = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    said = set(re.findall(r"""["']([a-z]+\.[a-z_]+)["']""", written))
    unsaid = (
        web_zh_cn.SENTENCES.keys()
        - said
        - _put_together()
        - set(SCRIPT_WORDS)
        - {"brand", "greeting"}
    )
    assert unsaid == set()


def _put_together() -> set[str]:
    """Keys that the templates make of two parts."""
    return {
        *(f"log.{kind}" for kind in AttachmentKind),
        *(f"contact.error_{problem}" for problem in ContactProblem),
        *(f"contact.{field}{end}" for field in ("name", "phone") for end in ("", "_hint")),
        *(f"problem.{problem}{end}" for problem in PageProblem for end in ("", "_help")),
        *(f"track.problem_{problem}" for problem in TrackProblem),
        *(f"track.step_{action}" for action in STEPS_FOR_RESIDENT),
        *(f"privacy.what_{end}" for end in ("words", "contact", "cookie", "not")),
        *(f"privacy.who_{end}" for end in ("desk", "anonymous", "company", "never")),
    }


def test_the_script_finds_every_sentence_it_says() -> None:
    names = ("chat.js", "voice.js")
    script = "".join((STATIC_FOLDER / name).read_text(encoding="utf-8") for name in names)
    offered = {_camel(key.removeprefix("script.")) for key in SCRIPT_WORDS}
    said = {name for name in offered if f'"{name}"' in script or f".say{name}" in script}
    assert said == offered


def test_traditional_characters_keep_the_brand() -> None:
    words = page_words("zh-TW")
    assert words.say("brand") == "回音"
    assert words.say("notice.link") == "隱私說明"


def test_a_language_we_do_not_speak_becomes_simplified_chinese() -> None:
    assert PageWords("fr").language == "zh-CN"


def test_a_moment_of_today_is_a_clock_and_an_older_one_has_its_day() -> None:
    words = page_words("zh-CN")
    assert words.moment(NOW, NOW) == "今天 14:20"
    assert words.moment(NOW - timedelta(days=1), NOW) == "11月22日14:20"
    assert page_words("en").moment(NOW - timedelta(days=1), NOW) == "22 Nov 14:20"


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("可以打槐荫社区 010-55550123，也可以留言。", ["01055550123"]),
        ("打 13800001111 或者 12345。", ["13800001111", "12345"]),
        ("编号 HY20261122-0007，费用 12345 元，12345678901234 也不是。", []),
        ("", []),
    ],
)
def test_numbers_to_call_are_found_and_no_others(text: str, phones: list[str]) -> None:
    cut = list(pieces(text))
    assert "".join(piece.text for piece in cut) == text
    assert [piece.phone for piece in cut if piece.phone] == phones


def test_emergency_numbers_stand_alone() -> None:
    assert emergency_numbers("请马上打 119，再打 120。也打 119") == ("119", "120")
    assert emergency_numbers("编号 1190 和 20110") == ()


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://huiyin.example/contact/1", True),
        ("/privacy", True),
        ("javascript:alert(1)", False),
        ("//elsewhere.example", False),
        ("/\\elsewhere.example", False),
        ("data:text/html,x", False),
        ("", False),
    ],
)
def test_a_link_leads_to_a_page_or_is_not_shown(address: str, kept: bool) -> None:
    assert safe_address(address) == (address if kept else None)


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def _camel(words: str) -> str:
    return "".join(part.title() for part in words.split("_"))


def test_the_number_of_a_petition_is_kept_in_one_piece() -> None:
    cut = list(pieces("编号 HY20261125-0003，打 010-55550100 问"))
    assert [one.text for one in cut if one.is_whole] == ["HY20261125-0003"]
    assert [one.phone for one in cut if one.phone] == ["01055550100"]
