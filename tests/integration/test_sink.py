"""The sink on real Kafka: waits that end, sizes, partitions, compression, who else may write under a live run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import pytest
from desk import Desk
from kafka.admin import ConfigResource, ConfigResourceType
from kafka_cluster import KafkaCluster

from pipeline.broker import clients
from pipeline.broker.connection import BrokerError
from pipeline.broker.transactions import TransactionalWriter
from pipeline.model import Coordinates, Done, Message

PATIENCE_SECONDS = 120


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, what


def in_background(work: Callable[[], object]) -> Future[object]:
    """How work ends that may wait without end: nobody joins its thread."""
    ended: Future[object] = Future()

    def run() -> None:
        try:
            ended.set_result(work())
        except BaseException as error:
            ended.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return ended


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


def assert_ends_with_a_sentence(work: Callable[[], object]) -> None:
    with pytest.raises(BrokerError, match=r"outputs could not be committed for 4 s \(max_outage_seconds\)"):
        in_background(work).result(PATIENCE_SECONDS)


def test_a_broker_that_stops_answering_in_mid_run(kafka: KafkaCluster):
    with KafkaCluster() as own:
        desk = Desk(own.brokers)
        writer = writer_for(desk, max_outage_seconds=4)
        hand(writer, desk, 0)
        writer.flush()
        own.freeze()
        hand(writer, desk, 1)
        assert_ends_with_a_sentence(writer.flush)
        in_background(writer.close).result(PATIENCE_SECONDS)
        own.thaw()
        wait_until(lambda: written(desk) == [b"0/0"], "what was not committed can be read")
        assert desk.committed()[0] == 1


def test_a_group_whose_coordinator_is_never_there(kafka: KafkaCluster):
    # One node cannot keep three copies of the offsets: it has transactions, and no coordinator for any group.
    with KafkaCluster(properties={"offsets.topic.replication.factor": "3"}) as own:
        desk = Desk(own.brokers)
        writer = writer_for(desk, max_outage_seconds=4)
        hand(writer, desk, 0)
        assert_ends_with_a_sentence(writer.flush)
        in_background(writer.close).result(PATIENCE_SECONDS)
        wait_until(lambda: written(desk) == [], "what was not committed can be read")
