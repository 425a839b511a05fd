"""The organisation's files: read whole, refused with the reason when they disagree."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from petitions.deadlines import ClockName, choose_rule
from petitions.errors import InvalidOrganisation, UnknownUnit
from petitions.model import LegalRegime, Urgency
from petitions.organisation import Community, Organisation, number_codes
from petitions.organisation_files import load_organisation

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "community"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("organisation.yaml", "duty_list.yaml", "deadlines.yaml"):
        shutil.copy(SAMPLE / name, tmp_path / name)
    return tmp_path


def change(folder: Path, **values: object) -> None:
    path = folder / "organisation.yaml"
    content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    path.write_text(yaml.safe_dump({**content, **values}, allow_unicode=True), encoding="utf-8")


def test_the_sample_is_whole(organisation: Organisation) -> None:
    assert len(organisation.communities) == 2
    assert len(organisation.grids) == 12
    assert len(organisation.duties) >= 60
    assert {organisation.unit(one).kind for one in organisation.committees()} == {"committee"}
    kinds = {unit.kind for unit in organisation.units}
    assert {item.lead for item in organisation.duties} <= kinds
    assert {kind for item in organisation.duties for kind in item.co_handlers} <= kinds


@pytest.mark.parametrize("urgency", list(Urgency))
@pytest.mark.parametrize(
    "clock", [ClockName.SIGN_FOR, ClockName.CONTACT, ClockName.FEEDBACK, ClockName.REPORT_IN]
)
def test_the_sample_has_a_deadline_for_every_urgency(
    organisation: Organisation, clock: ClockName, urgency: Urgency
) -> None:
    for regime in LegalRegime:
        rules = organisation.deadline_rules
        assert choose_rule(rules, clock, urgency=urgency.value, regime=regime.value)


def test_units_by_level_nearness_and_order(organisation: Organisation) -> None:
    def kinds(kind: str, **place: str) -> list[str]:
        return [unit.id for unit in organisation.units_of_kind(kind, **place)]

    assert kinds("property", estate="jinxiu") == ["jincheng-property"]
    assert kinds("property") == []
    assert kinds("urban_management", level="district")[0] == "yunhe-urban-management"
    assert kinds("urban_management", level="subdistrict")[0] == "huaian-enforcement"
    assert kinds("subdistrict_office", level="subdistrict")[0] == "huaian-office"
    assert kinds("committee", community="shuyuan") == ["shuyuan-committee"]


def test_names_for_people(organisation: Organisation) -> None:
    assert organisation.unit_name("huaian-police") == "槐安派出所"
    assert organisation.unit_name("gone") == "gone"
    assert organisation.unit_name(None) == ""
    with pytest.raises(UnknownUnit):
        organisation.unit("gone")
    assert organisation.grids_of_worker("周敏") == ("huaiyin-1",)


def test_the_calendar_can_be_overridden(folder: Path) -> None:
    change(folder, working_days={"rest": ["2026-03-03"], "worked": [date(2026, 3, 7)]})
    calendar = load_organisation(folder).calendar
    assert not calendar.is_working_day(date(2026, 3, 3))
    assert calendar.is_working_day(date(2026, 3, 7))


def community(thing: str, **values: object) -> dict[str, object]:
    return {"id": thing, "name": thing, "committee": "中共槐荫社区委员会", **values}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"grids": [{"id": "g", "name": "g", "community": "nowhere"}]}, "unknown community"),
        (
            {"communities": [{"id": "huaiyin", "name": "x", "committee": "谁"}]},
            "KeyError",
        ),
        ({"units": [{"id": "u"}]}, "KeyError"),
        ({"roads": [{"name": "路", "grid": "nowhere"}]}, "unknown grid"),
        ({"communities": [community("a", number_code="第一")]}, "one to four letters"),
        ({"communities": [community("a", number_code="ABCDE")]}, "one to four letters"),
        (
            {"communities": [community("a", number_code="x"), community("b", number_code="X")]},
            "number_code twice",
        ),
    ],
)
def test_contradictions_are_named(folder: Path, values: dict[str, object], problem: str) -> None:
    change(folder, **values)
    with pytest.raises(InvalidOrganisation, match=problem):
        load_organisation(folder)


def codes_of(*communities: tuple[str, str]) -> list[str]:
    made = [Community(id=i, name=i, committee="c", number_code=code) for i, code in communities]
    return list(number_codes(made).values())


def test_letters_in_numbers_tell_communities_apart() -> None:
    assert codes_of(("huaiyin", "")) == [""]
    assert codes_of(("huaiyin", ""), ("shuyuan", "")) == ["", "SH"]
    # What is stated holds; who comes later makes way.
    assert codes_of(("huaiyin", "HY"), ("shuyuan", ""), ("b", "SH")) == ["HY", "SHU", "SH"]
    # Others come and go: the letters stay.
    assert codes_of(("huaiyin", ""), ("new", ""), ("shuyuan", "")) == ["", "NE", "SH"]


def test_however_alike_their_ids_are_the_letters_differ() -> None:
    codes = codes_of(*((f"community-{number}", "") for number in range(1, 41)), ("3", ""))
    assert len(set(codes)) == 41
    assert all(len(code) <= 4 for code in codes)


def test_a_stated_code_is_read_in_capitals(folder: Path) -> None:
    change(folder, communities=[community("huaiyin"), community("shuyuan", number_code="sy")])
    organisation = load_organisation(folder)
    assert [organisation.number_code(one) for one in ("huaiyin", "shuyuan", None)] == ["", "SY", ""]


def test_doubled_ids_are_named(folder: Path) -> None:
    path = folder / "organisation.yaml"
    units = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["units"]
    change(folder, units=[*units, units[0]])
    with pytest.raises(InvalidOrganisation, match="units twice"):
        load_organisation(folder)


@pytest.mark.parametrize("content", ["[", "just words", "- a\n- b"])
def test_files_that_are_none_are_named(folder: Path, content: str) -> None:
    (folder / "organisation.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidOrganisation, match=r"organisation\.yaml"):
        load_organisation(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "deadlines.yaml").unlink()
    with pytest.raises(InvalidOrganisation, match=r"deadlines\.yaml"):
        load_organisation(folder)
