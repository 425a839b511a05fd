"""The letters of a petition: each step that owes one, with its article."""

from typing import Any

import pytest

from petitions import handling
from petitions.errors import CaseNotFound
from petitions.letters import letters_of
from petitions.model import LegalRegime, Outcome


def petition_in_handling(world: Any) -> Any:
    receipt = world.file(wanted="请尽快修好3栋的电梯")
    case_id = receipt.case_id
    world.do(handling.screen_case, case_id, actor=world.committee, regime=LegalRegime.PETITION)
    world.do(handling.dispatch_case, case_id, actor=world.committee)
    world.do(handling.sign_for, case_id, actor=world.elevator, start=True)
    return receipt


def test_a_petition_gets_its_letters_in_their_order(world: Any) -> None:
    receipt = petition_in_handling(world)
    case_id = receipt.case_id
    world.do(
        handling.request_extension, case_id, actor=world.elevator, days=10, reason="配件要从外地调"
    )
    world.do(handling.settle_extension, case_id, actor=world.committee, approved=True)
    world.do(
        handling.reply,
        case_id,
        actor=world.elevator,
        text="曳引机已经更换。",
        outcome=Outcome.RESOLVED,
        citations=["《特种设备安全法》第三十九条"],
    )
    acceptance, extension, opinion = world.look(letters_of, receipt.number, actor=world.committee)
    assert acceptance.title == "信访事项受理告知书"
    assert dict(extension.paragraphs)["理由"] == "配件要从外地调"
    assert (opinion.kind, opinion.article) == ("opinion", "《信访工作条例》第三十二条")
    assert opinion.unit == "安达电梯维保公司"
    said = dict(opinion.paragraphs)
    assert said["信访请求"] == "请尽快修好3栋的电梯"
    assert said["事实和理由"] == "曳引机已经更换。"
    assert said["处理意见"].endswith("予以支持。")
    assert said["依据"] == "《特种设备安全法》第三十九条"
    assert "30日内" in said["救济途径"]


def test_a_service_has_none_and_a_stranger_gets_none(world: Any) -> None:
    service = world.file()
    world.do(handling.screen_and_dispatch, service.case_id, actor=world.committee)
    assert world.look(letters_of, service.number, actor=world.committee) == ()
    petition = petition_in_handling(world)
    with pytest.raises(CaseNotFound):
        world.look(letters_of, petition.number, actor=world.police)
