"""The pages of the web chat: whole, strict, and nothing that people write becomes markup."""

import re
from itertools import count

import pytest

from bot.channels.web_pages import CONTENT_SECURITY_POLICY, STATIC_FOLDER, WebPages
from bot.channels.web_text import LANGUAGES
from bot.channels.web_track import Tracked, TrackedStep, TrackProblem, TrackView
from bot.channels.web_views import (
    Bubble,
    ChatView,
    ContactProblem,
    ContactView,
    Operator,
    PageProblem,
    Visit,
)
from bot.messages import CardRow, Choice, Link, OutgoingMessage, Quote
from petitions.workflow import CaseAction
from tests.bot.web_samples import NOW, Outline, said, visit_of

HOSTILE = '</p><script>alert(1)</script><img src=x onerror="alert(1)"> \' OR 1=1 {{ 7*7 }} {x}'
SCRIPT_LIMIT_BYTES = 30_000


@pytest.fixture
def pages() -> WebPages:
    ids = count(1)
    operator = Operator(
        name="槐安街道", phone="010-55550100", address="槐安路 1 号", keeps_days=180
    )
    return WebPages(operator=operator, new_id=lambda: f"new-{next(ids)}")


def _every_page(pages: WebPages, visit: Visit, words: str) -> dict[str, str]:
    bubbles = (
        said("1", words),
        _reply_full_of(words, "2"),
        said("3", words),
        _reply_full_of(words),
    )
    contact = ContactView(
        action="/contact/t", minutes=30, title=words, name=words, phone=words, back="/"
    )
    view = ChatView(bubbles=bubbles, problem=words, draft=words, earlier="/?before=1")
    return {
        "chat": pages.render_chat(visit, view),
        "first visit": pages.render_chat(visit, ChatView()),
        "contact": pages.render_contact(visit, contact),
        "contact done": pages.render_contact_done(visit, back="/"),
        "privacy": pages.render_privacy(visit),
        "track": pages.render_track(visit, _track_full_of(words)),
        "track failed": pages.render_track(
            visit, TrackView(number=words, problem=TrackProblem.WRONG)
        ),
        **{problem: pages.render_problem(visit, problem, draft=words) for problem in PageProblem},
    }


def _track_full_of(words: str) -> TrackView:
    step = TrackedStep(at=NOW, action=CaseAction.REPLY, unit=words, words=words)
    found = Tracked(
        number=words,
        filed_at=NOW,
        status=words,
        next=words,
        is_late=True,
        outcome=words,
        supporters=3,
        steps=(step,),
    )
    return TrackView(number=words, found=found)


def _reply_full_of(words: str, bubble_id: str = "4") -> Bubble:
    message = OutgoingMessage(
        text=words,
        quote=Quote(text=words, citation=words),
        card=(CardRow(label=words, value=words, edit=Choice(payload=words, label=words)),),
        choices=(Choice(payload=words, label=words),),
        link=Link(url="javascript:alert(1)", label=words),
        urgent=True,
    )
    return Bubble(id=bubble_id, at=NOW, reply=message)


# Nothing of what people write becomes markup


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("elder", [False, True])
def test_words_never_become_markup(pages: WebPages, language: str, elder: bool) -> None:
    for name, page in _every_page(pages, visit_of(language, elder=elder), HOSTILE).items():
        outline = Outline(page)
        scripts = [one.get("src") or "inline" for one in outline.all("script")]
        assert all(source.startswith("/chat/static/") for source in scripts), name
        assert "javascript:" not in page, name
        assert not [tag for tag, found in outline.elements if "onerror" in found], name
        assert "49" not in re.findall(r"OR 1=1 (\S+)", page), name


def test_a_bubble_alone_escapes_too(pages: WebPages) -> None:
    html = pages.render_bubble(visit_of(), _reply_full_of(HOSTILE))
    assert not Outline(html).all("script")
    assert not Outline(html).all("img")


def test_there_is_no_inline_script_or_style_so_that_the_policy_can_be_strict(
    pages: WebPages,
) -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    for name, page in _every_page(pages, visit_of(), "电梯坏了").items():
        outline = Outline(page)
        assert not outline.all("style"), name
        inline = [key for _, found in outline.elements for key in found]
        assert not [key for key in inline if key == "style" or key.startswith("on")], name


