"""Two languages from one catalogue: nothing is left out of it, and each person keeps theirs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from console.extraction import CHINESE_SIGN, MARKS, extract_words
from console.language import CHINESE, ENGLISH, Words, catalogue, speaking, translate
from console.pages import TEMPLATES
from tests.console.desk_world import Desk

CONSOLE = TEMPLATES.parent
METHODS = [("templates/**.html", "jinja2"), ("**.py", "console.extraction:extract_words")]
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true"}}
GAP = re.compile(r"%\((\w+)\)s|\{(\w*)\}")
WRAPPED = re.compile(
    r"\{#.*?#\}|\{%-?\s*trans\b.*?%\}.*?\{%-?\s*endtrans\s*-?%\}|\b_\((?:\"[^\"]*\"|'[^']*')\)",
    re.DOTALL,
)
NOT_FOR_READING = {
    "api/routes.py",  # the interface names a page of the desk
    "desk/editing.py",  # book-title marks cut off what curators type
    "desk/question_bank.py",
    "organisation_forms.py",  # how lists and sentences are typed
    "reply_templates.py",  # gaps that staff type into templates
    "second_factor.py",  # stands in the phone's authenticator for years
    "spreadsheets.py",  # signs that begin a formula
    "suggesting.py",  # a letter to the resident, who is written to in Chinese
}


def keys() -> set[str]:
    found = extract_from_dir(CONSOLE, METHODS, OPTIONS)
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def test_every_sentence_has_its_english() -> None:
    assert keys() - catalogue(ENGLISH).keys() == set()


def test_no_english_outlives_its_sentence() -> None:
    assert catalogue(ENGLISH).keys() - keys() == set()


def test_every_gap_of_the_english_is_filled() -> None:
    for chinese, english in catalogue(ENGLISH).items():
        extra = set(GAP.findall(english)) - set(GAP.findall(chinese))
        assert extra <= {("", "month_name")}, chinese
        assert not CHINESE_SIGN.search(re.sub("【待补充】|“.*?”", "", english)), chinese


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_template_holds_a_sentence_outside_of_the_catalogue(path: Path) -> None:
    left = WRAPPED.sub("", path.read_text(encoding="utf-8"))
    assert [line.strip() for line in left.splitlines() if CHINESE_SIGN.search(line)] == []


def test_no_module_says_a_sentence_outside_of_the_catalogue() -> None:
    said = {
        f"{path.relative_to(CONSOLE)}:{part.lineno}"
        for path in CONSOLE.rglob("*.py")
        if str(path.relative_to(CONSOLE)) not in NOT_FOR_READING | {"extraction.py", "language.py"}
        for part in loose_sentences(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert said == set()


def loose_sentences(tree: ast.Module) -> Iterator[ast.Constant]:
    """Chinese strings that are neither marked nor documentation."""
    kept = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        or (isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS)
        for part in ast.walk(node)
        if not isinstance(node, ast.Expr) or part is node.value
    }
    for part in ast.walk(tree):
        words = part.value if isinstance(part, ast.Constant) and id(part) not in kept else None
        if isinstance(words, str) and CHINESE_SIGN.search(words):
            yield part


def test_marked_strings_are_found_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    path.write_text(
        'A = Words({"a": "甲"})\nB = "乙"\nC = translate("丙" "丁")\n', encoding="utf-8"
    )
    with path.open("rb") as file:
        assert [one[:3] for one in extract_words(file, {}, (), {})] == [
            (1, "", "甲"),
            (3, "", "丙丁"),
        ]


def test_a_table_of_words_answers_in_the_language_at_hand() -> None:
    table = Words({"save": "保存"})
    with speaking(ENGLISH):
        assert (table["save"], dict(table)) == ("Save", {"save": "Save"})
        assert translate("锦绣家园") == "锦绣家园"
    with speaking("fr"):
        assert table["save"] == "保存"


def test_a_browser_switches_before_and_after_signing_in(desk: Desk) -> None:
    browser = desk.browser()
    page = browser.get("/desk/sign-in").text
    assert 'lang="zh-CN"' in page
    browser.sign_in("no one")
    switched = browser.post("/desk/language", language=ENGLISH, next="/desk/sign-in").text
    assert '<html lang="en">' in switched
    assert "Sign in to the desk" in switched
    browser.sign_in("committee")
    board = browser.get("/desk?status=screened").text
    assert "Supervision" in board
    assert 'value="/desk?status=screened"' in board


def test_the_language_stays_with_the_person(desk: Desk) -> None:
    desk.signed_in("committee").post("/desk/language", language=ENGLISH)
    elsewhere = desk.browser()
    elsewhere.sign_in("committee")
    assert "Reply templates" in elsewhere.get("/desk").text
    other = desk.signed_in("supervisor")
    assert "常用答复" in other.get("/desk").text


def test_errors_and_clocks_are_told_in_english_too(desk: Desk) -> None:
    number = desk.file().case_number
    browser = desk.signed_in("committee")
    browser.post("/desk/language", language=ENGLISH)
    page = browser.get(f"/desk/cases/{number}").text
    assert " left" in page
    assert "Screen and dispatch" in page
    assert "No such case" in browser.get("/desk/cases/HY20200101-0001").text
    assert "Please write something" in browser.act(number, "note", text="").text


def test_only_known_languages_and_our_own_pages(desk: Desk) -> None:
    browser = desk.signed_in("committee")
    assert browser.post("/desk/language", language="fr").status_code == 422
    browser.client.follow_redirects = False
    away = browser.post("/desk/language", language=CHINESE, next="https://evil.example/desk")
    assert away.headers["location"] == "/desk"
    assert "httponly" in away.headers["set-cookie"].lower()
    assert browser.client.post("/desk/language", data={"language": "en"}).status_code == 403
