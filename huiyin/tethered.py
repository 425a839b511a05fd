"""Run a command that does not outlive whoever started it.

    python -P huiyin/tethered.py [--nice N] COMMAND …

The kernel kills the command when the thread that started it is gone, however it went: a service
killed with SIGKILL leaves no server behind. Standard library only, because it is run as a file
by a bare interpreter; on systems without ``prctl`` the command runs untethered.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
ORPHAN = 1
"""The parent's number once the real parent has ended."""


def tether() -> None:
    """Ask the kernel to kill this process, and what it becomes, with its parent."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        return
    if os.getppid() == ORPHAN:
        # The parent ended before the kernel was asked.
        sys.exit(1)


def main(arguments: Sequence[str]) -> None:
    """Become the command."""
    if arguments[:1] == ["--nice"]:
        os.nice(int(arguments[1]))
        arguments = arguments[2:]
    tether()
    os.execvp(arguments[0], list(arguments))  # noqa: S606 - the caller chose the command


if __name__ == "__main__":
    main(sys.argv[1:])
