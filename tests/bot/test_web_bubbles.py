"""The conversation on the page: whose bubble, which buttons, what is shown first."""

import re
from datetime import timedelta

import pytest

from bot.channels.web_pages import WebPages
from bot.channels.web_views import Bubble, ChatView, Operator, SentFile
from bot.messages import AttachmentKind, CardRow, OutgoingMessage, Quote
from tests.bot.web_samples import EDIT, NOW, USEFUL, Outline, reply_of, said, visit_of

CARD = (
    CardRow(label="地点", value="锦绣家园 3 号楼", edit=EDIT),
    CardRow(label="缓急", value="一般"),
)


@pytest.fixture
def pages() -> WebPages:
    return WebPages(operator=Operator(name="槐安街道"))


def test_a_first_visit_is_greeted_with_something_to_try_and_the_privacy_notice(
    pages: WebPages,
) -> None:
    page = pages.render_chat(visit_of(), ChatView())
    prompts = [one["value"] for one in Outline(page).all("button", name="text")]
    assert prompts == ["电梯坏了", "办居住证要什么材料", "查我的诉求", "转人工"]
    assert 'href="/chat/privacy"' in page
    assert "槐安街道" in page


def test_a_later_visit_is_not_greeted_again(pages: WebPages) -> None:
    page = pages.render_chat(visit_of(), ChatView(bubbles=(reply_of("1", "您好，我在。"),)))
    assert not Outline(page).all("button", name="text")


def test_the_list_is_announced_and_the_newest_has_the_buttons(pages: WebPages) -> None:
    bubbles = (
        said("1", "电梯"),
        reply_of("2", "哪一件", USEFUL),
        said("3", "二"),
        reply_of("4", "好", EDIT),
    )
    outline = Outline(pages.render_chat(visit_of(), ChatView(bubbles=bubbles, last="4")))
    assert outline.all("div", **{"role": "log", "aria-live": "polite"})
    assert [one["value"] for one in outline.all("button", name="choice")] == [EDIT.payload]
    assert outline.all("main", **{"data-last": "4"})


def test_the_buttons_are_gone_once_the_resident_has_spoken(pages: WebPages) -> None:
    bubbles = (reply_of("1", "哪一件", USEFUL), said("2", "第二件"))
    page = pages.render_chat(visit_of(), ChatView(bubbles=bubbles))
    assert not Outline(page).all("button", name="choice")


def test_a_notice_that_comes_by_itself_leaves_the_card_its_buttons(pages: WebPages) -> None:
    bubbles = (said("1", "电梯"), reply_of("2", "请看一下", USEFUL), reply_of("3", "另一件已签收"))
    page = pages.render_chat(visit_of(), ChatView(bubbles=bubbles))
    assert len(Outline(page).all("button", name="choice")) == 1


def test_a_card_is_a_list_of_terms_with_a_change_button_named_after_its_row(
    pages: WebPages,
) -> None:
    card = Bubble(id="1", at=NOW, reply=OutgoingMessage(text="请看", card=CARD, choices=(USEFUL,)))
    html = pages.render_bubble(visit_of(), card)
    assert (html.count("<dt>"), html.count('class="edit"')) == (2, 1)
    assert '修改<span class="unseen"> 地点</span>' in html
    assert 'class="button main"' in html
    assert 'class="edit"' not in pages.render_bubble(visit_of(), card, is_live=False)


def test_a_quote_stands_apart_with_its_citation_under_it(pages: WebPages) -> None:
    quote = Quote(text="第五条 不得停放。", citation="《规定》第五条 · 2025-03-01 起施行")
    html = pages.render_bubble(
        visit_of("en"), Bubble(id="1", at=NOW, reply=OutgoingMessage(text="Here:", quote=quote))
    )
    assert '<blockquote lang="zh-CN"><p class="words">第五条 不得停放。</p></blockquote>' in html
    assert html.index("blockquote") < html.index("<figcaption>《规定》第五条")


def test_in_an_emergency_the_number_is_the_first_line_and_can_be_called(pages: WebPages) -> None:
    message = OutgoingMessage(text="请马上打 119。\n已报给值班的人。", urgent=True)
    html = pages.render_bubble(visit_of(), Bubble(id="1", at=NOW, reply=message))
    assert html.index("<strong>请马上打 119。</strong>") < html.index('href="tel:119"')
    assert html.index('href="tel:119"') < html.index("已报给值班的人。")


def test_a_number_is_no_emergency_by_itself(pages: WebPages) -> None:
    html = pages.render_bubble(visit_of(), reply_of("1", "有危险，先打 110。"))
    assert "call-first" not in html


