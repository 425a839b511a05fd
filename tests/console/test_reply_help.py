"""What helps with writing: templates, a beginning from the texts, sheets for paper."""

from petitions import handling
from tests.console.desk_world import Desk


def handled(desk: Desk) -> str:
    receipt = desk.file()
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee", unit_id="anda-elevator")
    desk.do(handling.sign_for, receipt.case_id, "elevator", start=True)
    return receipt.number


def test_a_template_fills_in_the_facts_of_the_case(desk: Desk) -> None:
    number = handled(desk)
    text = "{事项}（{编号}）由{单位}办理，地点{地点}。{别的}"
    desk.signed_in("committee").post("/desk/templates", name="已派单", text=text)
    page = desk.signed_in("elevator").get(f"/desk/cases/{number}?text=1").text
    filled = f"电梯停用三天，老人无法下楼（{number}）由安达电梯维保公司办理，地点锦绣家园 3号楼。"
    assert f"{filled}{{别的}}</textarea>" in page


def test_a_template_is_changed_by_its_own_community_only(desk: Desk) -> None:
    desk.signed_in("committee").post("/desk/templates", name="槐荫用语", text="您好")
    other = desk.signed_in("shuyuan")
    assert "槐荫用语" not in other.get("/desk/templates").text
    assert other.post("/desk/templates/1", name="x", text="y").status_code == 422
    assert other.post("/desk/templates/1/drop").status_code == 422
    own = desk.signed_in("committee")
    own.post("/desk/templates/1", name="槐荫新语", text="您好呀")
    assert "槐荫新语" in own.get("/desk/templates").text
    own.post("/desk/templates/1/drop")
    assert "槐荫新语" not in own.get("/desk/templates").text


def test_a_suggested_reply_leaves_the_deed_to_the_unit(desk: Desk) -> None:
    page = desk.signed_in("elevator").get(f"/desk/cases/{handled(desk)}?text=suggested").text
    assert "您反映的“电梯停用三天，老人无法下楼”我们已经办理。" in page
    assert "（写明：做了什么" in page


def test_sheets_show_no_contact_data(desk: Desk) -> None:
    number = handled(desk)
    browser = desk.signed_in("committee")
    sheet = browser.get(f"/desk/cases/{number}/print").text
    receipt = browser.get(f"/desk/cases/{number}/receipt").text
    assert "诉求处理单" in sheet
    assert "经办人签字" in sheet
    assert number in receipt
    for page in (sheet, receipt):
        assert "1234" not in page
        assert "王" not in page.split("<article")[1].replace("王秋菊", "")
    assert desk.signed_in("shuyuan").get(f"/desk/cases/{number}/print").status_code == 404
