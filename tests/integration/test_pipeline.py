"""A topic through the real runner: every part ends exactly one way, and all of it is committed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from desk import JSONL, NINJS, TEXT, Desk, Input, article, header

from pipeline.reader import decode_value

WIREDESK = [sys.executable, "-m", "pipeline"]


def mixed(count: int) -> tuple[list[Input], Counter[str]]:
    """Records of every kind, and how their parts have to end."""
    ninjs = json.dumps(
        [{"uri": f"urn:n:{n}", "headlines": [{"value": "H"}], "bodies": [{"value": f"Text {n}."}]} for n in range(2)]
    ).encode()
    kinds = [
        (lambda n: (article(f"a{n}"), JSONL), {"tagged": 1}),
        (lambda n: (b"\n".join(article(f"l{n}-{i}") for i in range(3)), JSONL), {"tagged": 3}),
        (lambda n: (ninjs.replace(b"urn:n", b"urn:n%d" % n), NINJS), {"tagged": 2}),
        (lambda n: (b"Talks resume\n\nThe two sides met in Geneva on Monday.", TEXT), {"tagged": 1}),
        (lambda n: (b'{"id": "broken', JSONL), {"dead": 1}),
        (lambda n: (b"", JSONL), {"dead": 1}),
        (lambda n: (None, JSONL), {"dead": 1}),
        (lambda n: ("caf\xe9".encode("latin-1"), TEXT), {"dead": 1}),
        (lambda n: (article(f"w{n}", status="withheld"), JSONL), {"dropped": 1}),
        (lambda n: (article(f"a{n}") + b"\n{}\n" + article(f"w{n}", status="canceled"), JSONL),
         {"tagged": 1, "dead": 1, "dropped": 1}),
    ]  # fmt: skip
    inputs: list[Input] = []
    expected: Counter[str] = Counter()
    for n in range(count):
        make, ends = kinds[n % len(kinds)]
        value, headers = make(n)
        inputs.append(Input(value, headers, key=b"k", partition=n % 2))
        expected.update(ends)
    return inputs, expected


def test_300_mixed_records_in_two_partitions_are_all_accounted_for(desk: Desk):
    inputs, expected = mixed(300)
    desk.send(inputs)
    report = desk.run()

    assert Counter(tagged=report.tagged, dead=report.dead_letters, dropped=report.dropped) == expected
    assert report.parts == sum(expected.values())
    assert desk.committed() == {0: 150, 1: 150} == desk.ends()
    settings = desk.settings
    tagged, events, dead = (desk.records(t) for t in settings.output_topics)
    assert (len(tagged), len(events), len(dead)) == (expected["tagged"], expected["tagged"], expected["dead"])
    origins = [header(r, "wiredesk.origin") for r in (*tagged, *dead)]
    assert len(set(origins)) == len(origins)
    for record in tagged:
        assert decode_value(record.value).id.encode() == record.key


def test_a_second_run_has_nothing_left_to_do(desk: Desk):
    desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(5))
    assert desk.run().tagged == 5
    assert desk.run().parts == 0
    assert len(desk.records(desk.settings.output_topic)) == 5


def test_what_was_in_the_topic_at_the_start_is_read_and_no_more(desk: Desk):
    assert desk.run().parts == 0
    desk.send([Input(article("later"))])
    assert desk.committed() == {0: None, 1: None}


def test_the_records_keep_the_time_at_which_they_were_received(desk: Desk):
    desk.send([Input(article("a"))])
    desk.run()
    (record,) = desk.records(desk.settings.output_topic)
    tagged = decode_value(record.value)
    (raw,) = desk.records(desk.settings.input_topic)
    assert int(tagged.received_at.timestamp() * 1000) == raw.timestamp
    assert (tagged.provenance.topic, tagged.provenance.partition) == (desk.settings.input_topic, 0)
    assert (tagged.provenance.offset, tagged.provenance.part) == (0, 0)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_an_endless_run_commits_its_last_record_while_idle_and_stops_when_told(desk: Desk, end: signal.Signals):
    running = subprocess.Popen([*WIREDESK, "run", *desk.flags()], stderr=subprocess.PIPE, text=True)
    try:
        for batch in (3, 1):  # the second comes when the first is long done: an idle source must wake up
            desk.send(Input(article(f"a{batch}-{n}")) for n in range(batch))
            deadline = time.monotonic() + 90
            while desk.committed()[0] != desk.ends()[0]:
                assert time.monotonic() < deadline, "the last record was never committed"
                assert running.poll() is None, running.stderr.read()
        running.send_signal(end)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
        running.wait()
    assert "Traceback" not in said
    assert running.returncode == 0
    assert said.splitlines()[-1].startswith("stopped: 4 parts: 4 tagged")
    assert desk.committed() == {0: 4, 1: None}
    assert len(desk.records(desk.settings.output_topic)) == 4
    with pytest.raises(ProcessLookupError):
        os.kill(running.pid, 0)


def test_a_stop_finishes_what_is_in_flight_and_the_next_run_begins_there(desk: Desk):
    desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(1000))
    running = subprocess.Popen([*WIREDESK, "run", *desk.flags()], stderr=subprocess.PIPE, text=True)
    try:
        while not any(desk.committed().values()):
            assert running.poll() is None, running.stderr.read()
        running.send_signal(signal.SIGTERM)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
        running.wait()
    assert running.returncode == 0, said
    done = sum(offset or 0 for offset in desk.committed().values())
    assert done < 1000, "it was all done before the stop, so the stop proves nothing"
    assert len(desk.records(desk.settings.output_topic)) == done
    assert desk.run().tagged == 1000 - done
    assert len({header(r, "wiredesk.origin") for r in desk.records(desk.settings.output_topic)}) == 1000


def test_a_second_ctrl_c_does_not_wait(desk: Desk):
    running = subprocess.Popen([*WIREDESK, "run", *desk.flags()], stderr=subprocess.PIPE, text=True)
    try:
        desk.send(Input(article(f"a{n}")) for n in range(1000))
        while not any(desk.committed().values()):
            assert running.poll() is None, running.stderr.read()
        running.send_signal(signal.SIGINT)
        assert running.stderr.readline().startswith("stopping: ")
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
        running.wait()
    assert running.returncode == 130
    assert said == "wiredesk run: stopped\n"
