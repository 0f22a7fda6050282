"""Where a group stands, what a partition still holds, and whether the two go together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from pipeline.broker import clients
from pipeline.broker.connection import BrokerError, Connection


@dataclass(frozen=True, slots=True)
class Bounds:
    """A partition holds the offsets from ``first`` on and before ``end``."""

    first: int
    end: int


def bounds(consumer: KafkaConsumer, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, Bounds]:
    """What each partition holds, as a reader of committed records sees it.

    Raises:
        BrokerError: the broker does not answer.
    """
    wanted = list(partitions)
    ends = clients.end_offsets(consumer, wanted)
    try:
        first = consumer.beginning_offsets(wanted)
    except KafkaError as error:
        raise BrokerError(clients.explain(error, str(consumer.config["bootstrap_servers"]))) from error
    return {at: Bounds(int(first[at]), ends[at]) for at in wanted}


def out_of_range(
    connection: Connection, held: Mapping[TopicPartition, Bounds], offsets: Mapping[TopicPartition, int | None]
) -> list[TopicPartition]:
    """Of which partitions the offset is not there any more, or not yet.

    An open transaction hides what comes behind it from a reader of committed records, so an offset that seems to lie
    beyond the end is compared with the end that a reader of everything sees.

    Raises:
        BrokerError: the broker does not answer.
    """
    known = {at: offset for at, offset in offsets.items() if offset is not None}
    below = [at for at, offset in known.items() if offset < held[at].first]
    beyond = [at for at, offset in known.items() if offset > held[at].end]
    if not beyond:
        return below
    everything = clients.consumer(connection, isolation_level="read_uncommitted")
    try:
        ends = clients.end_offsets(everything, beyond)
    finally:
        everything.close(autocommit=False)
    return [*below, *(at for at in beyond if known[at] > ends[at])]


def not_there(at: TopicPartition, offset: int, held: Bounds) -> str:
    """One sentence about an offset out of range."""
    return (
        f"offset {offset} of {at.topic}/{at.partition}, where the group stands, is not there: the topic has lost it, or"
        f" was made anew; it holds {held.first} to {held.end}. Give --start_offset, or say in offset_out_of_range"
        " where to go on"
    )
