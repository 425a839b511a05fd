"""Takes a picture of every page on a lively sample: ``make screenshots``.

Each page is taken at 390 and at 1280 px into ``docs/images``; the documents show a few of them
and those few are kept in the repository.
"""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from console.language import CHINESE, ENGLISH, LANGUAGE_COOKIE
from console.people_log import write_entry
from console.reply_templates import save_template
from console.staff import list_staff
from console.texts import Texts
from huiyin.bootstrap import Service
from huiyin.desk import DeskFiles
from huiyin.settings import ROOT
from petitions.actors import Actor
from petitions.filing import Receipt
from petitions.organisation_editing import with_thing
from petitions.organisation_history import edit_organisation
from tests.browser.sample_life import STORIES, Street, earlier_stories
from tests.browser.sample_questions import ask_lately, correct_lately, oversee
from tests.live_service import LiveService, live_service

IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--force-color-profile=srgb",
    "--lang=zh-CN",
]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
LONGEST = 2_200
"""Pictures are cut here, in CSS pixels: the foot of a long list tells nothing."""
COLOURS = 128
"""Enough for flat pages with their one accent; it keeps a picture under 150 kB."""
EDIT = "/desk/organisation/edit"
LOG = (
    ("visit", "槐荫里小区3号楼", "张奶奶说楼道扶手松了，她早上买菜要扶着下楼"),
    ("patrol", "槐荫路", "盲道上停了六辆共享单车，已经联系运营单位挪开"),
    ("call", "槐荫里小区1号楼", "独居的刘叔问老年餐桌几点开，告诉他十一点"),
)
READY_TEXTS = (
    ("已派人去看", "您反映的“{事项}”（{编号}），{单位}已经派人到{地点}查看，今天给您回话。"),
    ("已经修好", "{地点}的问题已经修好。如果还有不便，请您直接回复。"),
)
CHAT = ("锦绣家园3号楼2单元的电梯坏了两天了，老人下不了楼", "尽快修好", "不用了", "没有了")
"""A report and what is answered to the few questions that follow."""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture: what it is called, who opens which address, in which language."""

    name: str
    who: str
    address: str
    language: str = CHINESE


SHOTS = (
    Shot(name="desk-queue", who="committee", address="/desk"),
    Shot(name="desk-case", who="committee", address="/desk/cases/{lift}"),
    Shot(name="desk-case-new", who="committee", address="/desk/cases/{gas}"),
    Shot(name="desk-case-unit", who="elevator", address="/desk/cases/{lift}"),
    Shot(name="desk-unit", who="jincheng", address="/desk"),
    Shot(name="desk-grid", who="zhoumin", address="/desk"),
    Shot(name="desk-supervision", who="supervisor", address="/desk/supervision"),
    Shot(name="desk-deliveries", who="supervisor", address="/desk/deliveries"),
    Shot(name="desk-knowledge", who="curator", address="/desk/knowledge"),
    Shot(name="desk-try", who="curator", address="/desk/knowledge/try?q=电动车可以在楼道充电吗"),
    Shot(name="desk-questions", who="curator", address="/desk/questions"),
    Shot(name="desk-examples", who="curator", address="/desk/examples"),
    Shot(name="desk-gate", who="curator", address="/desk/knowledge/gate?version_id={draft}"),
    Shot(name="desk-version", who="curator", address="/desk/knowledge/versions/{draft}"),
    Shot(name="desk-facts", who="curator", address="/desk/knowledge/versions/{draft}/facts"),
    Shot(name="desk-trials", who="curator", address="/desk/knowledge/trials"),
    Shot(name="desk-bank", who="curator", address="/desk/knowledge/bank"),
    Shot(name="desk-uses", who="curator", address="/desk/knowledge/uses"),
    Shot(name="desk-changes", who="curator", address="/desk/knowledge/changes"),
    Shot(name="desk-adjusted", who="supervisor", address="/desk/supervision/adjusted"),
    Shot(name="desk-hot", who="supervisor", address="/desk/supervision/hot"),
    Shot(name="desk-signs", who="supervisor", address="/desk/supervision/signs"),
    Shot(name="desk-calls", who="supervisor", address="/desk/supervision/calls"),
    Shot(name="desk-running", who="admin", address="/desk/running"),
    Shot(name="desk-organisation", who="committee", address="/desk/organisation"),
    Shot(name="desk-places", who="committee", address="/desk/organisation/places"),
    Shot(name="desk-duties", who="committee", address="/desk/organisation/duties?q=噪声"),
    Shot(name="desk-deadlines", who="committee", address="/desk/organisation/deadlines"),
    Shot(name="desk-staff", who="admin", address="/desk/staff"),
    Shot(name="desk-person", who="admin", address="/desk/staff/2"),
    Shot(name="desk-audit", who="admin", address="/desk/audit"),
    Shot(name="desk-account", who="admin", address="/desk/account"),
    Shot(name="desk-print", who="committee", address="/desk/cases/{lift}/print"),
    Shot(name="desk-receipt", who="committee", address="/desk/cases/{lift}/receipt"),
    Shot(name="desk-phone-search", who="committee", address="/desk/phone"),
    Shot(name="desk-log", who="zhoumin", address="/desk/log"),
    Shot(name="desk-templates", who="committee", address="/desk/templates"),
    Shot(name="desk-report", who="supervisor", address="/desk/report"),
    Shot(name="desk-agenda", who="supervisor", address="/desk/agenda"),
    Shot(name="desk-screen", who="supervisor", address="/desk/screen"),
    Shot(
        name="desk-lapse", who="curator", address="/desk/knowledge/versions/1/lapse?last_day={day}"
    ),
    Shot(name="desk-text", who="curator", address="/desk/knowledge/versions/{draft}/text"),
    Shot(name="desk-recall", who="curator", address="/desk/knowledge/versions/1/recall"),
    Shot(name="desk-pin", who="curator", address="/desk/knowledge/versions/1/bank/1"),
    Shot(name="desk-edit-unit", who="admin", address=f"{EDIT}/units/jincheng-property"),
    Shot(name="desk-edit-duty", who="admin", address=f"{EDIT}/duties/D031"),
    Shot(name="desk-edit-deadline", who="admin", address=f"{EDIT}/deadlines/sign-ordinary"),
    Shot(name="desk-edit-building", who="admin", address=f"{EDIT}/buildings/jinxiu~3"),
    Shot(name="desk-close-unit", who="admin", address=f"{EDIT}/units/anda-elevator/close"),
    Shot(name="desk-places-admin", who="admin", address="/desk/organisation/places"),
    Shot(name="desk-deadlines-admin", who="admin", address="/desk/organisation/deadlines"),
    Shot(name="desk-new-deadline", who="admin", address=f"{EDIT}/deadlines"),
    Shot(
        name="desk-close-deadline", who="admin", address=f"{EDIT}/deadlines/feedback-ordinary/close"
    ),
    Shot(name="desk-history", who="admin", address="/desk/organisation/history"),
    Shot(name="desk-letters", who="committee", address="/desk/cases/{meals}/letters"),
    Shot(name="desk-log-file", who="zhoumin", address="/desk/log/1/file"),
    Shot(name="desk-missing", who="committee", address="/desk/cases/HY20200101-0001"),
    Shot(name="desk-queue-en", who="committee", address="/desk", language=ENGLISH),
    Shot(name="desk-case-en", who="committee", address="/desk/cases/{lift}", language=ENGLISH),
    Shot(
        name="desk-supervision-en",
        who="supervisor",
        address="/desk/supervision",
        language=ENGLISH,
    ),
    Shot(name="desk-knowledge-en", who="curator", address="/desk/knowledge", language=ENGLISH),
    Shot(
        name="desk-edit-unit-en",
        who="admin",
        address=f"{EDIT}/units/jincheng-property",
        language=ENGLISH,
    ),
)


def actors_of(service: Service) -> dict[str, Actor]:
    """The sample accounts as petitions know them, by username."""
    with service.open_session() as session:
        people = list_staff(session)
    return {person.username: person.actor(service.organisation) for person in people}


def live_sample(service: Service) -> dict[str, Receipt]:
    """File and work the sample's cases; the receipts by name."""
    street = Street(
        open_work=service.open_work,
        actor_of=actors_of(service).__getitem__,
        keep=DeskFiles(service.attachments).keep,
        now=service.clock.now(),
    )
    return street.live((*earlier_stories(), *STORIES))


