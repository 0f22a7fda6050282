"""What only Apache Kafka itself shows: aborted and compacted records, topic settings, times, lag, nodes that fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from desk import JSONL, Desk, Input, article, header, in_background
from kafka import KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka_cluster import KafkaCluster
from tcp_proxy import cluster_behind_a_proxy

from pipeline import preflight
from pipeline.broker import clients, topics
from pipeline.cli import main

PATIENCE_SECONDS = 90
DELIVERIES = ["at_least_once", "exactly_once"]


def change(desk: Desk, **settings: object) -> None:
    object.__setattr__(desk, "settings", replace(desk.settings, **settings))


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, what


def tagged_ids(desk: Desk) -> Counter[str]:
    return Counter(record.key.decode() for record in desk.records(desk.settings.output_topic))


def set_topic(desk: Desk, topic: str, **configs: str) -> None:
    admin = clients.admin(desk.settings.connection)
    named = {name.replace("_", "."): value for name, value in configs.items()}
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=named)])
    admin.close()


# ------------------------------------------------------------------------------------------------ gaps


def in_transaction(producer: KafkaProducer, topic: str, partition: int, ids: list[str], *, commit: bool) -> None:
    producer.begin_transaction()
    for id_ in ids:
        producer.send(topic, article(id_), headers=list(JSONL), partition=partition)
    producer.flush()
    if commit:
        producer.commit_transaction()
    else:
        producer.abort_transaction()


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_aborted_records_are_not_read_and_their_offsets_are_committed(real_desk: Desk, delivery: str):
    desk = real_desk
    topic = desk.settings.input_topic
    desk.send(Input(article(f"plain{n}")) for n in range(3))
    producer = clients.producer(desk.settings.connection, transactional_id=f"sender-of-{topic}")
    producer.init_transactions()
    in_transaction(producer, topic, 0, ["aborted1", "aborted2"], commit=False)
    in_transaction(producer, topic, 0, ["kept1", "kept2"], commit=True)
    in_transaction(producer, topic, 0, ["aborted3"], commit=False)  # what the topic ends with
    in_transaction(producer, topic, 1, ["aborted4"], commit=False)  # all that this partition holds
    producer.close()
    change(desk, delivery=delivery)

    assert desk.run().parts == 5
    assert tagged_ids(desk) == Counter(["plain0", "plain1", "plain2", "kept1", "kept2"])
    assert desk.committed() == desk.ends() == {0: 3 + 3 + 3 + 2, 1: 2}
    assert desk.run().parts == 0


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_offsets_that_compaction_took_away_are_no_hole(real_desk: Desk, delivery: str):
    desk = real_desk
    settings = desk.settings
    set_topic(desk, settings.input_topic, cleanup_policy="compact", segment_ms="50", min_cleanable_dirty_ratio="0.001")
    sent = 0

    def compacted() -> bool:
        """Send the same keys again, and one that stays: the segment before is closed, and can be compacted."""
        nonlocal sent
        desk.send(Input(article(key, version=sent), key=key.encode()) for key in ("a", "b", f"once{sent}", "c", "d"))
        sent += 5
        return len(desk.records(settings.input_topic)) < sent - 10

    wait_until(compacted, "Kafka compacted nothing")
    set_topic(desk, settings.input_topic, cleanup_policy="delete")  # no more of it while we look
    left = desk.records(settings.input_topic)
    offsets = [record.offset for record in left]
    assert {2, 7} <= set(offsets)
    assert not {3, 4, 5, 6} & set(offsets), "there is no gap to be seen"
    change(desk, delivery=delivery)

    assert desk.run().tagged == len(left)
    origins = {header(record, "wiredesk.origin") for record in desk.records(settings.output_topic)}
    assert origins == {f"{settings.input_topic}/0/{offset}/0" for offset in offsets}
    assert desk.committed()[0] == desk.ends()[0] == sent


# ------------------------------------------------------------------------------------------------ topics, times, lag


def test_topics_are_made_as_wanted_and_the_check_is_silent_on_them(real_desk: Desk):
    settings = real_desk.settings
    assert topics.check(settings) == []
    assert topics.advice(settings) == []
    admin = clients.admin(settings.connection)
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in topics.wanted(settings)]
    found = admin.describe_configs(resources, config_filter="all")["topic"]
    admin.close()
    for topic in topics.wanted(settings):
        assert {key: found[topic.name][key]["value"] for key in topic.configs} == topic.configs
    for name in (settings.input_topic, settings.output_topic, settings.events_topic):
        assert found[name]["message.timestamp.type"]["value"] == "LogAppendTime"


def test_topics_that_are_not_as_wanted_are_told(real_desk: Desk, capsys: pytest.CaptureFixture[str]):
    desk = real_desk
    settings = desk.settings
    set_topic(desk, settings.input_topic, message_timestamp_type="CreateTime")
    set_topic(desk, settings.events_topic, cleanup_policy="delete")
    set_topic(desk, settings.dead_letter_topic, retention_ms="3600000")
    assert topics.check(settings) == []
    assert sorted(sentence.split(";")[0] for sentence in topics.advice(settings)) == sorted(
        [
            f"topic {settings.input_topic} has message.timestamp.type=CreateTime",
            f"topic {settings.events_topic} has cleanup.policy=delete",
            f"topic {settings.dead_letter_topic} has retention.ms=3600000",
        ]
    )
    set_topic(desk, settings.output_topic, max_message_bytes="1000000")
    flags = [flag for flag in desk.flags() if not flag.startswith("--consumer_group")]
    assert main(["topics", "check", *flags]) == 2
    assert f"topic {settings.output_topic} takes records of 1,000,000 bytes" in capsys.readouterr().err


def test_a_run_that_begins_at_a_time_reads_what_came_since(real_desk: Desk):
    desk = real_desk
    desk.send(Input(article(f"before{n}"), partition=n % 2) for n in range(6))
    last = max(record.timestamp for record in desk.records(desk.settings.input_topic))
    while time.time() * 1000 < last + 2:  # the topic's clock has milliseconds
        pass
    desk.send([Input(article("after1")), Input(article("after2"))])
    first = min(record.timestamp for record in desk.records(desk.settings.input_topic) if record.timestamp > last)
    change(desk, start_offset=datetime.fromtimestamp(first / 1000, UTC).isoformat())

    assert desk.run().tagged == 2
    assert tagged_ids(desk) == Counter(["after1", "after2"])
    assert desk.committed() == desk.ends(), "a partition without anything that late begins at its end"


def test_the_check_before_a_run_tells_the_lag(real_desk: Desk, capsys: pytest.CaptureFixture[str]):
    desk = real_desk
    topic = desk.settings.input_topic

    def lag() -> dict[int, int]:
        return {partition: records for (_, partition), records in preflight.check(desk.settings).lag.items()}

    assert lag() == {0: 0, 1: 0}
    desk.send(Input(article(f"a{n}"), partition=int(n > 4)) for n in range(7))
    assert lag() == {0: 5, 1: 2}
    desk.run()
    assert lag() == {0: 0, 1: 0}
    desk.send(Input(article(f"b{n}")) for n in range(3))
    assert main(["run", "--check", *desk.flags()]) == 0
    said = capsys.readouterr().out
    assert f"{topic}/0: 3 records" in said
    assert f"{topic}/1: 0 records" in said
    assert "exactly_once" in said


# ------------------------------------------------------------------------------------------------ nodes that fail


def test_a_transaction_goes_on_when_its_coordinator_was_away(kafka: KafkaCluster, caplog: pytest.LogCaptureFixture):
    with KafkaCluster() as own:
        desk = Desk(own.brokers)

        def readable(values: list[bytes]) -> bool:
            return sorted(record.value for record in desk.records(desk.settings.output_topic)) == sorted(values)

        producer = clients.producer(desk.settings.connection, transactional_id="t")
        producer.init_transactions()
        producer.begin_transaction()
        producer.send(desk.settings.output_topic, b"before").get(PATIENCE_SECONDS)
        producer.commit_transaction()
        # The markers that show a committed transaction to readers are written after the commit has returned. A single
        # node that dies between the two may, when it comes back, take the partition for deleted and never write them:
        # "Couldn't find leader endpoint for partitions" in its log (Kafka 4.3.1; docs/operations.md).
        wait_until(lambda: readable([b"before"]), "what was committed cannot be read")
        own.kill()

        def work() -> None:
            producer.begin_transaction()
            producer.send(desk.settings.output_topic, b"after")
            producer.send_offsets_to_transaction({TopicPartition(desk.settings.input_topic, 0): OffsetAndMetadata(
                7, "", -1)}, desk.settings.consumer_group)  # fmt: skip
            producer.commit_transaction()

        caplog.clear()
        ended = in_background(work)
        wait_until(lambda: "ECONNREFUSED" in caplog.text, "nobody looked for the coordinator")
        own.start()
        ended.result(PATIENCE_SECONDS)
        producer.close()
        wait_until(lambda: readable([b"before", b"after"]), "not every committed record can be read")
        assert desk.committed()[0] == 7


def test_a_leader_that_is_killed_costs_no_article(kafka: KafkaCluster):
    with KafkaCluster(nodes=3) as three:
        desk = Desk(three.brokers)
        desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(300))
        running = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "run", "--stop_at_end", *desk.flags()],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            wait_until(lambda: any(desk.committed().values()), "nothing was committed")
            leader = three.leader(desk.settings.output_topic)
            assert leader is not None
            three.kill(leader)
            wait_until(
                lambda: three.leader(desk.settings.output_topic) not in (leader, None), "no other node took over"
            )
            three.start(leader)
            _, said = running.communicate(timeout=PATIENCE_SECONDS)
        finally:
            running.kill()
            running.wait()
        assert running.returncode == 0, said
        assert tagged_ids(desk) == Counter(f"a{n}" for n in range(300))
        assert sum(desk.committed().values()) == 300


def test_connections_that_are_cut_in_mid_batch_cost_no_article(kafka: KafkaCluster):
    with cluster_behind_a_proxy() as (behind, proxy):
        desk = Desk(behind.brokers)
        desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(300))
        own = desk.settings
        by_proxy = replace(own, kafka_brokers=proxy.address, delivery="exactly_once", compression="none")
        desk.settings = by_proxy
        proxy.cut_every(60_000, times=4)
        report = desk.run()
        desk.settings = own
        assert proxy.cuts == 4
        assert report.tagged >= 300
        assert tagged_ids(desk) == Counter(f"a{n}" for n in range(300))
        assert desk.committed() == {0: 150, 1: 150}


def test_a_cluster_never_outlives_who_started_it(kafka: KafkaCluster):
    code = "import kafka_cluster as k, time\nwith k.KafkaCluster() as c: print(c.pid(), flush=True); time.sleep(600)"
    starter = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    pid = int(starter.stdout.readline())
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    starter.stdout.close()
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), "the broker is still there")