def test_photos_are_shown_and_other_files_named(pages: WebPages) -> None:
    files = (
        SentFile(kind=AttachmentKind.PHOTO, url="/chat/files/1"),
        SentFile(kind=AttachmentKind.LOCATION),
        SentFile(kind=AttachmentKind.PHOTO, url="javascript:alert(1)"),
    )
    html = pages.render_bubble(visit_of(), Bubble(id="1", at=NOW, files=files))
    assert [one["src"] for one in Outline(html).all("img")] == ["/chat/files/1"]
    assert "[位置]" in html
    assert "[照片]" in html


def test_a_time_is_shown_after_a_silence_only(pages: WebPages) -> None:
    bubbles = (
        said("1", "在吗", minutes_ago=60),
        reply_of("2", "在", minutes_ago=59),
        said("3", "电梯", minutes_ago=5),
    )
    page = pages.render_chat(visit_of(), ChatView(bubbles=bubbles))
    assert re.findall(r'class="moment"[^>]*>([^<]+)', page) == ["今天 13:20", "今天 14:15"]


def test_an_earlier_part_is_for_reading_and_leads_back_to_the_end(pages: WebPages) -> None:
    bubbles = (said("1", "电梯"), reply_of("2", "有用吗", USEFUL))
    page = pages.render_chat(visit_of(), ChatView(bubbles=bubbles, newest="/"))
    assert not Outline(page).all("button", name="choice")
    assert not Outline(page).all("script")
    assert '<a class="button" href="/">回到最新的对话</a>' in page


def test_an_unanswered_message_says_so_without_a_script(pages: WebPages) -> None:
    page = pages.render_chat(visit_of(), ChatView(bubbles=(said("1", "电梯"),), is_waiting=True))
    assert re.search(r"<noscript>.*正在看.*</noscript>", page, re.DOTALL)


def test_what_was_typed_and_what_went_wrong_stand_together(pages: WebPages) -> None:
    view = ChatView(problem="这张照片打不开。", draft="\n三号楼\n五层")
    page = pages.render_chat(visit_of(), view)
    assert 'role="alert">这张照片打不开。</p>' in page
    # A browser drops the first line break of a text field, so there is one to drop.
    assert ">\n\n三号楼\n五层</textarea>" in page


def test_messages_for_the_script_are_finished_bubbles(pages: WebPages) -> None:
    bubbles = [said("5", "电梯"), reply_of("6", "先说一句", USEFUL), reply_of("7", "再看", EDIT)]
    messages = pages.render_messages(visit_of(), bubbles, previous_at=NOW - timedelta(hours=2))
    assert [(one["id"], one["from"]) for one in messages] == [
        ("5", "resident"),
        ("6", "huiyin"),
        ("7", "huiyin"),
    ]
    assert all(one["html"].startswith("<li") for one in messages)
    assert ["data-offers" in one["html"] for one in messages] == [False, False, True]
    assert ["moment" in one["html"] for one in messages] == [True, False, False]


def test_each_button_counts_once_however_often_it_is_tapped(pages: WebPages) -> None:
    html = pages.render_bubble(visit_of(), reply_of("7", "有用吗", USEFUL, EDIT))
    identities = [one["value"] for one in Outline(html).all("input", name="client_id")]
    assert len(set(identities)) == 2
    assert len(Outline(html).all("input", name="tapped", value="7")) == 2


# 长辈版


def test_elder_mode_shows_what_it_is_about_now_and_folds_the_rest(pages: WebPages) -> None:
    bubbles = (said("1", "在吗"), reply_of("2", "在"), said("3", "电梯"), reply_of("4", "在哪里"))
    page = pages.render_chat(visit_of(elder=True), ChatView(bubbles=bubbles))
    folded, shown = page.split('id="messages"')
    assert ('id="m-2"' in folded, 'id="m-3"' in folded) == (True, False)
    assert ('id="m-3"' in shown, 'id="m-4"' in shown) == (True, True)
    assert "data-elder" in page


def test_elder_mode_folds_old_notices_before_today_s(pages: WebPages) -> None:
    bubbles = (
        said("1", "电梯", 600),
        reply_of("2", "已登记", minutes_ago=600),
        reply_of("3", "有答复"),
    )
    page = pages.render_chat(visit_of(elder=True), ChatView(bubbles=bubbles))
    assert 'id="m-2"' in page.split('id="messages"')[0]


def test_normal_mode_folds_nothing(pages: WebPages) -> None:
    bubbles = (said("1", "在吗"), reply_of("2", "在"), said("3", "电梯"))
    assert 'id="folded"' not in pages.render_chat(visit_of(), ChatView(bubbles=bubbles))


@pytest.mark.parametrize(
    ("elder", "value", "label"), [(False, "1", "长辈版"), (True, "0", "标准版")]
)
def test_the_switch_names_what_it_leads_to(
    pages: WebPages, elder: bool, value: str, label: str
) -> None:
    page = pages.render_privacy(visit_of(elder=elder, path="/chat/privacy"))
    assert Outline(page).all("button", name="elder", value=value)
    assert f">{label}</button>" in page
    assert Outline(page).all("input", name="next", value="/chat/privacy")