def live_with_texts(service: Service, case_id: int) -> str:
    """Ask, keep and draft as curators do, oversee a case; the id of the draft."""
    texts = Texts(open_session=service.open_session, embedder=service.embedder, base=service.texts)
    ask_lately(texts, now=service.clock.now())
    with service.open_work() as work:
        actor = actors_of(service)["committee"]
        oversee(work, case_id, asked_by=actor, now=service.clock.now())
    versions = (version for document in texts.documents() for version in document.versions)
    return str(max(version.id for version in versions))


def live_at_the_desk(service: Service) -> None:
    """A page of the people's log, a text kept for replies, and a change of the organisation."""
    now = service.clock.now()
    with service.open_session() as session:
        people = {person.username: person for person in list_staff(session)}
        for kind, place, text in LOG:
            write_entry(
                session,
                people["zhoumin"],
                kind=kind,
                place=place,
                text=text,
                grid_id="huaiyin-1",
                now=now,
            )
        for name, text in READY_TEXTS:
            save_template(
                session, people["committee"], template_id=None, name=name, text=text, now=now
            )
        session.commit()
    rename = partial(
        with_thing, kind="units", thing="anda-elevator", stated={"phone": "0000-55500900"}
    )
    with service.open_work() as work:
        edit_organisation(work, rename, author="admin", note="安达换了值班电话", now=now)
        work.commit()


