"""What all need who start a process: a free port, whether somebody listens there, and an end with our own."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys

PR_SET_PDEATHSIG = 1
HOST = "127.0.0.1"


def free_port() -> int:
    """A port of the loopback interface that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


class _DieWithParent:
    """Asks Linux to kill the calling process when its parent ends, however it ends."""

    def __init__(self) -> None:
        self._prctl = ctypes.CDLL(None).prctl
        self._parent = os.getpid()

    def __call__(self) -> None:
        self._prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != self._parent:  # it ended before we asked
            os._exit(1)


def die_with_parent() -> _DieWithParent | None:
    """For ``preexec_fn``. None where there is no such call: there, whoever started the process must end it.

    Linux ends the child with the *thread* that started it: start it on one that lives as long as the child shall.
    """
    return _DieWithParent() if sys.platform == "linux" else None


def ending(returncode: int) -> str:
    """How a process ended, in words: what `subprocess` calls its return code."""
    if returncode >= 0:
        return f"ended with exit code {returncode}"
    try:
        name = signal.Signals(-returncode).name
    except ValueError:
        name = f"signal {-returncode}"
    return f"been killed by {name}"
