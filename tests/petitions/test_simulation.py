"""Simulating other deadlines on past cases."""

from dataclasses import replace
from datetime import timedelta

from petitions import handling
from petitions.deadlines import ClockName
from petitions.simulation import SimulatedClock, simulate_deadlines
from tests.petitions.conftest import MONDAY_NINE, World

PERIOD = {"since": MONDAY_NINE - timedelta(days=1), "until": MONDAY_NINE + timedelta(days=1)}


def feedback(world: World, **rule: object) -> SimulatedClock:
    rules = [
        replace(old, **rule) if old.clock is ClockName.FEEDBACK else old  # type: ignore[arg-type]
        for old in world.organisation.deadline_rules
    ]
    found = world.look(simulate_deadlines, rules, now=world.now, **PERIOD)
    return next(row for row in found if row.clock is ClockName.FEEDBACK)


def test_a_shorter_rule_makes_late_what_was_in_time(world: World) -> None:
    case_id = world.in_handling()
    world.later(days=3)
    world.do(handling.reply, case_id, actor=world.elevator, text="已修好。")
    number = world.case(case_id).number
    assert feedback(world).late_now == feedback(world).late_then == 0
    shorter = feedback(world, amount=2)
    assert (shorter.measured, shorter.late_then, shorter.late_now) == (1, 0, 1)
    assert shorter.newly_late == (number,)


def test_pauses_are_given_back_under_the_new_rule_too(world: World) -> None:
    case_id = world.in_handling()
    world.do(handling.suspend, case_id, actor=world.elevator, reason="等待补充材料")
    world.later(days=3)
    world.do(handling.resume, case_id, actor=world.elevator)
    world.later(days=1)
    world.do(handling.reply, case_id, actor=world.elevator, text="已修好。")
    assert feedback(world, amount=2).late_now == 0
    assert feedback(world, amount=0).late_now == 1


def test_what_nobody_knows_yet_is_not_measured_and_nothing_changes(world: World) -> None:
    case_id = world.in_handling()
    before = world.case(case_id).version
    found = world.look(
        simulate_deadlines, world.organisation.deadline_rules, now=world.now, **PERIOD
    )
    assert ClockName.FEEDBACK not in {row.clock for row in found}
    assert world.case(case_id).version == before
