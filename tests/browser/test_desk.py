"""The desk in a real browser: each role's own road, on a phone and on a wide screen.

The roads are walked without JavaScript; what it adds (the page that renews itself, the keys)
is tested by itself. Every page is looked at by axe-core.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from petitions.workflow import Role
from tests.browser.desk_server import DeskServer, desk_server
from tests.console.desk_world import PASSWORD
from tests.console.desk_world import Browser as Client
from tests.console.every_page import add_one_of_each, addresses_of, pages_of, roles_of
from tests.console.test_permission_matrix import ACCOUNTS

playwright = pytest.importorskip("playwright.sync_api")
axe_module = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SIZES = pytest.mark.parametrize("size", [PHONE, WIDE], ids=["390", "1280"])

pytestmark = pytest.mark.browser

MORE_PAGES = {
    Role.COMMITTEE: ("/desk?grid=huaiyin-2", "/desk?q=nothing", "/desk/cases/HY20200101-0001"),
    Role.DEPARTMENT: ("/desk", "/desk/cases/{lift}"),
    Role.GRID_WORKER: ("/desk", "/desk/log"),
    Role.SUPERVISOR: ("/desk",),
    Role.CURATOR: ("/desk/knowledge/uses?never=1",),
    Role.ADMIN: ("/desk/organisation/edit/grids/huaiyin-1/close",),
}
"""What to look at besides one page of each route, as a role that has another view of it."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian package chromium)")
    with desk_server(tmp_path_factory.mktemp("desk")) as server:
        add_one_of_each(server.desk, server.numbers)
        yield server


@pytest.fixture(scope="module")
def pages(running: DeskServer) -> dict[Role, list[str]]:
    """The addresses of all pages, each for the first role that may open it."""
    cases = {name: running.numbers[name] for name in ("lift", "gas", "meals")}
    browsers = {role: running.desk.signed_in(name) for role, name in ACCOUNTS.items()}
    found = {
        role: [one.format_map(running.numbers) for one in more] for role, more in MORE_PAGES.items()
    }
    for template in sorted(pages_of(running.desk)):
        for address in addresses_of(template, cases):
            role = next((r for r in roles_of(template) if is_page(browsers[r], address)), None)
            if role:
                found[role].append(address)
    return found


def is_page(browser: Client, address: str) -> bool:
    """Whether it opens, with something for a person to look at; the side list is half a page."""
    answer = browser.client.get(address, follow_redirects=False)
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    return answer.status_code == 200 and is_html and "<html" in answer.text


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def enter(
    browser: Any, running: DeskServer, who: str, size: dict[str, int], script: bool = False
) -> Any:
    """A page of somebody who has signed in."""
    context = browser.new_context(
        viewport=size, java_script_enabled=script, base_url=running.url, locale="zh-CN"
    )
    page = context.new_page()
    page.goto("/desk/sign-in")
    page.fill("input[name=username]", who)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="退出").wait_for()
    return page


def file(running: DeskServer, **values: Any) -> str:
    running.desk.later(seconds=1)
    return running.desk.file(**values).number


def ensure_fits(page: Any, size: dict[str, int]) -> None:
    """Nothing sticks out to the right."""
    if page.evaluate("1") != 1:
        return
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url


