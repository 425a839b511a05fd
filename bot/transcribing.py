"""Voice messages as words: a port, and a local program behind it."""

import shlex
import subprocess
from pathlib import Path
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)

LONGEST_WORDS = 2_000
PATIENCE_SECONDS = 60.0


class Transcriber(Protocol):
    """Writes down what is said in a recording."""

    def transcribe(self, recording: Path) -> str:
        """The words, or nothing when there are none to make out; never raises."""
        ...


class CommandTranscriber:
    """Asks a program on this machine; nobody's voice leaves it.

    Args:
        command: The program with its arguments; the recording's path is put behind them, and
            what it prints are the words.
        patience_seconds: How long it may take; after that the voice stays an attachment.

    Raises:
        ValueError: The command is empty or its quotes don't close.
    """

    def __init__(self, command: str, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._command = shlex.split(command)
        if not self._command:
            raise ValueError("the command that writes down voice messages must not be empty")
        self._patience_seconds = patience_seconds

    def transcribe(self, recording: Path) -> str:
        """See :meth:`Transcriber.transcribe`."""
        try:
            done = subprocess.run(  # noqa: S603 — the operator's own command, no shell
                [*self._command, str(recording)],
                capture_output=True,
                timeout=self._patience_seconds,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            log.warning("voice_not_read", action="transcribe", problem=type(error).__name__)
            return ""
        return done.stdout.decode("utf-8", "replace").strip()[:LONGEST_WORDS]
