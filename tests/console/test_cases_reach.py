"""Whose case is it: no id opens what is another community's, another unit's, or a report's."""

import pytest
from sqlmodel import select

from petitions import handling
from petitions.drafts import AttachmentRef
from petitions.tables import Attachment
from tests.console.desk_world import Desk


@pytest.mark.parametrize("stranger", ["shuyuan", "water", "jincheng", "duanlei"])
def test_a_case_of_others_is_as_if_it_were_not_there(desk: Desk, stranger: str) -> None:
    receipt = desk.file(attachments=(AttachmentRef(kind="photo", ref="r", mime="image/jpeg"),))
    browser = desk.signed_in(stranger)
    assert receipt.number not in browser.get("/desk").text
    assert browser.get(f"/desk/cases/{receipt.number}").status_code == 404
    assert browser.get("/desk/attachments/1").status_code == 404
    assert browser.act(receipt.number, "note", text="x").status_code == 404
    assert browser.post(f"/desk/cases/{receipt.number}/contact", reason="x").status_code == 404
    assert browser.get(f"/api/v1/cases/{receipt.number}").status_code == 404
    searched = browser.get(f"/desk?q={receipt.number}")
    assert "没有符合条件的工单" in searched.text


def test_a_unit_sees_a_case_from_the_dispatch_on(desk: Desk) -> None:
    receipt = desk.file()
    browser = desk.signed_in("elevator")
    assert browser.get(f"/desk/cases/{receipt.number}").status_code == 404
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    assert browser.get(f"/desk/cases/{receipt.number}").status_code == 200


def test_a_report_is_hidden_from_the_committee_and_from_whom_it_is_about(desk: Desk) -> None:
    receipt = desk.file(
        matter="锦程物业的经理和网格员串通收钱", title="举报收钱", kind="report_misconduct"
    )
    for username in ("committee", "jincheng", "zhoumin"):
        assert desk.signed_in(username).get(f"/desk/cases/{receipt.number}").status_code == 404
    assert desk.signed_in("supervisor").get(f"/desk/cases/{receipt.number}").status_code == 200


def test_a_similar_case_of_others_is_not_shown(desk: Desk) -> None:
    ours = desk.file()
    theirs = desk.file(estate="书院南里", building="3", place_text="书院南里3号楼")
    page = desk.signed_in("committee").get(f"/desk/cases/{ours.number}").text
    assert theirs.number not in page


def test_a_case_is_not_merged_into_one_that_cannot_be_seen(desk: Desk) -> None:
    ours = desk.file()
    theirs = desk.file(estate="书院南里", building="3", place_text="书院南里3号楼")
    browser = desk.signed_in("committee")
    answer = browser.act(ours.number, "merge", into=theirs.number, reason="同一件事")
    assert answer.status_code == 422
    assert "没有找到这个编号的工单" in answer.text
    assert desk.case(theirs.number).supporter_count == 1


def test_an_attachment_opens_for_whoever_sees_the_case(desk: Desk) -> None:
    ref = desk.files.keep(b"\xff\xd8\xff\xe0 a photo", "image/jpeg")
    desk.file(attachments=(AttachmentRef(kind="photo", ref=ref, mime="image/jpeg"),))
    answer = desk.signed_in("committee").get("/desk/attachments/1")
    assert answer.content == b"\xff\xd8\xff\xe0 a photo"
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("mime", ["text/html", "image/svg+xml", "application/pdf", None])
def test_what_a_browser_might_run_is_only_handed_over(desk: Desk, mime: str | None) -> None:
    ref = desk.files.keep(b"<script>alert(1)</script>", "text/html")
    name = 'x".html\r\nSet-Cookie: a=b'
    desk.file(attachments=(AttachmentRef(kind="document", ref=ref, mime=mime, name=name),))
    answer = desk.signed_in("committee").get("/desk/attachments/1")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999999", "abc", "1%00"])
def test_a_number_that_is_none_is_not_found(desk: Desk, number: str) -> None:
    browser = desk.signed_in("committee")
    assert browser.get(f"/desk/attachments/{number}").status_code == 404
    assert browser.get(f"/desk/cases/{number}").status_code == 404


def test_contact_data_are_masked_until_somebody_says_why(desk: Desk) -> None:
    receipt = desk.file()
    browser = desk.signed_in("committee")
    page = browser.get(f"/desk/cases/{receipt.number}").text
    assert "138****1234" in page
    assert "13800001234" not in page
    assert "王芳" not in page
    refused = browser.post(f"/desk/cases/{receipt.number}/contact", reason=" ")
    assert refused.status_code == 422
    assert "13800001234" not in refused.text
    shown = browser.post(f"/desk/cases/{receipt.number}/contact", reason="核实地点")
    assert "13800001234" in shown.text
    assert "王芳" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert "13800001234" not in browser.get(f"/desk/cases/{receipt.number}").text
    log = desk.signed_in("admin").get("/desk/audit?action=reveal_contact").text
    assert receipt.number in log


def test_a_confidential_contact_is_not_shown_to_a_department(desk: Desk) -> None:
    receipt = desk.file(confidential=True)
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    browser = desk.signed_in("elevator")
    answer = browser.post(f"/desk/cases/{receipt.number}/contact", reason="联系居民")
    assert answer.status_code == 403
    assert "居民要求保密" in answer.text
    assert "13800001234" not in answer.text


def test_an_attachment_row_without_content_is_not_found(desk: Desk) -> None:
    desk.file(attachments=(AttachmentRef(kind="photo", ref="gone", mime="image/jpeg"),))
    with desk.session() as session:
        assert session.exec(select(Attachment)).one()
    assert desk.signed_in("committee").get("/desk/attachments/1").status_code == 404
