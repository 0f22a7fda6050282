"""Reads one partition: a consumer that stays open over bundles, and the seamless ranges made of what it returns."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError, OffsetOutOfRangeError

from pipeline.broker import clients, shared
from pipeline.broker.connection import BrokerError, Connection
from pipeline.model import Coordinates, Gap, RawRecord
from pipeline.observe import metrics
from pipeline.stages.read.in_flight import InFlight
from pipeline.stages.read.offsets import Offsets

ASK_AFTER_SECONDS = 5.0
ASK_TIMEOUT_MS = 5_000


@dataclass
class PartitionReader:
    """One assigned consumer. ``next_offset`` is the first offset that was not handed out yet."""

    consumer: KafkaConsumer
    partition: TopicPartition
    in_flight: InFlight
    next_offset: int = -1
    highest_timestamp_ms: int = -1
    heard_at_seconds: float = field(default_factory=time.monotonic)

    def seek(self, offset: int) -> None:
        """Go on at ``offset``. After a checkpoint the consumer stands there already and keeps what it has fetched."""
        if self.next_offset != offset:
            self.consumer.seek(self.partition, offset)
            self.in_flight.clear()
            metrics.reading(self.at)
            self.next_offset = offset

    def poll(self, max_records: int, timeout_ms: int) -> Sequence[ConsumerRecord]:
        """Wait at most ``timeout_ms`` for records; none is a good answer."""
        found: dict[TopicPartition, list[ConsumerRecord]]
        try:
            found = self.consumer.poll(timeout_ms=timeout_ms, max_records=max_records)
        except OffsetOutOfRangeError as error:
            at = f"{self.partition.topic}/{self.partition.partition}"
            msg = f"offset {self.next_offset} of {at} is not there any more: give --start_offset"
            raise BrokerError(msg) from error
        if found:
            self.heard_at_seconds = time.monotonic()
        return found.get(self.partition, [])

    def check_alive(self, max_outage_seconds: float) -> None:
        """Ask the broker something when it was silent for some time: a poll of one that is gone is merely empty.

        Raises:
            BrokerError: it has not answered for ``max_outage_seconds``.
        """
        silent_seconds = time.monotonic() - self.heard_at_seconds
        if silent_seconds < ASK_AFTER_SECONDS:
            return
        try:
            self.consumer.end_offsets([self.partition], timeout_ms=ASK_TIMEOUT_MS)
            self.heard_at_seconds = time.monotonic()
        except KafkaError as error:
            if silent_seconds >= max_outage_seconds:
                msg = f"the brokers have not answered for {silent_seconds:.0f} s (max_outage_seconds): {error}"
                raise BrokerError(msg) from error

    def note(self, record: RawRecord) -> None:
        """A record is let through."""
        size_bytes = len(record.value or b"") + len(record.key or b"")
        self.in_flight.add(record.at.end, size_bytes)
        metrics.record_read(self.at, record.at.end, size_bytes, record.timestamp_ms)

    @property
    def at(self) -> tuple[str, int]:
        """The partition, as (topic, partition)."""
        return self.partition.topic, self.partition.partition

    def position(self) -> int:
        """The next offset to fetch: past markers and compacted records too."""
        return int(self.consumer.position(self.partition))

    def close(self) -> None:
        """Close the consumer."""
        self.consumer.close(autocommit=False)

    def backlog_records(self) -> int:
        """Offsets between us and the end as the last fetch saw it; costs no request."""
        high = self.consumer.highwater(self.partition)
        return max(0, (high or 0) - self.next_offset)


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


def reader_of(connection: Connection, group: str, partition: TopicPartition) -> PartitionReader:
    """The reader of that partition in this process."""

    def opened() -> PartitionReader:
        consumer = clients.consumer(connection, group_id=group)
        consumer.assign([partition])
        return PartitionReader(consumer, partition, InFlight(partial(_committed, consumer, partition)))

    return shared.once(PartitionReader, (connection, group, partition), opened)


def in_flight_of_process() -> list[InFlight]:
    """What every open partition of this process has in work."""
    return [reader.in_flight for reader in shared.opened(PartitionReader)]


def _committed(consumer: KafkaConsumer, partition: TopicPartition) -> int | None:
    try:
        offset = consumer.committed(partition)
    except KafkaError:  # not known now: what is in flight stays so, and `check_alive` judges how long
        return None
    return None if offset is None else int(offset)
