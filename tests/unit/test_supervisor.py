"""The supervisor: starts anew what failed, and nothing else; passes a signal on once; leaves nobody behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline import supervisor
from pipeline.supervisor import BackOff, Supervisor

# Ends with the next exit code of the file each time (below zero: by that signal), and notes how it was called.
CHILD = """
import os, sys, pathlib
codes, calls = map(pathlib.Path, sys.argv[1:3])
with calls.open("a") as out: print(*sys.argv[3:], file=out)
code, _, rest = codes.read_text().partition(" ")
codes.write_text(rest)
if int(code) < 0: os.kill(os.getpid(), -int(code))
sys.exit(int(code))
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_DELAY_SECONDS", 0.001)
    monkeypatch.setattr(supervisor, "MAX_DELAY_SECONDS", 0.004)


def _supervised(tmp_path: Path, codes: Sequence[int]) -> tuple[int, list[str]]:
    (tmp_path / "codes").write_text(" ".join(map(str, codes)))
    command = [sys.executable, "-c", CHILD, str(tmp_path / "codes"), str(tmp_path / "calls")]
    code = Supervisor([*command, "first"], [*command, "again"]).run()
    return code, (tmp_path / "calls").read_text().splitlines()


def _said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the supervisor logged: a client that another test left open may speak in between."""
    return [record.getMessage() for record in caplog.records if record.name == supervisor.__name__]


@pytest.mark.parametrize("code", [0, 2, 3])
def test_what_is_done_or_for_a_person_to_mend_is_not_started_anew(tmp_path: Path, code: int) -> None:
    assert _supervised(tmp_path, [code, 0]) == (code, ["first"])


@pytest.mark.parametrize("failure", [1, 4, 139, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGTERM])
def test_what_failed_is_started_anew_and_the_reason_is_logged(
    tmp_path: Path, failure: int, caplog: pytest.LogCaptureFixture
) -> None:
    assert _supervised(tmp_path, [failure, failure, 0]) == (0, ["first", "again", "again"])
    reason = f"exit code {failure}" if failure > 0 else signal.Signals(-failure).name
    assert [reason in line for line in _said(caplog)] == [True, True]


def test_what_fails_again_and_again_is_given_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    most = supervisor.MAX_FAILURES
    code, calls = _supervised(tmp_path, [*[1] * most, -signal.SIGKILL, 0])
    assert code == 128 + signal.SIGKILL
    assert len(calls) == most + 1
    assert "giving up" in _said(caplog)[-1]


def test_each_wait_is_twice_as_long_up_to_a_limit_and_a_steady_run_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    back_off = BackOff()
    waits = [back_off.after(1.0) for _ in range(supervisor.MAX_FAILURES)]
    for number, wait in enumerate(waits):
        most = min(supervisor.MAX_DELAY_SECONDS, supervisor.FIRST_DELAY_SECONDS * 2**number)
        assert wait is not None
        assert most / 2 <= wait <= most
    assert back_off.after(1.0) is None
    again = back_off.after(supervisor.STEADY_SECONDS)
    assert again is not None
    assert again <= supervisor.FIRST_DELAY_SECONDS


PARENT = """
import sys
from pipeline.supervisor import Supervisor
sys.exit(Supervisor(sys.argv[1:], sys.argv[1:]).run())
"""
# Tells its id and each signal that comes; ends by itself at the second.
LISTENING = """
import os, signal, sys
numbers = {signal.SIGINT, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
print(os.getpid(), flush=True)
print(int(signal.sigwait(numbers)), flush=True)
if sys.argv[1:] == ["one"]: sys.exit(0)
print(int(signal.sigwait(numbers)), flush=True)
sys.exit(7)
"""


def _parent(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PARENT, sys.executable, "-c", LISTENING, *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_passed_on_and_the_end_of_the_child_is_awaited(number: signal.Signals) -> None:
    with _parent("one") as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(number)
        assert parent.stdout.read().split() == [str(int(number))]
        assert parent.wait(30) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_second_signal_is_passed_on_too_and_a_child_that_was_stopped_is_not_started_anew() -> None:
    with _parent() as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        parent.send_signal(signal.SIGINT)
        assert parent.stdout.readline().strip() == str(int(signal.SIGINT))
        parent.send_signal(signal.SIGINT)
        assert parent.stdout.read().split() == [str(int(signal.SIGINT))]
        assert parent.wait(30) == 7


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends the child, and only Linux does")
def test_the_child_does_not_outlive_a_supervisor_that_is_killed() -> None:
    with _parent() as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
        deadline = time.monotonic() + 30
        while _lives(child):
            assert time.monotonic() < deadline, "the child lives on"


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"  # in a container nobody may collect it
