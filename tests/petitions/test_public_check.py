"""The resident's own check: whole or not, and nothing personal."""

from dataclasses import asdict

import pytest

from petitions import handling
from petitions.errors import PetitionNotFound, WrongReceiptCode
from petitions.public_check import check_petition
from tests.petitions.conftest import World


def test_the_chain_is_whole_and_tells_nothing_personal(world: World) -> None:
    receipt = world.file(contact_name="王小明", contact_phone="13800000000")
    world.do(handling.screen_and_dispatch, receipt.case_id, actor=world.committee)
    check = world.look(check_petition, receipt.number, receipt.code, now=world.now)
    assert check.intact
    assert [step.sequence for step in check.steps] == [1, 2, 3]
    assert check.head_hash == check.steps[-1].hash
    words = repr(asdict(check))
    for secret in ("王小明", "13800000000", "锦绣家园", "resident-1", "lin", "电梯"):
        assert secret not in words


def test_the_wrong_code_opens_nothing(world: World) -> None:
    receipt = world.file()
    with pytest.raises(WrongReceiptCode):
        world.look(check_petition, receipt.number, "AAAAAAAA", now=world.now)
    with pytest.raises(PetitionNotFound):
        world.look(check_petition, "HY19990101-0001", receipt.code, now=world.now)
