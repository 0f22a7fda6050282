"""The sink on real Kafka: waits that end, sizes, partitions, compression, who else may write under a live run."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from desk import JSONL, Desk, Input, article, header, in_background
from kafka.admin import ConfigResource, ConfigResourceType
from kafka_cluster import KafkaCluster, libraries

from pipeline.broker import clients, shared, transactions
from pipeline.broker.connection import BrokerError
from pipeline.broker.transactions import TransactionalWriter
from pipeline.model import Coordinates, Done, Message
from pipeline.progress import Progress
from pipeline.settings import Compression
from pipeline.stages.commit.committer import committer_of
from pipeline.stages.commit.transform import CommitOffsets

DELIVERIES = ["at_least_once", "exactly_once"]
PATIENCE_SECONDS = 120


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, what


def set_topic(desk: Desk, topic: str, **configs: str) -> None:
    admin = clients.admin(desk.settings.connection)
    named = {name.replace("_", "."): value for name, value in configs.items()}
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=named)])
    admin.close()


def writer_for(desk: Desk, max_outage_seconds: float = 60) -> TransactionalWriter:
    settings = desk.settings
    return TransactionalWriter(
        settings.connection, settings.consumer_group, settings.max_request_bytes, max_outage_seconds
    ).open()


def hand(writer: TransactionalWriter, desk: Desk, offset: int, *, base: int = 0, reading: int = 0) -> None:
    """Hand over what the record at that offset of the first partition ended as."""
    at = Coordinates(desk.settings.input_topic, 0, offset, offset + 1, base, reading)
    writer.add(Done(at, 0, 1), [Message(desk.settings.output_topic, b"k", b"%d/%d" % (reading, offset))])


def written(desk: Desk) -> list[bytes]:
    return [record.value for record in desk.records(desk.settings.output_topic)]


# ------------------------------------------------------------------------------------------------ waits that end


def assert_ends_with_a_sentence(writer: TransactionalWriter, desk: Desk, offset: int) -> None:
    def work() -> None:
        hand(writer, desk, offset)  # which commits by itself when half a second has passed
        writer.flush()

    with pytest.raises(BrokerError, match=r"outputs could not be committed for 4 s \(max_outage_seconds\)"):
        in_background(work).result(PATIENCE_SECONDS)


def test_a_broker_that_stops_answering_in_mid_run(kafka: KafkaCluster):
    with KafkaCluster() as own:
        desk = Desk(own.brokers)
        writer = writer_for(desk, max_outage_seconds=4)
        hand(writer, desk, 0)
        writer.flush()
        own.freeze()
        assert_ends_with_a_sentence(writer, desk, 1)
        in_background(writer.close).result(PATIENCE_SECONDS)
        own.thaw()
        wait_until(lambda: written(desk) == [b"0/0"], "what was not committed can be read")
        assert desk.committed()[0] == 1


def test_a_group_whose_coordinator_is_never_there(kafka: KafkaCluster):
    # One node cannot keep three copies of the offsets: it has transactions, and no coordinator for any group.
    with KafkaCluster(properties={"offsets.topic.replication.factor": "3"}) as own:
        desk = Desk(own.brokers)
        writer = writer_for(desk, max_outage_seconds=4)
        assert_ends_with_a_sentence(writer, desk, 0)
        in_background(writer.close).result(PATIENCE_SECONDS)
        wait_until(lambda: written(desk) == [], "what was not committed can be read")


# ------------------------------------------------------------------------------------------------ who else writes


@pytest.mark.parametrize("records", [0, 1])
def test_a_writer_with_nothing_to_do_hears_of_another_that_took_over(
    real_desk: Desk, monkeypatch: pytest.MonkeyPatch, records: int
):
    monkeypatch.setattr(transactions, "IDLE_SECONDS", 0)
    first = writer_for(real_desk)
    for offset in range(records):
        hand(first, real_desk, offset)
    first.flush()
    first.flush()
    assert real_desk.committed()[0] == (1 if records else None)
    second = writer_for(real_desk)
    with pytest.raises(BrokerError, match="has taken over"):
        first.flush()
    second.flush()
    first.close()
    second.flush()
    second.close()


def test_a_writer_with_nothing_to_do_hears_of_a_group_that_was_moved(real_desk: Desk, monkeypatch: pytest.MonkeyPatch):
    writer = writer_for(real_desk)
    for offset in range(3):
        hand(writer, real_desk, offset)
    writer.flush()
    reset_to_earliest(real_desk)
    monkeypatch.setattr(transactions, "IDLE_SECONDS", 0)
    with pytest.raises(BrokerError, match=r"somebody else moved the group .* from offset 3 to 0"):
        writer.flush()
    writer.close()
    assert real_desk.committed()[0] == 0


def test_a_committer_does_not_overwrite_what_somebody_else_did(real_desk: Desk):
    at = (real_desk.settings.input_topic, 0)
    ours = committer_of(real_desk.settings.connection, real_desk.settings.consumer_group)
    ours.commit({at: Progress(0, 3)})
    assert real_desk.committed()[0] == 3
    reset_to_earliest(real_desk)
    with pytest.raises(BrokerError, match=r"somebody else moved the group .* from offset 3 to 0"):
        ours.commit({at: Progress(0, 4)})
    shared.close_all()
    assert real_desk.committed()[0] == 0


def reset_to_earliest(desk: Desk) -> None:
    """As an operator does it, with Kafka's own tool."""
    settings = desk.settings
    kafka_tool(
        "consumer.group.ConsumerGroupCommand",
        *("--bootstrap-server", settings.kafka_brokers, "--group", settings.consumer_group),
        *("--topic", settings.input_topic, "--reset-offsets", "--to-earliest", "--execute"),
    )


