"""The organisation's files: read whole, refused with the reason when they disagree."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from petitions.deadlines import ClockName, choose_rule
from petitions.errors import InvalidOrganisation, UnknownUnit
from petitions.model import LegalRegime, Urgency
from petitions.organisation import Organisation
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
    ],
)
def test_contradictions_are_named(folder: Path, values: dict[str, object], problem: str) -> None:
    change(folder, **values)
    with pytest.raises(InvalidOrganisation, match=problem):
        load_organisation(folder)


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
