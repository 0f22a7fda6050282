"""`wiredesk topics` and `wiredesk replay`, as typed, on a real broker; and what Ctrl-C leaves behind."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from desk import Desk
from kafka.consumer.fetcher import ConsumerRecord

from pipeline.broker import clients, topics
from pipeline.broker.clients import Connection
from pipeline.broker.embedded import EmbeddedBroker
from pipeline.cli import main
from pipeline.replay import replay
from pipeline.settings import Settings


def _records(connection: Connection, topic: str) -> list[ConsumerRecord]:
    partitions = clients.partitions_of(connection, topic)
    left = sum(clients.end_offsets(connection, partitions).values())
    consumer = clients.consumer(connection)
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    found: list[ConsumerRecord] = []
    while len(found) < left:
        for records in consumer.poll(timeout_ms=500).values():
            found += records
    consumer.close()
    return found


def test_topics_are_checked_made_once_and_then_usable(
    broker: EmbeddedBroker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", broker.connection.brokers)
    names = [f"--{kind}_topic=made.{kind}" for kind in ("input", "output", "events", "dead_letter")]
    assert main(["topics", "check", *names]) == 2
    assert capsys.readouterr().err.count("does not exist") == 4
    assert main(["topics", "create", *names, "--partitions=3"]) == 0
    assert capsys.readouterr().out.count(": made") == 4
    assert main(["topics", "create", *names, "--partitions=5"]) == 0
    assert capsys.readouterr().out.count(": exists") == 4
    assert main(["topics", "check", *names]) == 0
    assert len(clients.partitions_of(broker.connection, "made.input")) == 3


def test_a_pattern_finds_its_topics_and_never_those_that_are_written(broker: EmbeddedBroker) -> None:
    made = Settings(
        kafka_brokers=broker.connection.brokers,
        input_topic="wire.a,wire.b",
        output_topic="wires.out",
        events_topic="wires.events",
        dead_letter_topic="wires.dlq",
    )
    topics.create(made, partitions=2)
    pattern = Settings(**{**_fields(made), "input_topic": "^wire[.].*"})
    assert [(at.topic, at.partition) for at in topics.inputs(pattern)] == [
        (topic, number) for topic in ("wire.a", "wire.b") for number in (0, 1)
    ]
    assert topics.check(pattern) == []
    greedy = Settings(**{**_fields(made), "input_topic": "^wire.*"})
    assert len([problem for problem in topics.check(greedy) if "come round again" in problem]) == 3
    (problem,) = topics.check(Settings(**{**_fields(made), "input_topic": "^nothing.*"}))
    assert "no topic fits" in problem


def _fields(settings: Settings) -> dict[str, str]:
    names = ("kafka_brokers", "output_topic", "events_topic", "dead_letter_topic")
    return {name: getattr(settings, name) for name in names}


def test_an_article_as_large_as_twice_the_limit_gets_into_the_topics(desk: Desk) -> None:
    settings = desk.settings
    producer = clients.producer(settings.connection, max_request_size=settings.max_request_bytes)
    for topic in (settings.input_topic, settings.dead_letter_topic):
        producer.send(topic, b"x" * (2 * settings.max_article_bytes)).get(60)
    producer.close()


def test_replay_sends_what_the_folder_holds_and_says_how_much(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wire.jsonl").write_text('{"id": "a-1", "body": "x"}\n{"id": "a-2", "body": "y"}\n')
    (tmp_path / "story.txt").write_text("A story.")
    (tmp_path / "story.headers.json").write_text('{"wiredesk.id": "s-1"}')
    (tmp_path / "README.md").write_text("not an article")
    brokers = f"--kafka_brokers={desk.brokers}"
    topic = f"--input_topic={desk.settings.input_topic}"
    assert main(["replay", brokers, topic, "--loop=2", "--rate=100", str(tmp_path)]) == 0
    err = capsys.readouterr().err
    assert f"6 records -> {desk.settings.input_topic}" in err
    assert "README.md" in err
    records = _records(desk.settings.connection, desk.settings.input_topic)
    assert sorted(record.key for record in records) == [b"a-1", b"a-1", b"a-2", b"a-2", b"s-1", b"s-1"]
    story = next(record for record in records if record.key == b"s-1")
    assert story.value == b"A story."
    assert dict(story.headers) == {"content-type": b"text/plain", "wiredesk.id": b"s-1"}


def test_replay_of_more_than_is_kept_in_flight_loses_none(desk: Desk, tmp_path: Path) -> None:
    lines = [f'{{"id": "{n}", "body": "text"}}' for n in range(3000)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    assert replay(desk.settings.connection, desk.settings.input_topic, [tmp_path]) == 3000
    records = _records(desk.settings.connection, desk.settings.input_topic)
    assert {record.key for record in records} == {str(n).encode() for n in range(3000)}


def test_replay_into_a_topic_that_is_not_there_is_told_before_anything_is_sent(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("x")
    words = ["replay", f"--kafka_brokers={desk.brokers}", "--input_topic=nowhere", str(tmp_path / "a.txt")]
    assert main(words) == 2
    assert "topic nowhere does not exist" in capsys.readouterr().err


def test_an_endless_replay_that_is_interrupted_has_sent_what_it_handed_over(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    sent = []

    def interrupt_at_20(message: object) -> None:
        sent.append(message)
        if len(sent) == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(desk.settings.connection, desk.settings.input_topic, [tmp_path], rounds=None, on_sent=interrupt_at_20)
    assert len(_records(desk.settings.connection, desk.settings.input_topic)) == 20


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_demo_that_is_stopped_leaves_no_broker_behind(number: signal.Signals, code: int, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "demo"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"},
    )
    assert process.stderr is not None
    pid = next(int(found[1]) for line in process.stderr if (found := re.search(r"pid (\d+)", line)))
    process.send_signal(number)
    rest = process.stderr.read()
    assert process.wait(60) == code, rest
    tick = threading.Event()
    assert any(_is_gone(pid) or tick.wait(0.05) for _ in range(100))
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []
    process.stderr.close()
