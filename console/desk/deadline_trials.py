"""What another, a new or a missing deadline would have meant for past cases. Nothing is changed."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request

from console.auth import services_of
from console.errors import InvalidInput
from petitions.deadlines import ClockName, rival_of
from petitions.organisation_content import Content, Row, content_of
from petitions.organisation_editing import mark_of, thing_at, with_new, with_thing, without_thing
from petitions.organisation_files import organisation_from
from petitions.simulation import SimulatedClock, simulate_deadlines

DEADLINES = "deadlines"
TRIED_DAYS = 90
"""How far back a deadline is tried before it is saved."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What other deadlines would have meant; ``mark`` is of the values that were tried."""

    mark: str
    days: int
    clock: SimulatedClock | None


def try_stated(request: Request, rule_id: str, stated: Row) -> Trial:
    """Measure by a rule as it was typed; without ``rule_id`` it would be a new one.

    Raises:
        InvalidInput: Another rule holds for the same cases.
        UnknownThing: There is no such rule.
    """
    content = content_of(services_of(request).organisation)
    if rule_id:
        clock = thing_at(content, DEADLINES, rule_id)["clock"]
        changed = with_thing(content, DEADLINES, rule_id, stated)
    else:
        clock = stated["clock"]
        changed, rule_id = with_new(content, DEADLINES, stated)
        ensure_no_rival(changed, rule_id)
    return _try(request, changed, ClockName(clock), mark_of(stated))


def try_without(request: Request, rule_id: str) -> Trial:
    """Measure by the rules that are left when one is closed.

    Raises:
        UnknownThing: There is no such rule.
    """
    content = content_of(services_of(request).organisation)
    clock = ClockName(thing_at(content, DEADLINES, rule_id)["clock"])
    return _try(request, without_thing(content, DEADLINES, rule_id), clock, "")


def ensure_no_rival(content: Content, rule_id: str) -> None:
    """See that it is clear for every case which rule holds.

    Raises:
        InvalidInput: Another rule of the clock holds for the same cases.
    """
    rules = organisation_from(content).deadline_rules
    rule = next(one for one in rules if one.id == rule_id)
    if rival_of(rule, rules) is not None:
        raise InvalidInput(field="urgencies", problem="rule_exists")


def _try(request: Request, changed: Content, clock: ClockName, mark: str) -> Trial:
    services = services_of(request)
    now = services.clock.now()
    with services.open_read_work() as work:
        found = simulate_deadlines(
            work,
            organisation_from(changed).deadline_rules,
            since=now - timedelta(days=TRIED_DAYS),
            until=now,
            now=now,
            clock=clock,
        )
    return Trial(mark=mark, days=TRIED_DAYS, clock=next(iter(found), None))