@SIZES
@pytest.mark.parametrize("role", ACCOUNTS)
def test_no_page_has_a_serious_barrier_or_runs_off_the_screen(
    browser: Any,
    running: DeskServer,
    pages: dict[Role, list[str]],
    role: Role,
    size: dict[str, int],
) -> None:
    page = enter(browser, running, ACCOUNTS[role], size, script=True)
    # axe is put into the page by the driver, which the page's own policy must not stop.
    axe = axe_module.Axe()
    wrong = []
    for address in pages[role]:
        page.goto(address)
        ensure_fits(page, size)
        found = axe.run(page).response["violations"]
        wrong += [
            (address, one["id"], [node["html"][:120] for node in one["nodes"]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
    page.context.close()
    assert wrong == []


@SIZES
def test_sign_in_has_no_barrier(browser: Any, running: DeskServer, size: dict[str, int]) -> None:
    page = browser.new_context(viewport=size, base_url=running.url).new_page()
    page.goto("/desk/sign-in")
    found = axe_module.Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    page.context.close()


@SIZES
def test_a_committee_screens_and_dispatches(
    browser: Any, running: DeskServer, size: dict[str, int]
) -> None:
    number = file(running)
    page = enter(browser, running, "committee", size)
    page.get_by_role("navigation", name="今天要办").get_by_text("待甄别").click()
    page.goto(f"/desk/cases/{number}?state=registered")
    form = page.locator("form[action*='/actions/screen_and_dispatch']")
    form.get_by_role("button", name="甄别并分拨").click()
    page.get_by_text("已受理并分拨。").wait_for()
    page.locator(".case-marks").get_by_text("待签收").wait_for()
    page.context.close()


@SIZES
def test_a_department_signs_for_and_replies_in_three_steps(
    browser: Any, running: DeskServer, size: dict[str, int]
) -> None:
    number = file(running)
    committee = enter(browser, running, "committee", size)
    committee.goto(f"/desk/cases/{number}")
    committee.get_by_role("button", name="甄别并分拨").first.click()
    committee.context.close()
    page = enter(browser, running, "elevator", size)
    page.goto(f"/desk/cases/{number}")
    for name in ("签收", "开始办理"):
        page.locator("button.main").get_by_text(name).click()
    page.locator("a[data-template]").first.click()
    assert "我们已经办理" in page.locator("#reply-text").input_value()
    page.fill("#reply-text", "门机已更换，今天下午恢复运行。")
    page.locator("button.main").get_by_text("答复").click()
    page.get_by_text("已答复，居民会收到原文。").wait_for()
    page.context.close()


@SIZES
def test_a_grid_worker_writes_the_log_and_files_for_a_resident(
    browser: Any, running: DeskServer, size: dict[str, int]
) -> None:
    page = enter(browser, running, "zhoumin", size)
    page.get_by_role("link", name="民情日志").click()
    page.get_by_label("看到、听到什么").fill("张奶奶说楼道扶手松了，怕摔")
    page.get_by_role("button", name="记下并转成诉求").click()
    page.get_by_label("一句话说明").fill("楼道扶手松动")
    page.get_by_label("小区（选填）").select_option("槐荫里小区")
    page.get_by_label("楼号（选填）").fill("1")
    page.get_by_role("button", name="登记诉求").click()
    page.get_by_text("查询码只显示这一次").wait_for()
    page.get_by_role("link", name="打印回执").click()
    page.get_by_role("heading", name="诉求回执").wait_for()
    page.context.close()


@SIZES
def test_a_supervisor_reads_the_figures_and_takes_them_along(
    browser: Any, running: DeskServer, size: dict[str, int]
) -> None:
    page = enter(browser, running, "supervisor", size)
    page.get_by_role("link", name="督办", exact=True).first.click()
    page.get_by_role("heading", name="吹哨报到双向评价").wait_for()
    page.get_by_role("link", name="本月月报").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.context.close()


@SIZES
def test_an_admin_makes_an_account(browser: Any, running: DeskServer, size: dict[str, int]) -> None:
    page = enter(browser, running, "admin", size)
    page.get_by_label("姓名").fill("新来的人")
    page.get_by_label("用户名").fill(f"newcomer{size['width']}")
    page.get_by_label("督办").check()
    page.get_by_role("button", name="新建账号").click()
    page.get_by_text("账号已新建").wait_for()
    page.context.close()


@SIZES
def test_a_curator_asks_what_a_resident_would_get(
    browser: Any, running: DeskServer, size: dict[str, int]
) -> None:
    page = enter(browser, running, "curator", size)
    page.goto("/desk/knowledge/try")
    page.locator("main input[name=q]").fill("电梯坏了多久要修好")
    page.locator("main form button").first.click()
    page.get_by_text("电梯").first.wait_for()
    page.context.close()


@SIZES
def test_a_curator_looks_at_the_gate_publishes_and_takes_it_back(
    browser: Any, running: DeskServer, size: dict[str, int]
) -> None:
    title = f"东门夜间出入约定{size['width']}"
    head = f"---\ntitle: {title}\neffective_from: 2026-01-01\n---\n"
    text = f"{head}# {title}\n\n第一条 东门晚上十点关。\n"
    page = enter(browser, running, "curator", size)
    page.get_by_role("link", name="知识", exact=True).click()
    file = {"name": f"gate{size['width']}.md", "mimeType": "text/markdown"}
    page.get_by_label("导入文件").set_input_files([{**file, "buffer": text.encode()}])
    page.get_by_role("button", name="导入", exact=True).click()
    page.get_by_role("button", name="看影响，再发布").click()
    page.get_by_role("heading", name="发布以前看一看").wait_for()
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_text("已发布，居民的提问马上可以查到。").wait_for()
    page.goto("/desk/knowledge/changes")
    page.locator("summary").click()
    page.get_by_label("为什么撤回").fill("还没有公示")
    page.get_by_role("button", name="撤回", exact=True).click()
    page.get_by_text("已撤回。居民的提问").wait_for()
    page.context.close()


@SIZES
def test_a_curator_drafts_an_answer_to_what_was_asked_in_vain(
    browser: Any, running: DeskServer, size: dict[str, int]
) -> None:
    page = enter(browser, running, "curator", size)
    page.get_by_role("link", name="提问", exact=True).click()
    page.locator("summary").get_by_text("起草答案").first.click()
    page.locator("details[open]").get_by_role("button", name="存为草稿").click()
    page.get_by_role("link", name="去补全").click()
    words = page.get_by_label("正文").input_value()
    page.get_by_label("正文").fill(words.replace("【待补充】", "请到社区办事大厅。"))
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="看影响，再发布").wait_for()
    page.context.close()


def test_an_admin_has_a_message_answered_again(browser: Any, running: DeskServer) -> None:
    page = enter(browser, running, "admin", PHONE)
    page.get_by_role("link", name="运行").click()
    page.get_by_role("button", name="再答复一次").click()
    page.get_by_text("居民的消息都答复了。").wait_for()
    page.context.close()


def test_an_open_case_renews_itself_and_never_takes_what_is_typed(
    browser: Any, running: DeskServer
) -> None:
    number = file(running)
    watching = enter(browser, running, "committee", WIDE, script=True)
    writing = enter(browser, running, "supervisor", WIDE, script=True)
    for page in (watching, writing):
        page.goto(f"/desk/cases/{number}")
    for summary in writing.locator("details.verb-fold > summary").all():
        if "内部备注" in summary.inner_text():
            summary.click()
    writing.fill("#note-text", "我正在写")
    with running.desk.work() as work:
        from petitions import handling

        case = running.desk.case(number)
        handling.screen_case(
            work, case.id or 0, actor=running.desk.actor("committee"), now=running.desk.time
        )
        work.commit()
    watching.locator(".case-marks").get_by_text("待分拨").wait_for(timeout=20_000)
    writing.get_by_text("这个页面有新的变化").wait_for(timeout=20_000)
    assert writing.input_value("#note-text") == "我正在写"
    watching.context.close()
    writing.context.close()


def test_keys_walk_the_queue(browser: Any, running: DeskServer) -> None:
    page = enter(browser, running, "committee", WIDE, script=True)
    page.goto("/desk")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator(".tick input:checked").count() == 1
    page.get_by_text("已选 1 件").wait_for()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.context.close()


def test_no_page_breaks_the_policy(
    browser: Any, running: DeskServer, pages: dict[Role, list[str]]
) -> None:
    for role, addresses in pages.items():
        page = enter(browser, running, ACCOUNTS[role], WIDE, script=True)
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text))
        for address in addresses:
            page.goto(address)
        page.context.close()
        assert [line for line in said if re.search("Content Security|Refused", line)] == []


@SIZES
def test_the_list_is_walked_from_case_to_case_without_a_script(
    browser: Any, running: DeskServer, size: dict[str, int]
) -> None:
    page = enter(browser, running, "committee", size)
    page.goto("/desk?urgency=utility")
    page.locator("a[href*='/desk/cases/']").first.click()
    first = page.url
    assert not page.locator("aside.rail").is_visible()
    page.get_by_role("link", name="下一件").click()
    assert page.url != first
    assert page.url.endswith("?urgency=utility")
    page.get_by_role("link", name="上一件").click()
    assert page.url == first
    page.get_by_role("link", name="返回列表").click()
    assert page.url.endswith("/desk?urgency=utility")
    page.context.close()