def test_lines_of_a_message_are_kept_and_the_space_around_it_is_not(pages: WebPages) -> None:
    html = pages.render_bubble(visit_of(), said("1", "\n 三号楼\n 五层 \n"))
    assert '<p class="words">三号楼\n 五层</p>' in html


# Forms


@pytest.mark.parametrize("elder", [False, True])
def test_every_form_posts_to_us_with_the_token(pages: WebPages, elder: bool) -> None:
    for name, page in _every_page(pages, visit_of(elder=elder), "电梯坏了").items():
        outline = Outline(page)
        forms = outline.all("form")
        assert all(str(form["action"]).startswith("/") for form in forms), name
        assert {form["method"] for form in forms} == {"post"}, name
        # Following a petition changes nothing, so there is nothing to forge.
        changing = [form for form in forms if form["action"] != "/track"]
        assert len(outline.all("input", name="csrf", value="csrf-token")) == len(changing), name


def test_every_field_has_a_label_and_no_id_stands_twice(pages: WebPages) -> None:
    for name, page in _every_page(pages, visit_of(elder=True), "电梯坏了").items():
        outline = Outline(page)
        labelled = {label.get("for") for label in outline.all("label")}
        inputs = [*outline.all("input"), *outline.all("textarea")]
        shown = {one.get("id") for one in inputs if one.get("type") not in ("hidden", "checkbox")}
        assert shown <= labelled, name
        ids = [found["id"] for _, found in outline.elements if "id" in found]
        assert len(ids) == len(set(ids)), name


# The other pages


def test_contact_problems_stand_beside_their_fields_and_keep_what_was_typed(
    pages: WebPages,
) -> None:
    view = ContactView(
        action="/contact/t",
        minutes=30,
        name="王女士",
        phone="138",
        problems=(ContactProblem.PHONE_WRONG, ContactProblem.CONSENT_MISSING),
    )
    page = pages.render_contact(visit_of(), view)
    phone = Outline(page).all("input", id="phone")[0]
    assert (phone["value"], phone["aria-invalid"]) == ("138", "true")
    assert phone["aria-describedby"] == "phone-hint phone-problem"
    assert "aria-invalid" not in Outline(page).all("input", id="name")[0]
    assert page.count("手机号是 11 位") == 2
    assert "关掉这个页面" in page


def test_consent_is_asked_for_and_never_given_beforehand(pages: WebPages) -> None:
    page = pages.render_contact(visit_of(), ContactView(action="/contact/t", minutes=30))
    assert "checked" not in Outline(page).all("input", name="consent")[0]


def test_the_privacy_notice_names_who_what_how_long_and_how_to_reach(pages: WebPages) -> None:
    page = pages.render_privacy(visit_of())
    for words in ("槐安街道", "180 天", "010-55550100", "槐安路 1 号", "个人信息保护法"):
        assert words in page
    bare = WebPages(operator=Operator(name="槐安街道")).render_privacy(visit_of())
    assert "tel:" not in bare
    assert "档案规定" in bare


@pytest.mark.parametrize("problem", PageProblem)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_says_what_to_do_and_leads_back(
    pages: WebPages, problem: PageProblem, language: str
) -> None:
    page = pages.render_problem(visit_of(language), problem, wait_seconds=7)
    assert "{" not in page
    assert 'href="/"' in page
    assert "<textarea" not in page


def test_words_that_could_not_be_taken_can_be_sent_again_from_the_page_that_says_so(
    pages: WebPages,
) -> None:
    page = pages.render_problem(visit_of(), PageProblem.SESSION_LOST, draft="路灯不亮")
    assert "\n路灯不亮</textarea>" in page
    assert Outline(page).all("form", action="/chat", id="write")


# What is sent along


def test_the_script_stays_small() -> None:
    scripts = list(STATIC_FOLDER.glob("*.js"))
    assert len(scripts) == 3
    assert sum(script.stat().st_size for script in scripts) <= SCRIPT_LIMIT_BYTES


def test_an_asset_has_another_address_once_it_changes(pages: WebPages) -> None:
    page = pages.render_privacy(visit_of())
    assert re.search(r'href="/chat/static/chat\.css\?v=[0-9a-f]{12}"', page)