def kafka_tool(name: str, *arguments: str, given: str = "") -> str:
    command = ["java", "-cp", f"{libraries()}/*", f"org.apache.kafka.tools.{name}", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_a_group_that_is_moved_under_a_live_run_stops_it(real_desk: Desk, delivery: str):
    desk = real_desk
    desk.send(Input(article(f"a{n}")) for n in range(3))
    running = start(desk, delivery)
    try:
        wait_until(lambda: desk.committed()[0] == 3, "the articles were not committed")
        reset_to_earliest(desk)
        desk.send([Input(article("b"))])
        _, said = running.communicate(timeout=PATIENCE_SECONDS)
    finally:
        running.kill()
        running.wait()
    assert running.returncode == 1
    last = said.splitlines()[-1]
    assert last.startswith("wiredesk run: "), said
    assert "somebody else moved the group" in last
    assert desk.committed()[0] == 0
    assert desk.run().tagged == 4, "the next run begins where the group was moved to"


def start(desk: Desk, delivery: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pipeline", "run", f"--delivery={delivery}", *desk.flags()]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def committed_by(desk: Desk, ranges: list[tuple[int, int]], *, base: int = 0, reading: int = 0) -> int | None:
    """Where the group stands after the commit stage, as a new process with empty state, has seen these ranges end."""
    dones = [Done(Coordinates(desk.settings.input_topic, 0, *ends, base, reading), 0, 1) for ends in ranges]
    try:
        with beam.Pipeline(runner=FnApiRunner()) as pipeline:
            pipeline | beam.Create(dones, reshuffle=False) | CommitOffsets(desk.settings)
    finally:
        shared.close_all()
    return desk.committed()[0]


def test_the_commit_stage_after_a_restore_commits_only_beyond_the_group(real_desk: Desk):
    desk = real_desk
    assert committed_by(desk, [(0, 2), (2, 3), (5, 6)]) == 3, "a gap is not stepped over"
    assert committed_by(desk, [(0, 2)]) == 3, "moved backwards by a state that is older"
    assert committed_by(desk, [(2, 3), (0, 2), (0, 2), (4, 5)]) == 3
    assert committed_by(desk, [(0, 2), (2, 3), (3, 7)]) == 7
    assert committed_by(desk, [(9, 10)], base=9) == 10


# ------------------------------------------------------------------------------------------------ sizes


def change(desk: Desk, **settings: object) -> None:
    desk.settings = replace(desk.settings, **settings)


NAMES = ("Berlin", "Paris", "London", "Rome", "Madrid", "Vienna", "Oslo", "Warsaw", "Prague", "Athens")


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_a_tagged_record_too_large_to_be_sent_is_a_dead_letter_with_the_original(real_desk: Desk, delivery: str):
    desk = real_desk
    change(desk, delivery=delivery, max_article_bytes=2_000)
    # A short text full of places: each has its own entry, of more bytes than its name.
    too_many = article("places", " ".join(f"The minister flew from {a} to {b}." for a in NAMES[:6] for b in NAMES[:6]))
    assert len(too_many) < 2_000
    desk.send([Input(too_many, key=b"k"), Input(article("plain"))])
    report = desk.run()
    assert (report.tagged, report.dead_letters) == (1, 1)
    (letter,) = desk.records(desk.settings.dead_letter_topic)
    assert (letter.key, letter.value) == (b"k", too_many)
    assert header(letter, "wiredesk.reason") == "RECORD_TOO_LARGE"
    assert [record.key for record in desk.records(desk.settings.output_topic)] == [b"plain"]
    assert desk.committed()[0] == desk.ends()[0]


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_a_dead_letter_always_fits_whatever_the_original_is_large_of(real_desk: Desk, delivery: str):
    desk = real_desk
    change(desk, delivery=delivery, max_article_bytes=100_000)
    limit = desk.settings.max_request_bytes
    large = [
        Input(b"v" * (limit + 1)),
        Input(b"v" * (limit - 300_000), headers=(("h", b"x" * 250_000),)),
        Input(b"junk{", headers=(*JSONL, ("h", b"x" * limit))),
        Input(b"v" * 100_001, key=b"k" * limit),
        Input(b"v" * (limit // 2), key=b"k" * (limit // 4), headers=(("h", b"x" * (limit // 4)),)),
    ]
    desk.send([*large, Input(article("plain"))])
    report = desk.run()
    assert (report.tagged, report.dead_letters) == (1, len(large))
    letters = {header(r, "wiredesk.origin").split("/")[2]: r for r in desk.records(desk.settings.dead_letter_topic)}
    assert header(letters["0"], "wiredesk.truncated.size") == str(limit + 1)
    assert header(letters["2"], "wiredesk.truncated.headers") == "2"
    assert header(letters["3"], "wiredesk.truncated.key-size") == str(limit)
    assert desk.committed()[0] == desk.ends()[0]


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_a_topic_that_takes_less_than_before_stops_a_live_run(real_desk: Desk, delivery: str):
    desk = real_desk
    output = desk.settings.output_topic
    desk.send([Input(article("a"))])
    running = start(desk, delivery)
    try:
        wait_until(lambda: desk.committed()[0] == 1, "the article was not committed")
        set_topic(desk, output, max_message_bytes="1000")
        desk.send([Input(article("b", random.Random(7).randbytes(4_000).hex()))])
        _, said = running.communicate(timeout=PATIENCE_SECONDS)
    finally:
        running.kill()
        running.wait()
    assert running.returncode == 1
    last = said.splitlines()[-1]
    assert f"bytes for topic {output} is too large: raise the topic's max.message.bytes" in last, said
    assert desk.committed()[0] == 1
    set_topic(desk, output, max_message_bytes=str(desk.settings.max_request_bytes))
    change(desk, delivery=delivery)
    assert desk.run().tagged == 1
    assert [record.key for record in desk.records(output)] == [b"a", b"b"]


# ------------------------------------------------------------------------------------------------ compression, keys


@pytest.mark.parametrize("delivery", DELIVERIES)
@pytest.mark.parametrize("compression", get_args(Compression))
def test_what_is_written_is_compressed(kafka: KafkaCluster, real_desk: Desk, compression: str, delivery: str):
    desk = real_desk
    change(desk, compression=compression, delivery=delivery)
    body = "The foreign minister arrived in Geneva on Monday. " * 100
    desk.send([Input(article("a", body))])
    assert desk.run().tagged == 1
    (record,) = desk.records(desk.settings.output_topic)
    folder = kafka.folder / f"node1/{desk.settings.output_topic}-{record.partition}"
    on_disk = sum(path.stat().st_size for path in folder.glob("*.log"))
    assert len(record.value) > len(body)
    assert (on_disk < len(record.value)) == (compression != "none")


@pytest.mark.parametrize("compression", get_args(Compression))
def test_the_embedded_broker_takes_it_too(desk: Desk, compression: str):
    change(desk, compression=compression)
    desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(20))
    assert desk.run().tagged == 20
    assert {record.key.decode() for record in desk.records(desk.settings.output_topic)} == {f"a{n}" for n in range(20)}


def test_a_key_goes_to_the_partition_that_javas_producer_gives_it(kafka: KafkaCluster):
    desk = Desk(kafka.brokers, partitions=7)
    ids = [f"urn:newsml:example.com:2016{n}:ä" for n in range(40)]
    desk.send(Input(article(id_, version=version), partition=n % 7) for version in (1, 2) for n, id_ in enumerate(ids))
    assert desk.run().tagged == 80
    settings = desk.settings
    by_java = f"{settings.dead_letter_topic}"
    kafka_tool(
        "ConsoleProducer",
        *("--bootstrap-server", settings.kafka_brokers, "--topic", by_java),
        *("--reader-property", "parse.key=true", "--reader-property", "key.separator=|"),
        given="".join(f"{id_}|x\n" for id_ in ids),
    )
    expected = {record.key: record.partition for record in desk.records(by_java)}
    assert len(expected) == 40
    assert len(set(expected.values())) > 1
    for topic in (settings.output_topic, settings.events_topic):
        found = desk.records(topic)
        assert {(r.key, r.partition) for r in found} == set(expected.items())
        for id_ in ids:
            origins = [header(r, "wiredesk.origin") for r in found if r.key == id_.encode()]
            assert len(origins) == 2
            assert origins == sorted(origins, key=lambda origin: int(origin.split("/")[2])), "order of a key"


def test_a_writer_that_stops_leaves_no_transaction_open_that_readers_wait_for(
    real_desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(transactions, "TRANSACTION_TIMEOUT_MS", 900_000)  # the broker would end it too late
    settings = real_desk.settings
    set_topic(real_desk, settings.events_topic, max_message_bytes="1000")
    writer = writer_for(real_desk)
    at = Coordinates(settings.input_topic, 0, 0, 1, 0)
    too_large = Message(settings.events_topic, b"k", b"x" * 2_000)
    given_up = Message(settings.output_topic, b"k", b"given up")
    monkeypatch.setattr(transactions, "MAX_PARTS", 1)
    with pytest.raises(BrokerError, match=f"2000 bytes for topic {settings.events_topic} is too large"):
        writer.add(Done(at, 0, 1), [given_up, too_large])
    writer.close()
    producer = clients.producer(settings.connection)
    producer.send(settings.output_topic, b"after", key=b"k").get(PATIENCE_SECONDS)
    producer.close()
    wait_until(lambda: written(real_desk) == [b"after"], "readers wait for a transaction that nobody ends")
