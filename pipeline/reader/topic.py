"""The typed records of an output topic, one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kafka import TopicPartition
from kafka.errors import KafkaError

from pipeline.avro import Record
from pipeline.broker import clients
from pipeline.broker.connection import BrokerError, Connection
from pipeline.reader.values import NotOurRecordError, decode_value

POLL_MS = 200


@dataclass(frozen=True, slots=True)
class Received:
    """A record and where it stood. ``timestamp_ms``: the Kafka record's own, UTC; ``origin``: what it was made from."""

    record: Record
    topic: str
    partition: int
    offset: int
    timestamp_ms: int | None
    origin: str | None


def records(
    connection: Connection,
    topic: str,
    *,
    start: str | datetime = "earliest",
    group: str | None = None,
    follow: bool = False,
    stop: threading.Event | None = None,
) -> Iterator[Received]:
    """Read a topic; within a partition in the order of the offsets. Commits nothing.

    Args:
        connection: how to reach the broker.
        topic: its name.
        start: ``earliest``, ``latest``, ``committed`` (where ``group`` stands; earliest where it has committed nothing)
            or an aware time: records whose Kafka time is not before it.
        group: the consumer group for ``committed``.
        follow: go on with what arrives; otherwise end where the topic ended at the start.
        stop: ends the reading when it is set.

    Raises:
        BrokerError: the broker cannot be used, or has no such topic.
        NotOurRecordError: a value that is no record of ours; the message names its topic, partition and offset.
    """
    consumer = clients.consumer(connection, group_id=group)
    try:
        partitions = existing_partitions(consumer, topic)
        ends = clients.end_offsets(consumer, partitions)
        consumer.assign(partitions)
        for at, offset in _starts(consumer, ends, start).items():
            consumer.seek(at, offset)
        while not (stop and stop.is_set()):
            for batch in consumer.poll(timeout_ms=POLL_MS).values():
                for message in batch:
                    within = follow or message.offset < ends[TopicPartition(message.topic, message.partition)]
                    if within and not _too_early(message, start):
                        yield _received(message)
            if not follow and all(consumer.position(at) >= end for at, end in ends.items()):
                return
    except KafkaError as error:
        raise BrokerError(clients.explain(error, connection.brokers)) from error
    finally:
        consumer.close(autocommit=False)


def existing_partitions(consumer: Any, topic: str) -> list[TopicPartition]:
    """The partitions of a topic.

    Raises:
        BrokerError: the broker has no such topic.
    """
    partitions = clients.partitions_of(consumer, topic)
    if not partitions:
        msg = f"there is no topic {topic} on this broker (wiredesk topics create makes those of Wiredesk)"
        raise BrokerError(msg)
    return partitions


def _starts(consumer: Any, ends: dict[TopicPartition, int], start: str | datetime) -> dict[TopicPartition, int]:
    first = {at: int(offset) for at, offset in consumer.beginning_offsets(list(ends)).items()}
    if start == "latest":
        return ends
    if start == "committed":
        return {at: max(offset, consumer.committed(at) or 0) for at, offset in first.items()}
    if isinstance(start, datetime) and not clients.is_embedded(consumer):
        wanted = {at: int(start.timestamp() * 1000) for at in ends}
        return {
            at: ends[at] if found is None else found.offset for at, found in consumer.offsets_for_times(wanted).items()
        }
    # The embedded broker cannot look up times: there, everything is read and what is too early left out.
    return first


def _too_early(message: Any, start: str | datetime) -> bool:
    return (
        isinstance(start, datetime) and message.timestamp is not None and message.timestamp < start.timestamp() * 1000
    )


def _received(message: Any) -> Received:
    try:
        record = decode_value(message.value or b"")
    except NotOurRecordError as error:
        msg = f"{message.topic}, partition {message.partition}, offset {message.offset}: {error}"
        raise NotOurRecordError(msg) from error
    origin = next((value for name, value in reversed(message.headers) if name == "wiredesk.origin"), None)
    return Received(
        record, message.topic, message.partition, message.offset, message.timestamp, origin.decode() if origin else None
    )