def save(page: Page, path: Path) -> None:
    """Take the page down to its foot, in few colours."""
    height = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
    width = page.viewport_size["width"] if page.viewport_size else DESK["width"]
    content = page.screenshot(
        full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height}
    )
    save_picture(content, path)


def save_picture(content: bytes, path: Path) -> None:
    """Keep a picture in few colours."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    picture = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)


def sign_in(page: Page, live: LiveService, username: str) -> None:
    """Fill in the sign-in form."""
    page.goto(f"{live.url}/desk/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", live.passwords[username])
    page.locator("main button").last.click()
    page.wait_for_load_state()


def take_desk(browser: Browser, live: LiveService, numbers: dict[str, str], wanted: str) -> None:
    """Every page of the desk, at both widths."""
    for width, size in (("phone", PHONE), ("wide", DESK)):
        shots = [shot for shot in SHOTS if wanted in shot.name]
        for who, language in dict.fromkeys((shot.who, shot.language) for shot in shots):
            context = browser.new_context(viewport=size, locale="zh-CN")
            page = context.new_page()
            sign_in(page, live, who)
            context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": live.url}])
            for shot in shots:
                if (shot.who, shot.language) == (who, language):
                    page.goto(live.url + shot.address.format_map(numbers))
                    save(page, IMAGES / name_of(shot.name, width))
            context.close()


def name_of(name: str, width: str) -> str:
    """«desk-queue.png» is the wide one, «desk-queue-phone.png» the narrow one."""
    return f"{name}.png" if width == "wide" else f"{name}-phone.png"


def take_open_pages(browser: Browser, live: LiveService) -> None:
    """The pages that need nobody."""
    for width, size in (("phone", PHONE), ("wide", DESK)):
        page = browser.new_page(viewport=size)
        for name, address in (("desk-sign-in", "/desk/sign-in"), ("desk-verify", "/verify")):
            page.goto(live.url + address)
            save(page, IMAGES / name_of(name, width))
        page.close()


def take_chat(browser: Browser, live: LiveService) -> None:
    """A resident who reports a broken lift, up to the number."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    page.goto(live.url)
    confirm = page.get_by_role("button", name="确认提交")
    for words in CHAT:
        page.fill("#text", words)
        page.locator("#send").click()
        with suppress(PlaywrightTimeout):
            confirm.last.wait_for(timeout=20_000)
            break
    confirm.last.wait_for(timeout=20_000)
    page.wait_for_timeout(500)
    save_picture(page.screenshot(), IMAGES / "chat-phone.png")
    context.close()


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as driver:
        # What the browser itself says (dates, files to choose) is Chinese too.
        speaking = {**os.environ, "LANGUAGE": "zh_CN"}
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env=speaking)
        yield browser
        browser.close()


def main(wanted: str = "") -> None:
    """Serve the sample and take every picture whose name holds ``wanted``."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    models = ROOT / "var" / "models"
    with (
        tempfile.TemporaryDirectory() as folder,
        live_service(Path(folder) / "data", models) as live,
        opened_browser() as browser,
    ):
        # First of all: later the chat would offer to join the neighbours' case.
        if wanted in "chat-phone":
            take_chat(browser, live)
        if wanted == "chat-phone":
            return
        receipts = live_sample(live.service)
        numbers = {name.replace(" ", "_"): one.number for name, one in receipts.items()}
        numbers["day"] = f"{live.service.clock.now():%Y-%m-%d}"
        numbers["draft"] = live_with_texts(live.service, receipts["night work"].case_id)
        live_at_the_desk(live.service)
        correct_lately(live.service.open_session, now=live.service.clock.now())
        take_desk(browser, live, numbers, wanted)
        if wanted in ("", "desk-sign-in", "desk-verify"):
            take_open_pages(browser, live)


if __name__ == "__main__":
    main(*sys.argv[1:2])
