"""The organisation changes: it is kept, and open cases of what is gone are routed anew."""

from dataclasses import replace
from typing import Any

from petitions import handling
from petitions.history import verify_history
from petitions.organisation_content import content_of
from petitions.organisation_files import organisation_from
from petitions.organisation_history import adopt_organisation, organisation_versions


def without_unit(world: Any, unit_id: str) -> None:
    units = tuple(one for one in world.organisation.units if one.id != unit_id)
    world.organisation = replace(world.organisation, units=units)


def without_grid(world: Any, gone: str, instead: str) -> None:
    """The grid is gone; its buildings belong to another one."""
    old = world.organisation
    estates = tuple(
        replace(
            estate,
            buildings=tuple(
                replace(one, grid=instead) if one.grid == gone else one for one in estate.buildings
            ),
        )
        for estate in old.estates
    )
    grids = tuple(one for one in old.grids if one.id != gone)
    world.organisation = replace(old, estates=estates, grids=grids)


def without_estate(world: Any, gone: str) -> None:
    """The estate is gone with its grids."""
    old = world.organisation
    lost = old.estate(gone).grids
    world.organisation = replace(
        old,
        estates=tuple(one for one in old.estates if one.id != gone),
        grids=tuple(one for one in old.grids if one.id not in lost),
    )


def test_content_makes_an_equal_organisation(organisation: Any) -> None:
    assert organisation_from(content_of(organisation)) == organisation


def test_changes_are_kept_and_a_repeat_finds_nothing(world: Any) -> None:
    assert world.do(adopt_organisation).changes == ()
    without_unit(world, "anda-elevator")
    (change,) = world.do(adopt_organisation).changes
    assert (change["kind"], change["id"], change["change"]) == (
        "units",
        "anda-elevator",
        "removed",
    )
    assert change["before"]["name"] == "安达电梯维保公司"
    assert world.do(adopt_organisation).changes == ()
    newest, oldest = world.look(organisation_versions)
    assert (len(newest.changes), oldest.changes) == (1, [])


def test_the_unit_is_gone_and_its_case_waits_for_another(world: Any) -> None:
    case_id = world.in_handling()
    replied = world.replied(resident="two")
    world.do(adopt_organisation)
    without_unit(world, "anda-elevator")
    adopted = world.do(adopt_organisation)
    case = world.case(case_id)
    assert adopted.rerouted == (case.number,)
    assert (case.status, case.lead_unit, case.designated) == ("screened", None, False)
    assert case.proposed_unit not in (None, "anda-elevator")
    entry = world.entries(case_id)[-1]
    assert (entry.action, entry.text) == (
        "reroute",
        "安达电梯维保公司已撤销，按新的组织重新确定。",
    )
    assert world.notices(unit_id="huaiyin-committee")[-1].key == "unit_rerouted"
    assert world.look(verify_history, case_id).intact
    assert world.case(replied).status == "replied"
    again = world.do(handling.dispatch_case, case_id, actor=world.committee)
    assert again.status == "dispatched"


def test_a_resting_case_wakes_up_with_its_time_given_back(world: Any) -> None:
    case_id = world.in_handling()
    world.do(handling.suspend, case_id, actor=world.elevator, reason="等配件")
    world.do(adopt_organisation)
    world.later(days=2)
    without_unit(world, "anda-elevator")
    world.do(adopt_organisation)
    case = world.case(case_id)
    assert case.status == "screened"
    assert case.next_due_at is not None


def test_where_the_new_grid_is_known_the_unit_goes_on(world: Any) -> None:
    case_id = world.in_handling()
    world.do(adopt_organisation)
    gone = world.case(case_id).grid_id
    without_grid(world, gone, "huaiyin-1")
    world.do(adopt_organisation)
    case = world.case(case_id)
    assert (case.status, case.lead_unit, case.grid_id) == (
        "handling",
        "anda-elevator",
        "huaiyin-1",
    )
    assert world.entries(case_id)[-1].action == "correct"


def test_where_it_is_not_the_case_goes_back_and_the_committee_is_told(world: Any) -> None:
    case_id = world.in_handling()
    world.do(adopt_organisation)
    without_estate(world, "jinxiu")
    world.do(adopt_organisation)
    case = world.case(case_id)
    assert (case.status, case.grid_id, case.community_id) == ("screened", None, "huaiyin")
    assert world.notices(unit_id="huaiyin-committee")[-1].key == "unit_rerouted"


def test_before_the_dispatch_another_unit_is_proposed(world: Any) -> None:
    case_id = world.file().case_id
    world.do(adopt_organisation)
    without_unit(world, "anda-elevator")
    world.do(adopt_organisation)
    case = world.case(case_id)
    assert (case.status, case.lead_unit) == ("registered", None)
    assert case.proposed_unit not in (None, "anda-elevator")
