"""What the staff group asks of the desk: in memory and on the desk's own tables."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from bot.staff_desk import MemoryStaffDesk, StaffAccount, StaffAct, StaffActRefused, StaffDesk
from console.chat_accounts import issue_chat_code
from console.pages import Pages
from console.staff import find_by_username, member_of
from huiyin.database import make_engine
from huiyin.staff_group import ServiceStaffDesk
from petitions import handling
from petitions.organisation_files import load_organisation
from petitions.tables import CaseEntry
from tests.console.desk_world import MONDAY_NINE, SAMPLE, Desk, open_sample_accounts

ANNA = StaffAccount(channel="telegram", account="41")
BEN = StaffAccount(channel="telegram", account="42")


@dataclass(frozen=True)
class Known:
    """A desk with one code and one case that waits to be signed for."""

    desk: StaffDesk
    code: str
    name: str
    number: str
    times_done: Callable[[], int]


def in_memory() -> Known:
    desk = MemoryStaffDesk({"ABCD2345": "夏振宇"}, {"HY1"})
    return Known(desk, "ABCD2345", "夏振宇", "HY1", lambda: len(desk.done))


def on_tables(folder: Path) -> Known:
    organisation = load_organisation(SAMPLE)
    engine = make_engine(f"sqlite:///{folder / 'desk.db'}")
    SQLModel.metadata.create_all(engine)
    open_sample_accounts(engine, organisation, MONDAY_NINE)
    desk = Desk(engine, organisation, Pages())
    case = desk.case(desk.file().case_number)
    desk.do(handling.screen_and_dispatch, case.id or 0, "committee")
    with desk.session() as session:
        row = find_by_username(session, "elevator")
    assert row
    member = member_of(row)

    def times_done() -> int:
        with desk.session() as session:
            query = select(CaseEntry).where(CaseEntry.action == "sign_for")
            return len(session.exec(query).all())

    code = issue_chat_code(desk.services, member)
    return Known(ServiceStaffDesk(desk.services), code, member.name, case.number, times_done)


@pytest.fixture(params=["memory", "tables"])
def known(request: pytest.FixtureRequest, tmp_path: Path) -> Known:
    return in_memory() if request.param == "memory" else on_tables(tmp_path)


def sign(known: Known, account: StaffAccount, key: str = "k") -> None:
    act = StaffAct(account=account, verb="sign_for", number=known.number, key=key)
    known.desk.act(act)


class TestStaffDesk:
    def test_a_code_links_one_account_and_may_be_shown_again_by_it(self, known: Known) -> None:
        assert known.desk.link(ANNA, "WRONG234") is None
        assert known.desk.link(ANNA, known.code) == known.name
        assert known.desk.link(ANNA, known.code) == known.name
        assert known.desk.link(BEN, known.code) is None

    def test_nobody_acts_before_linking(self, known: Known) -> None:
        with pytest.raises(StaffActRefused):
            sign(known, ANNA)
        assert known.times_done() == 0

    def test_one_wish_is_carried_out_once(self, known: Known) -> None:
        known.desk.link(ANNA, known.code)
        sign(known, ANNA)
        sign(known, ANNA)
        assert known.times_done() == 1

    def test_another_wish_for_what_is_done_is_refused_with_a_sentence(self, known: Known) -> None:
        known.desk.link(ANNA, known.code)
        sign(known, ANNA)
        with pytest.raises(StaffActRefused) as refused:
            sign(known, ANNA, key="other")
        assert refused.value.sentence
        assert known.times_done() == 1
