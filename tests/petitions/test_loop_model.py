"""Random lives of a case against a model of a few lines: the table, the chain and the counts."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import select

from huiyin.database import make_engine
from petitions import handling
from petitions.actors import Actor
from petitions.errors import PetitionError
from petitions.filing import join_case, urge_case, withdraw_petition
from petitions.follow_up import follow_up_case, rate_case
from petitions.history import verify_history
from petitions.model import Case, CaseEntry, Satisfaction, Supporter
from petitions.organisation import Organisation
from petitions.workflow import TRANSITIONS, CaseAction, CaseStatus, Outcome
from tests.petitions.conftest import World

DONE = {"closed", "archived"}


class Loop(RuleBasedStateMachine):
    """One case, its residents and its staff, doing whatever comes to their minds.

    The model: who stands behind the case, the last satisfaction given, and how many steps were
    taken. Whatever is refused must change nothing.
    """

    organisation: Organisation
    empty: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "loop.db"
        shutil.copy(self.empty, path)
        self.engine = make_engine(f"sqlite:///{path}")
        self.world = World(self.engine, self.organisation)
        self.behind: dict[str, str] = {}
        self.steps = 0
        self.satisfaction: int | None = None

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()

    @initialize()
    def file(self) -> None:
        receipt = self.world.file(resident="r0")
        self.case_id, self.behind["r0"], self.steps = receipt.case_id, receipt.number, 1

    def attempt(self, verb: object, *arguments: object, **values: object) -> bool:
        """Try a verb; refused, the case must stand as it stood."""
        before = self.world.case(self.case_id)
        self.world.later(minutes=20)
        try:
            self.world.do(verb, *arguments, **values)  # type: ignore[arg-type]
        except PetitionError:
            after = self.world.case(self.case_id)
            assert after.model_dump() == before.model_dump()
            return False
        self.steps = self.world.case(self.case_id).version
        assert self.steps > before.version
        return True

    def by_staff(self, verb: object, actor: Actor, **values: object) -> bool:
        return self.attempt(verb, self.case_id, actor=actor, **values)

    @rule()
    def accept(self) -> None:
        self.by_staff(handling.screen_and_dispatch, self.world.committee)

    @rule()
    def dispatch(self) -> None:
        self.by_staff(handling.dispatch_case, self.world.committee, unit_id="anda-elevator")

    @rule()
    def sign_and_start(self) -> None:
        self.by_staff(handling.sign_for, self.world.elevator, start=True)

    @rule()
    def start(self) -> None:
        self.by_staff(handling.start_handling, self.world.elevator)

    @rule()
    def object(self) -> None:
        self.by_staff(handling.object_to_dispatch, self.world.elevator, reason="不属于我单位职责")

    @rule(upheld=st.booleans())
    def settle(self, upheld: bool) -> None:
        self.by_staff(
            handling.settle_objection, self.world.committee, upheld=upheld, reason="已经核实"
        )

    @rule(resting=st.booleans())
    def rest(self, resting: bool) -> None:
        if resting:
            self.by_staff(handling.suspend, self.world.elevator, reason="等待材料")
        else:
            self.by_staff(handling.resume, self.world.elevator)

    @rule()
    def reply(self) -> None:
        self.by_staff(handling.reply, self.world.elevator, text="已经修好。")

    @rule(by_unit=st.booleans())
    def send_back(self, by_unit: bool) -> None:
        actor = self.world.elevator if by_unit else self.world.committee
        self.by_staff(handling.send_back, actor, reason="还要再看")

    @rule()
    def call_back(self) -> None:
        self.by_staff(follow_up_case, self.world.committee, reached=False)

    @rule(outcome=st.sampled_from(list(Outcome)))
    def close(self, outcome: Outcome) -> None:
        self.by_staff(handling.close_case, self.world.committee, outcome=outcome, text="办结")

    @rule()
    def reopen(self) -> None:
        self.by_staff(handling.reopen_case, self.world.committee, reason="没有修好")

    @rule()
    def archive(self) -> None:
        self.by_staff(handling.archive_case, self.world.committee)

    @rule(name=st.sampled_from(["r1", "r2", "r3"]))
    def join(self, name: str) -> None:
        if self.attempt(join_case, self.case_id, self.world.draft(resident=name)):
            assert name not in self.behind
            with self.world.open(read_only=True) as work:
                query = select(Supporter).where(
                    Supporter.resident == name,
                    Supporter.left_at == None,  # noqa: E711
                )
                self.behind[name] = work.session.exec(query).one().petition_number

    @rule(name=st.sampled_from(["r0", "r1", "r2", "r3"]))
    def withdraw(self, name: str) -> None:
        number = self.behind.get(name, "HY19990101-0001")
        if self.attempt(withdraw_petition, number, resident=name):
            del self.behind[name]

    @rule(name=st.sampled_from(["r0", "r1"]))
    def urge(self, name: str) -> None:
        self.attempt(urge_case, self.behind.get(name, "HY19990101-0001"), resident=name)

    @rule(name=st.sampled_from(["r0", "r1"]), level=st.sampled_from(list(Satisfaction)))
    def rate(self, name: str, level: Satisfaction) -> None:
        number = self.behind.get(name, "HY19990101-0001")
        if self.attempt(rate_case, number, resident=name, result=level):
            self.satisfaction = int(level)

    @invariant()
    def the_case_agrees_with_the_model(self) -> None:
        if not self.steps:
            return
        case = self.world.case(self.case_id)
        entries = self.world.entries(self.case_id)
        assert case.version == len(entries) == self.steps
        assert case.satisfaction == self.satisfaction
        if self.behind:
            assert case.supporter_count == len(self.behind)
        else:
            assert (case.status in DONE, case.outcome) == (True, "withdrawn")
        assert (case.status in DONE) == (case.closed_at is not None)
        _every_step_is_in_the_table(case, entries)
        assert self.world.look(verify_history, self.case_id).intact


def _every_step_is_in_the_table(case: Case, entries: list[CaseEntry]) -> None:
    status = CaseStatus.REGISTERED
    for entry in entries[1:]:
        step = TRANSITIONS[(status, CaseAction(entry.action))]
        assert entry.from_status == status.value
        status = step.next_status
    assert case.status == status.value


@pytest.mark.parametrize("examples", [12, pytest.param(150, marks=pytest.mark.slow)])
def test_any_life_of_a_case_keeps_the_rules(
    examples: int, organisation: Organisation, empty_database: Path
) -> None:
    Loop.organisation, Loop.empty = organisation, empty_database
    checks = [HealthCheck.too_slow]
    Loop.TestCase.settings = settings(
        max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=checks
    )
    Loop.TestCase().runTest()
