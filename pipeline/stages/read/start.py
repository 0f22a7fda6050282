"""Where a run begins on a partition, and where it ends."""

from __future__ import annotations

from datetime import UTC, datetime

from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError

from pipeline.broker import clients
from pipeline.broker.connection import BrokerError
from pipeline.stages.read.offsets import Offsets


def first_offsets(
    consumer: KafkaConsumer, partition: TopicPartition, start_offset: str, *, stop_at_end: bool
) -> Offsets:
    """Ask the broker for the range of this run.

    Args:
        consumer: one that is assigned the partition, with the group id.
        partition: what to read.
        start_offset: ``committed`` (``earliest`` where the group has committed none), ``earliest``, ``latest`` or a
            time, ISO 8601 with zone: the first record at or after it, or the end.
        stop_at_end: end where the topic ends now.
    """
    end = clients.end_offsets(consumer, [partition])[partition]
    start = _start(consumer, partition, start_offset, end)
    return Offsets(start, start, max(start, end) if stop_at_end else None)


def commit_start(consumer: KafkaConsumer, partition: TopicPartition, offset: int) -> None:
    """Commit where a person told this run to begin.

    A partition with nothing to read from there on would commit nothing, and the next run, which is told no place, would
    read it from its beginning.

    Raises:
        BrokerError: the broker does not take it.
    """
    try:
        consumer.commit({partition: OffsetAndMetadata(offset, "", -1)})
    except KafkaError as error:
        raise BrokerError(clients.explain(error, str(consumer.config["bootstrap_servers"]))) from error


def _start(consumer: KafkaConsumer, partition: TopicPartition, start_offset: str, end: int) -> int:
    if start_offset == "latest":
        return end
    if start_offset == "committed":
        committed = consumer.committed(partition)
        if committed is not None:
            return int(committed)
    if start_offset in ("committed", "earliest"):
        return int(consumer.beginning_offsets([partition])[partition])
    at = datetime.fromisoformat(start_offset).astimezone(UTC)
    found = consumer.offsets_for_times({partition: int(at.timestamp() * 1000)})[partition]
    return end if found is None else int(found.offset)
