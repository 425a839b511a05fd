"""Settings: read once, checked, and listed in docs/configuration.md and docker-compose.yml."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from huiyin.secret_key import derive_key, load_secret_key
from huiyin.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = {f"HUIYIN_{name.upper()}" for name in Settings.model_fields}


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_TELEGRAM_TOKEN", "")
    assert Settings().telegram_token is None


def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_PORT", "99999")
    with pytest.raises(ValidationError, match="port"):
        Settings()


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(HUIYIN_\w+)` \|", page, re.MULTILINE)) == VARIABLES


def test_compose_sets_only_settings_that_exist() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    used = {
        name
        for service in compose["services"].values()
        for name in service.get("environment", {})
        if name.startswith("HUIYIN_")
    }
    assert used
    assert used <= VARIABLES


def test_compose_is_accepted_by_docker() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], check=False).returncode:
        pytest.skip("docker compose is not installed here")
    secrets = ("POSTGRES_PASSWORD", "HUIYIN_SECRET_KEY", "RASA_TOKEN")
    done = subprocess.run(
        [docker, "compose", "config", "--quiet"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **dict.fromkeys(secrets, "x")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    first = load_secret_key(settings)
    assert load_secret_key(settings) == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_each_purpose_has_its_own_key() -> None:
    assert derive_key(b"master", "cookies") != derive_key(b"master", "contact")
    assert len(derive_key(b"master", "contact")) == 32
