"""Rasa's own Python 3.10 environment and its trained model, made when they are missing."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from huiyin.errors import HuiyinError

Report = Callable[[str], None]
TRAINING_TIMEOUT_SECONDS = 900
INSTALL_TIMEOUT_SECONDS = 1800


class RasaUnavailable(HuiyinError):
    """Our own Rasa cannot be had here; the sentence says why. The service goes on without it."""


class RasaEnvironment:
    """Installs and trains the project in ``project``; models go to ``models``.

    Args:
        project: the folder nlu/rasa with pyproject.toml, requirements.lock, config and data.
        models: trained models, named by the hash of all they were trained from.
        report: told each long step in one line.
    """

    def __init__(self, project: Path, models: Path, report: Report) -> None:
        self.project = project
        self.models = models
        self.report = report
        self.venv = project / ".venv"

    def prepare(self) -> Path:
        """Install if needed, train if the data changed, and return the model's path.

        Raises:
            RasaUnavailable: no Python 3.10, no packages, or training failed.
        """
        with self._alone():
            self._install()
            return self._train()

    @property
    def python(self) -> Path:
        """The interpreter of Rasa's environment."""
        return self.venv / "bin" / "python"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # Two services on one machine must not install or train over each other.
        self.models.mkdir(parents=True, exist_ok=True)
        with (self.project / ".prepare.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _install(self) -> None:
        lock = self.project / "requirements.lock"
        stamp = self.venv / ".installed"
        wanted = _digest([lock])
        if stamp.exists() and stamp.read_text() == wanted:
            return
        interpreter = find_python310()
        self.report("Rasa: installing its environment (about 150 packages)")
        uv = _find_uv()
        self._run([uv, "venv", "--quiet", "--clear", "--python", interpreter, str(self.venv)])
        install = [uv, "pip", "install", "--quiet", "--python", str(self.python), "--no-deps"]
        self._run([*install, "-r", str(lock)], INSTALL_TIMEOUT_SECONDS)
        stamp.write_text(wanted)

    def _train(self) -> Path:
        name = _digest(self._training_sources())
        model = self.models / f"{name}.tar.gz"
        if model.exists():
            return model
        self.report("Rasa: training (about a minute)")
        train = [str(self.python), "-m", "rasa", "train", "nlu", "--fixed-model-name", name]
        paths = ["--config", "config.yml", "--domain", "domain.yml", "--nlu", "data"]
        self._run([*train, *paths, "--out", str(self.models)], TRAINING_TIMEOUT_SECONDS)
        if not model.exists():
            raise RasaUnavailable("Rasa trained but left no model behind")
        return model

    def _training_sources(self) -> list[Path]:
        project = self.project
        return [
            project / "config.yml",
            project / "domain.yml",
            project / "requirements.lock",
            *sorted((project / "data").rglob("*.yml")),
            *sorted((project / "components").rglob("*.py")),
        ]

    def _run(self, command: Sequence[str], timeout_seconds: int = 120) -> None:
        try:
            done = subprocess.run(  # noqa: S603 - the arguments are ours
                command,
                cwd=self.project,
                env=rasa_process_environment(),
                capture_output=True,
                text=True,
                timeout=timeout_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise RasaUnavailable(f"{command[0]} took over {timeout_seconds} s") from error
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines() or ["no message"]
            raise RasaUnavailable(f"{Path(command[0]).name} failed: {lines[-1][:300]}")


def rasa_process_environment() -> dict[str, str]:
    """Environment of a Rasa process: quiet, no telemetry, our components importable."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    return kept | {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONPATH": ".",
        "PYTHONWARNINGS": "ignore",
        "OMP_NUM_THREADS": "1",
    }


def find_python310() -> str:
    """A working Python 3.10: on the path, in pyenv, or one that uv can find or fetch.

    Raises:
        RasaUnavailable: there is none.
    """
    for candidate in _python310_candidates():
        if _is_python310(candidate):
            return candidate
    if _fetch_python310():
        return "3.10"
    raise RasaUnavailable(
        "no Python 3.10 was found and none could be fetched; residents are answered by the "
        "local parser. Install python3.10 to add Rasa."
    )


def _python310_candidates() -> Iterator[str]:
    if on_path := shutil.which("python3.10"):
        yield on_path
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for version in sorted(root.glob("versions/3.10.*"), reverse=True):
        yield str(version / "bin" / "python3.10")


def _is_python310(command: str) -> bool:
    probe = "import sys; sys.exit(sys.version_info[:2] != (3, 10))"
    try:
        done = subprocess.run(  # noqa: S603 - a candidate interpreter found above
            [command, "-c", probe], capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _fetch_python310() -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            [_find_uv(), "python", "install", "--quiet", "3.10"],
            capture_output=True,
            timeout=300,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _find_uv() -> str:
    return str(Path(sys.executable).parent / "uv")


def _digest(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
