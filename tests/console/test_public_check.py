"""The public check of a history: no sign-in, nothing in the address, nothing personal."""

from petitions import handling
from tests.console.desk_world import Desk


def test_a_resident_checks_the_chain_and_sees_nothing_personal(desk: Desk) -> None:
    receipt = desk.file()
    desk.do(handling.screen_case, receipt.case_id, "committee")
    client = desk.browser().client
    form = client.get("/verify")
    assert form.status_code == 200
    assert "回音工作台" not in form.text
    assert 'href="/desk"' not in form.text
    said = {"number": receipt.number, "code": receipt.code}
    page = client.post("/verify", data=said).text
    assert "流转记录完整，共 2 步" in page
    assert receipt.code not in page
    assert "电梯" not in page


def test_wrong_number_and_wrong_code_read_the_same_and_guessing_is_slowed(desk: Desk) -> None:
    receipt = desk.file()
    client = desk.browser().client
    wrong = {"number": receipt.number, "code": "AAAAAAAA"}
    assert "对不上" in client.post("/verify", data=wrong).text
    assert "对不上" in client.post("/verify", data=wrong | {"number": "HY19990101-0001"}).text
    pages = [client.post("/verify", data=wrong).text for _ in range(6)]
    assert "分钟以后再试" in pages[-1]
    right_but_late = client.post("/verify", data=wrong | {"code": receipt.code})
    assert "分钟以后再试" in right_but_late.text
    assert right_but_late.status_code == 429
