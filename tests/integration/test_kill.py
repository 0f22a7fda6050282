"""kill -9 after an acknowledged send and before its commit: nothing is lost, and what comes again has equal ids."""

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from desk import Desk, Input, article, header

from pipeline.reader import decode_value

KILLED = [sys.executable, str(Path(__file__).with_name("killed_before_commit.py")), "run", "--delivery=at_least_once"]
BODY = "Ambassador Anna Weiss met President Tomas Berg in Oslo on Monday. Protesters threw stones at police."


def test_nothing_is_lost_and_repeats_are_recognisable(desk: Desk):
    desk.send(Input(article(f"a{n}", BODY, published_at="2024-03-05T10:00:00Z"), partition=n % 2) for n in range(40))
    killed = subprocess.run([*KILLED, *desk.flags()], capture_output=True, timeout=120, check=False)
    assert killed.returncode == -signal.SIGKILL
    sent_before = desk.records(desk.settings.output_topic)
    assert sent_before, "nothing was acknowledged before the kill, so nothing could repeat"
    assert desk.committed() == {0: None, 1: None}

    object.__setattr__(desk.settings, "start_offset", "earliest")  # outputs without a commit: a person must say so
    assert desk.run().tagged == 40

    records = desk.records(desk.settings.output_topic)
    by_origin: dict[str, list] = {}
    for record in records:
        by_origin.setdefault(header(record, "wiredesk.origin"), []).append(decode_value(record.value))
    assert len(by_origin) == 40, "an article was lost"
    repeated = [copies for copies in by_origin.values() if len(copies) > 1]
    assert len(repeated) == len(sent_before)
    for first, *others in repeated:
        assert first.events
        for other in others:
            assert other.id == first.id
            assert [event.event_id for event in other.events] == [event.event_id for event in first.events]
    assert Counter(r.key for r in records).keys() == {f"a{n}".encode() for n in range(40)}
    assert desk.committed() == desk.ends()


def test_a_run_that_would_have_to_guess_where_to_begin_asks(desk: Desk):
    desk.send([Input(article("a"))])
    subprocess.run([*KILLED, *desk.flags()], capture_output=True, timeout=120, check=False)
    asked = subprocess.run(
        [sys.executable, "-m", "pipeline", "run", "--stop_at_end", *desk.flags()],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert asked.returncode == 2
    assert "--start_offset" in asked.stderr
    assert len(desk.records(desk.settings.output_topic)) == 1
