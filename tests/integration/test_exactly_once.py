"""Exactly once on one process, on real Kafka: open transactions, a second run, a time-out. Kills: `test_faults.py`."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from desk import Desk, Input, article, header

WIREDESK = [sys.executable, "-m", "pipeline", "run"]
HERE = Path(__file__).parent
PATIENCE_SECONDS = 150


def script(name: str) -> list[str]:
    return [sys.executable, str(HERE / name), "run"]


def start(desk: Desk, command: list[str] = WIREDESK) -> subprocess.Popen[str]:
    return subprocess.Popen([*command, *desk.flags(), "--delivery=exactly_once"], stderr=subprocess.PIPE, text=True)


def wait_until(true: Callable[[], bool], running: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "it never happened"
        assert running.poll() is None, running.stderr.read()


def committed(desk: Desk) -> int:
    return sum(offset or 0 for offset in desk.committed().values())


def finish(desk: Desk) -> str:
    """Run to the end of the input."""
    command = [*WIREDESK, *desk.flags(), "--delivery=exactly_once", "--stop_at_end"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode in (0, 3), done.stderr
    return done.stderr


def assert_each_once_and_in_order(desk: Desk, articles: int, dead: int = 0) -> None:
    settings = desk.settings
    for topic, expected in zip(settings.output_topics, (articles, articles, dead), strict=True):
        records = desk.records(topic)
        counts = Counter(header(r, "wiredesk.origin") for r in records)
        assert max(counts.values(), default=1) == 1, "something was repeated"
        assert len(counts) == expected, "something was lost"
        of_key = defaultdict(list)
        for record in records:
            at = header(record, "wiredesk.origin").split("/")
            if record.key is not None:  # without a key it goes to any partition
                of_key[record.key, at[1]].append(int(at[2]))
        assert all(offsets == sorted(offsets) for offsets in of_key.values()), "revisions of an article changed places"
    assert committed(desk) == sum(desk.ends().values())


def test_a_transaction_that_a_killed_run_left_open_is_ended_and_its_outputs_come_once(real_desk: Desk):
    desk = real_desk
    desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(30))
    assert start(desk, script("killed_in_transaction.py")).wait(PATIENCE_SECONDS) == -signal.SIGKILL
    finish(desk)
    assert_each_once_and_in_order(desk, 30)


def test_a_second_run_of_the_same_group_takes_over_and_the_first_says_so(real_desk: Desk):
    desk = real_desk
    desk.send([Input(article("a"))])
    first = start(desk)
    wait_until(lambda: committed(desk) == 1, first)
    second = start(desk)
    sent = 1
    try:
        while first.poll() is None:  # it hears of the other when it has something to commit
            desk.send([Input(article(f"b{sent}"))])
            sent += 1
            wait_until(lambda sent=sent: committed(desk) == sent, second)
        said = first.stderr.read()
        assert first.returncode == 1
        assert "taken over" in said
        assert "Traceback" not in said
    finally:
        for running in (first, second):
            running.kill()
            running.wait()
    assert_each_once_and_in_order(desk, sent)


def test_a_run_with_nothing_to_do_hears_of_another_that_took_over(real_desk: Desk):
    desk = real_desk
    desk.send([Input(article("a"))])
    first = start(desk)
    wait_until(lambda: committed(desk) == 1, first)
    second = start(desk)
    try:
        _, said = first.communicate(timeout=PATIENCE_SECONDS)
        assert first.returncode == 1
        assert "taken over" in said.splitlines()[-1]
        assert second.poll() is None
    finally:
        for running in (first, second):
            running.kill()
            running.communicate()
    assert_each_once_and_in_order(desk, 1)


def test_a_commit_later_than_the_transactions_time_out_begins_anew(real_desk: Desk):
    desk = real_desk
    running = start(desk, script("frozen_in_transaction.py"))
    try:
        desk.send(Input(article(f"a{n}")) for n in range(10))
        wait_until(lambda: committed(desk) == 10, running)
    finally:
        running.kill()
        _, said = running.communicate()
    assert "frozen" in said, "it never was in a transaction that timed out"
    assert_each_once_and_in_order(desk, 10)
