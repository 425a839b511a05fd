"""Receipt codes and sealed contact fields."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlmodel import select

from petitions.contact_cipher import FernetCipher, mask_name, mask_phone
from petitions.errors import (
    ContactUnreadable,
    PetitionNotFound,
    WrongReceiptCode,
)
from petitions.model import Petition
from petitions.queries import track
from petitions.receipts import ReceiptCodes


class TestReceiptCodes:
    def test_the_code_opens_the_petition_from_anywhere(self, world: Any) -> None:
        receipt = world.file()
        typed = f" {receipt.code[:4].lower()}-{receipt.code[4:].lower()} "
        progress = world.look(track, receipt.number.lower(), typed, now=world.now)
        assert progress.number == receipt.number

    def test_another_code_and_another_number_open_nothing(self, world: Any) -> None:
        receipt, other = world.file(), world.file()
        with pytest.raises(WrongReceiptCode):
            world.look(track, receipt.number, other.code, now=world.now)
        with pytest.raises(WrongReceiptCode):
            world.look(track, receipt.number, "", now=world.now)
        with pytest.raises(PetitionNotFound):
            world.look(track, "HY20990101-0001", receipt.code, now=world.now)

    def test_no_code_is_stored(self, world: Any) -> None:
        receipt = world.file()
        with world.open() as work:
            (petition,) = work.session.exec(select(Petition)).all()
        assert receipt.code not in str(petition.model_dump())

    def test_codes_made_with_an_older_secret_still_open(self) -> None:
        before = ReceiptCodes(secret=b"the secret of last year")
        after = ReceiptCodes(
            secret=b"the secret of this year", older_secrets=(b"the secret of last year",)
        )
        code = before.code_for("HY1", "salt")
        seal = before.seal_of("HY1", code)
        assert after.opens("HY1", code, seal)
        assert after.code_for("HY1", "salt", seal) == code
        assert not ReceiptCodes(secret=b"a quite different secret").opens("HY1", code, seal)

    def test_a_secret_that_can_be_guessed_is_refused(self) -> None:
        with pytest.raises(ValueError, match="16 bytes"):
            ReceiptCodes(secret=b"short")


class TestContactCipher:
    def test_keys_can_be_changed_in_turn(self) -> None:
        old, new = Fernet.generate_key(), Fernet.generate_key()
        sealed = FernetCipher([old]).seal("13800000000")
        assert FernetCipher([new, old]).unseal(sealed) == "13800000000"
        with pytest.raises(ContactUnreadable):
            FernetCipher([new]).unseal(sealed)

    def test_masks(self) -> None:
        assert mask_phone("13800000000") == "138****0000"
        assert mask_phone("12345") == "*****"
        assert mask_name("欧阳娜娜") == "欧**"
        assert mask_phone(None) is mask_name(None) is None
