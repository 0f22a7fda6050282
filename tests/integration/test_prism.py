"""The chain on Prism: all accounted for, a stop that finishes, nobody left behind, a restart for each death."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from desk import Desk, Input, article, header
from family import children, is_prism, lives
from test_pipeline import mixed
from worker_pool import worker_pool

ROOT = Path(__file__).parents[2]
WIREDESK = [sys.executable, "-m", "pipeline", "run"]
PATIENCE_SECONDS = 120


@contextmanager
def running(desk: Desk, prism: Path, *flags: str) -> Iterator[subprocess.Popen[str]]:
    command = [*WIREDESK, "--runner=PrismRunner", f"--prism_location={prism}", *desk.flags(), *flags]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def wait_until(true: Callable[[], bool], process: subprocess.Popen[str], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert process.poll() is None, process.stderr.read()
        if time.monotonic() >= deadline:
            process.kill()  # so that what it said ends
            pytest.fail(f"{what}; it said:\n{process.stderr.read()}")
        time.sleep(0.05)


def committed(desk: Desk) -> int:
    return sum(offset or 0 for offset in desk.committed().values())


def origins(desk: Desk, topic: str) -> Counter[str]:
    return Counter(header(record, "wiredesk.origin") for record in desk.records(topic))


def stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> str:
    """Tell a run to end; what it said. Nobody may be left behind."""
    started = children(process.pid)
    assert any(is_prism(pid) for pid in started)
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert [pid for pid in started if lives(pid)] == []
    assert "_FAILED" not in said, "articles were tagged in part only"
    return said


def test_300_mixed_records_an_idle_tail_and_a_stop(desk: Desk, prism: Path):
    inputs, expected = mixed(300)
    desk.send(inputs)
    with running(desk, prism) as process:
        wait_until(lambda: committed(desk) == 300, process, "not all was committed")
        desk.send([Input(article("late"))])  # an idle source must wake up
        wait_until(lambda: committed(desk) == 301, process, "the last record was not committed while idle")
        said = stop(process)
        assert process.returncode == 0, said
    expected["tagged"] += 1
    assert f"stopped: {sum(expected.values())} parts: {expected['tagged']} tagged" in said.splitlines()[-1]
    assert "level=" not in said, "Prism's log is on the user's terminal"
    settings = desk.settings
    tagged, events, dead = (origins(desk, topic) for topic in settings.output_topics)
    assert (tagged.total(), dead.total()) == (expected["tagged"], expected["dead"])
    assert len(tagged | dead) == expected["tagged"] + expected["dead"]
    assert events == tagged
    assert desk.committed() == desk.ends()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_finishes_what_is_in_flight(desk: Desk, prism: Path, number: signal.Signals):
    desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(1500))
    with running(desk, prism) as process:
        wait_until(lambda: committed(desk) > 0, process, "nothing was committed")
        said = stop(process, number)
        assert process.returncode == 0, said
    done = committed(desk)
    assert done < 1500, "it was all done before the stop, so the stop proves nothing"
    assert origins(desk, desk.settings.output_topic).total() == done


def test_a_bounded_run_ends_by_itself(desk: Desk, prism: Path):
    desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(20))
    with running(desk, prism, "--stop_at_end") as process:
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, said
    assert "20 parts: 20 tagged" in said
    assert committed(desk) == 20


def test_a_run_outlives_the_time_that_beam_gives_a_request(desk: Desk, prism: Path):
    limit_seconds = 10
    with running(desk, prism, f"--job_server_timeout={limit_seconds}") as process:
        desk.send([Input(article("a"))])
        wait_until(lambda: committed(desk) == 1, process, "nothing was committed")  # the job was begun before this
        over = time.monotonic() + 2 * limit_seconds
        wait_until(lambda: time.monotonic() > over, process, "")
        desk.send([Input(article("b"))])
        wait_until(lambda: committed(desk) == 2, process, "it does not go on")
        said = stop(process)
        assert process.returncode == 0, said


def kill_the_worker(supervisor: int) -> int:
    return next(pid for pid in children(supervisor) if not is_prism(pid))


def kill_prism(supervisor: int) -> int:
    return next(pid for pid in children(supervisor) if is_prism(pid))


@pytest.mark.parametrize("victim", [kill_the_worker, kill_prism])
def test_a_death_is_followed_by_a_restart_and_nothing_is_lost(
    real_desk: Desk, prism: Path, victim: Callable[[int], int]
):
    desk = real_desk
    count = 600
    desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(count))
    with running(desk, prism, "--restart") as process:
        wait_until(lambda: committed(desk) > 0, process, "nothing was committed")
        killed_at = committed(desk)
        before = children(process.pid)
        os.kill(victim(process.pid), signal.SIGKILL)
        desk.send(Input(article(f"b{n}"), partition=n % 2) for n in range(20))
        wait_until(lambda: committed(desk) >= count + 20, process, "it did not go on")
        assert [pid for pid in before if lives(pid)] == [], "somebody of the first run lives on"
        said = stop(process)
        assert process.returncode == 0, said
    assert killed_at < count, "it was all done before the kill, so the kill proves nothing"
    assert "starting it anew" in said
    found = origins(desk, desk.settings.output_topic)
    assert len(found) == count + 20, "something was lost"
    assert max(found.values()) == 1, "exactly once was promised"


def test_a_prism_that_dies_without_a_supervisor_is_told_in_a_sentence(desk: Desk, prism: Path):
    desk.send([Input(article("a"))])
    with running(desk, prism) as process:
        wait_until(lambda: committed(desk) == 1, process, "nothing was committed")
        os.kill(next(pid for pid in children(process.pid) if is_prism(pid)), signal.SIGKILL)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert "Traceback" not in said
    assert "Prism has been killed by SIGKILL" in said


def test_prism_does_not_outlive_a_run_that_is_killed(desk: Desk, prism: Path):
    desk.send([Input(article("a"))])
    with running(desk, prism) as process:
        wait_until(lambda: committed(desk) == 1, process, "nothing was committed")
        started = children(process.pid)
        process.kill()
        process.wait()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while any(lives(pid) for pid in started):
            assert time.monotonic() < deadline, "Prism lives on"


def test_a_worker_pool_in_another_process_as_on_kubernetes(real_desk: Desk, prism: Path):
    desk = real_desk
    desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(100))
    with (
        worker_pool() as pool,
        running(desk, prism, "--environment_type=EXTERNAL", f"--environment_config={pool.address}") as process,
    ):
        wait_until(lambda: committed(desk) == 100, process, "not all was committed")
        said = stop(process)
        assert process.returncode == 0, said
    assert said.splitlines()[-1].startswith("stopped: ")
    found = origins(desk, desk.settings.output_topic)
    assert len(found) == 100
    assert max(found.values()) == 1


def test_a_broken_stage_ends_the_run_with_one_sentence(desk: Desk, prism: Path):
    """A Kafka that is gone: told as on every other runner, not as the trace of a job."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        done = subprocess.run(
            [*WIREDESK, "--runner=PrismRunner", f"--prism_location={prism}", f"--kafka_brokers={address}"],
            capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert "nothing listens" in done.stderr
