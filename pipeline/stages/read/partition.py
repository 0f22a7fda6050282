"""Reads one partition: a consumer that stays open over bundles, and the seamless ranges made of what it returns."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

from pipeline.broker import clients
from pipeline.model import Coordinates, Gap, RawRecord
from pipeline.stages.read.in_flight import InFlight
from pipeline.stages.read.offsets import Offsets


@dataclass
class PartitionReader:
    """One assigned consumer. ``next_offset`` is the first offset that was not handed out yet."""

    consumer: KafkaConsumer
    partition: TopicPartition
    in_flight: InFlight
    next_offset: int | None = None
    highest_timestamp_ms: int = field(default=-1)

    def seek(self, offset: int) -> None:
        """Go on at ``offset``. After a checkpoint the consumer stands there already and keeps what it has fetched."""
        if self.next_offset != offset:
            self.consumer.seek(self.partition, offset)
            self.in_flight.clear()
            self.next_offset = offset

    def poll(self, max_records: int, timeout_ms: int) -> Sequence[ConsumerRecord]:
        """Wait at most ``timeout_ms`` for records; none is a good answer."""
        found = self.consumer.poll(timeout_ms=timeout_ms, max_records=max_records)
        return found.get(self.partition, ())

    def position(self) -> int:
        """The next offset to fetch: past markers and compacted records too."""
        return int(self.consumer.position(self.partition))

    def backlog_records(self) -> int:
        """Offsets between us and the end as the last fetch saw it; costs no request."""
        high = self.consumer.highwater(self.partition)
        return max(0, (high or 0) - (self.next_offset or 0))


def seamless(
    records: Sequence[ConsumerRecord], position: int, at: TopicPartition, offsets: Offsets, next_offset: int
) -> Iterator[RawRecord | Gap]:
    """Turn what a poll returned into ranges without a hole, beginning at ``next_offset``.

    Args:
        records: what was returned, in order of offset.
        position: the consumer's position after it: offsets before it hold nothing more for us.
        at: the partition.
        offsets: gives ``base``, and ``stop``: nothing at or beyond it comes out.
        next_offset: where the last range ended.
    """
    stop = offsets.stop
    coordinates = partial(Coordinates, at.topic, at.partition, base=offsets.base)
    for record in records:
        if stop is not None and record.offset >= stop:
            break
        if record.offset > next_offset:
            yield Gap(coordinates(start=next_offset, end=record.offset))
        yield RawRecord(
            at=coordinates(start=record.offset, end=record.offset + 1),
            key=record.key,
            value=record.value,
            headers=tuple((name, value) for name, value in record.headers),
            timestamp_ms=record.timestamp if record.timestamp >= 0 else None,
        )
        next_offset = record.offset + 1
    end = position if stop is None else min(position, stop)
    if end > next_offset:
        yield Gap(coordinates(start=next_offset, end=end))


_readers: dict[tuple[clients.Connection, str, TopicPartition], PartitionReader] = {}
_lock = threading.Lock()


def reader_of(connection: clients.Connection, group: str, partition: TopicPartition) -> PartitionReader:
    """The reader of that partition in this process, opened once: opening one costs seconds, a bundle milliseconds."""
    with _lock:
        reader = _readers.get((connection, group, partition))
        if reader is None:
            consumer = clients.consumer(connection, group_id=group)
            consumer.assign([partition])
            reader = PartitionReader(consumer, partition, InFlight(partial(_committed, consumer, partition)))
            _readers[connection, group, partition] = reader
        return reader


def in_flight_of_process() -> list[InFlight]:
    """What every open partition of this process has in work."""
    return [reader.in_flight for reader in _readers.values()]


def close_all() -> None:
    """Close every consumer of this process."""
    with _lock:
        while _readers:
            _readers.popitem()[1].consumer.close()


def _committed(consumer: KafkaConsumer, partition: TopicPartition) -> int | None:
    offset = consumer.committed(partition)
    return None if offset is None else int(offset)
