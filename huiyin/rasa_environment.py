"""Rasa's own Python 3.10 environment and its trained model, made when they are missing."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from huiyin.errors import HuiyinError
from nlu.model_registry import nothing_chosen
from nlu.training_data import Example, rasa_yaml

Report = Callable[[str], None]
TRAINING_TIMEOUT_SECONDS = 1800
NICE_OF_TRAINING = 10
"""Training beside the service takes what residents leave over."""
TETHER = Path(__file__).with_name("tethered.py")
INSTALL_TIMEOUT_SECONDS = 1800


class RasaUnavailable(HuiyinError):
    """Our own Rasa cannot be had here; the sentence says why. The service goes on without it."""


class RasaEnvironment:
    """Installs and trains the project in ``project``; models go to ``models``.

    Args:
        project: the folder nlu/rasa with pyproject.toml, requirements.lock, config and data.
        models: trained models, named by the hash of all they were trained from.
        report: told each long step in one line.
        more_examples: the operator's own labelled messages.
        chosen: names the model to serve; None stands for the one of the training data.
    """

    def __init__(
        self,
        project: Path,
        models: Path,
        report: Report,
        *,
        more_examples: Sequence[Example] = (),
        chosen: Callable[[], str | None] = nothing_chosen,
    ) -> None:
        self.project = project
        self.models = models
        self.report = report
        self.venv = project / ".venv"
        self._more_examples = tuple(more_examples)
        self._chosen = chosen

    def prepare(self) -> Path:
        """Install if needed, and return the chosen model, or that of the data: trained if new.

        Raises:
            RasaUnavailable: no Python 3.10, no packages, or training failed.
        """
        with self._alone():
            self._install()
            return self.chosen_model() or self._train()

    def train(self) -> Path:
        """The model of the training data, whichever is chosen.

        Raises:
            RasaUnavailable: as in ``prepare``.
        """
        with self._alone():
            self._install()
            return self._train()

    def chosen_model(self) -> Path | None:
        """The model that was chosen to be served; None when none was that this release can use."""
        name = self._chosen()
        if name is None:
            return None
        model = self.models / f"{name}.tar.gz"
        # Components are code of this release, not of the model: both must fit.
        return model if name.startswith(f"{self._mark()}-") and model.exists() else None

    def serve_command(self, model: Path, port: int, token: str) -> list[str]:
        """The command of a server on loopback."""
        command = [str(self.python), "-m", "rasa", "run", "--enable-api"]
        address = ["-i", "127.0.0.1", "-p", str(port), "--auth-token", token]
        files = ["--credentials", "credentials.yml", "--endpoints", "endpoints.yml"]
        return [*command, *address, *files, "--model", str(model)]

    def validate_data(self) -> str:
        """What ``rasa data validate`` says of the training data; warnings count as errors.

        Raises:
            RasaUnavailable: there is a complaint; the sentence holds the last one.
        """
        with self._alone():
            self._install()
        check = [str(self.python), "-m", "rasa", "data", "validate", "--fail-on-warnings"]
        return self._run([*check, "--domain", "domain.yml", "--data", "data"], 300)

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
        name = f"{self._mark()}-{self._data_digest()}"
        model = self.models / f"{name}.tar.gz"
        if model.exists():
            return model
        self.report("Rasa: training (about a minute)")
        # Trained under another name, then renamed: a killed training leaves no half model.
        train = [str(self.python), "-m", "rasa", "train", "nlu", "--fixed-model-name", "new"]
        with tempfile.TemporaryDirectory(dir=self.models, prefix=".training-") as folder:
            data = self._lay_out_data(Path(folder) / "data")
            paths = ["--config", "config.yml", "--domain", "domain.yml", "--nlu", str(data)]
            self._run([*train, *paths, "--out", folder], TRAINING_TIMEOUT_SECONDS)
            trained = Path(folder) / "new.tar.gz"
            if not trained.exists():
                raise RasaUnavailable("Rasa trained but left no model behind")
            trained.rename(model)
        return model

    def _lay_out_data(self, folder: Path) -> Path:
        shutil.copytree(self.project / "data", folder)
        if self._more_examples:
            content = rasa_yaml(self._more_examples)
            (folder / "operator.yml").write_text(content, encoding="utf-8")
        return folder

    def _mark(self) -> str:
        project = self.project
        code = [project / "config.yml", project / "domain.yml", project / "requirements.lock"]
        code += sorted((project / "components").rglob("*.py"))
        # The class names and words that the category component learns from.
        code += sorted(project.parent.glob("*.csv"))
        return f"rasa-{_digest(code, 4)}"

    def _data_digest(self) -> str:
        more = rasa_yaml(self._more_examples).encode() if self._more_examples else b""
        return _digest(sorted((self.project / "data").rglob("*.yml")), 8, more)

    def _run(self, command: Sequence[str], timeout_seconds: int = 120) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - the arguments are ours
                tethered(command, nice=NICE_OF_TRAINING),
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
        return done.stderr


def tethered(command: Sequence[str], *, nice: int = 0) -> list[str]:
    """``command`` so that it ends with us, and yields to others where ``nice`` is above 0."""
    return [sys.executable, "-P", str(TETHER), "--nice", str(nice), *command]


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


def _digest(paths: Sequence[Path], signs: int = 16, more: bytes = b"") -> str:
    digest = hashlib.sha256(more)
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:signs]
