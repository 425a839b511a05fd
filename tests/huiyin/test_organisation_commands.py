"""``huiyin organisation``: out and in again as a workbook and as YAML."""

from pathlib import Path

import openpyxl
import pytest
import yaml
from typer.testing import CliRunner

from huiyin.cli import app
from huiyin.errors import HuiyinError
from huiyin.organisation_workbook import read_workbook, workbook_of
from petitions.errors import InvalidOrganisation
from petitions.organisation import Organisation
from petitions.organisation_files import load_organisation, write_organisation

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "community"


@pytest.fixture(scope="module")
def sample() -> Organisation:
    return load_organisation(SAMPLE)


@pytest.fixture
def workbook(sample: Organisation, tmp_path: Path) -> Path:
    path = tmp_path / "street.xlsx"
    path.write_bytes(workbook_of(sample))
    return path


def test_a_workbook_says_the_same_as_the_files(sample: Organisation, workbook: Path) -> None:
    assert read_workbook(workbook) == sample


def test_yaml_says_the_same_as_the_files(sample: Organisation, tmp_path: Path) -> None:
    write_organisation(sample, tmp_path / "copy")
    assert load_organisation(tmp_path / "copy") == sample


def test_a_contradiction_is_refused_and_named(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["grids"]["C2"] = "nowhere"
    book.save(workbook)
    with pytest.raises(InvalidOrganisation, match="nowhere"):
        read_workbook(workbook)


def test_a_workbook_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(HuiyinError, match="sheets missing"):
        read_workbook(path)


def test_import_takes_over_and_history_tells(
    sample: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    community = tmp_path / "community"
    write_organisation(sample, community)
    monkeypatch.setenv("HUIYIN_COMMUNITY_DIR", str(community))
    monkeypatch.setenv("HUIYIN_DATA_DIR", str(tmp_path / "data"))
    changed = tmp_path / "changed"
    write_organisation(sample, changed)
    plan = yaml.safe_load((changed / "organisation.yaml").read_text(encoding="utf-8"))
    plan["units"] = [one for one in plan["units"] if one["id"] != "anda-elevator"]
    (changed / "organisation.yaml").write_text(
        yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8"
    )
    run = CliRunner().invoke
    told = run(app, ["organisation", "import", str(changed), "--dry-run"])
    assert told.exit_code == 0, told.output
    assert "removed  units        anda-elevator" in told.output
    assert load_organisation(community) == sample
    assert run(app, ["organisation", "import", str(changed)]).exit_code == 0
    assert load_organisation(community) == load_organisation(changed)
    assert "anda-elevator" in run(app, ["organisation", "history"]).output
    exported = tmp_path / "out.xlsx"
    assert run(app, ["organisation", "export", str(exported)]).exit_code == 0
    assert read_workbook(exported) == load_organisation(changed)
