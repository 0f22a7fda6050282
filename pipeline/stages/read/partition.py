"""Reads one partition: a consumer that stays open over bundles, and the seamless ranges made of what it returns."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError, LogTruncationError, OffsetOutOfRangeError

from pipeline.broker import clients, shared, topic_watch
from pipeline.broker.connection import BrokerError, Connection
from pipeline.broker.topic_watch import TopicWatch
from pipeline.model import Coordinates, Gap, RawRecord
from pipeline.observe import metrics
from pipeline.stages.read.in_flight import InFlight
from pipeline.stages.read.offsets import Offsets
from pipeline.stages.read.watermark import Newest

ASK_AFTER_SECONDS = 5.0
ASK_TIMEOUT_MS = 5_000
# How often is looked where the group stands and whether the topic is still the same.
LOOK_EVERY_SECONDS = 1.0
LOOK_WHEN_IDLE_SECONDS = 5.0
# The offsets of a topic that is deleted may vanish before every broker knows that it is.
VANISHED_FOR_SECONDS = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lost:
    """The partition does not hold what comes next. ``safe_offset``: where the log was cut, if it was."""

    why: str
    made_anew: bool = False
    safe_offset: int | None = None
    at_seconds: float = field(default_factory=time.monotonic)


@dataclass
class PartitionReader:
    """One assigned consumer. ``next_offset`` is the first offset that was not handed out yet.

    ``lost`` and ``absent_since_seconds`` say why nothing can be read just now; what follows is for `transform` to say.
    """

    connection: Connection
    group: str
    partition: TopicPartition
    consumer: KafkaConsumer
    watch: TopicWatch
    in_flight: InFlight = field(default_factory=InFlight)
    next_offset: int = -1
    reading: int = -1
    newest: Newest = field(default_factory=Newest)
    lost: Lost | None = None
    absent_since_seconds: float | None = None
    topic_is_there: bool = True
    heard_at_seconds: float = field(default_factory=time.monotonic)
    _known_end: int = 0
    _topic_ids: list[str] = field(default_factory=list)
    _stands: OffsetAndMetadata | None = None
    _has_seen_group: bool = False
    _vanished_at_seconds: float | None = None
    _looked_at_seconds: float = float("-inf")

    @property
    def at(self) -> tuple[str, int]:
        """The partition, as (topic, partition)."""
        return self.partition.topic, self.partition.partition

    @property
    def name(self) -> str:
        """The partition, for people."""
        return f"{self.partition.topic}/{self.partition.partition}"

    # -------------------------------------------------------------------------------------------- reading

    def seek(self, offsets: Offsets) -> None:
        """Go on at ``start``. After a checkpoint the consumer stands there already and keeps what it has fetched."""
        if (self.next_offset, self.reading) != (offsets.start, offsets.reading):
            self.next_offset, self.reading = offsets.start, offsets.reading
            self.consumer.seek(self.partition, offsets.start)
            self.in_flight.clear()
            self.lost = None
            metrics.reading(self.at)

    def poll(self, max_records: int, timeout_ms: int) -> tuple[Sequence[ConsumerRecord], int]:
        """Wait at most ``timeout_ms`` for records; none is a good answer. Gives the consumer's position after it too.

        The position is the next offset to fetch: past markers and compacted records. Where ``lost`` is set afterwards,
        there is nothing.
        """
        nothing: tuple[Sequence[ConsumerRecord], int] = ([], self.next_offset)
        try:
            found = self.consumer.poll(timeout_ms=timeout_ms, max_records=max_records).get(self.partition, [])
            position = int(self.consumer.position(self.partition))
            self._known_end = self.consumer.highwater(self.partition) or self._known_end
        except (OffsetOutOfRangeError, LogTruncationError) as error:
            self._note_lost(error)
            return nothing
        if found and not self._are_ours():
            return nothing
        return found, position

    def note(self, record: RawRecord) -> None:
        """A record is let through."""
        size_bytes = len(record.value or b"") + len(record.key or b"")
        self.in_flight.add(record.at.end, size_bytes)
        metrics.record_read(self.at, record.at.end, size_bytes, record.timestamp_ms)

    def backlog_records(self) -> int:
        """Offsets between us and the end as the last fetch saw it; costs no request."""
        if self.absent_since_seconds is not None:
            return 0
        high = self.consumer.highwater(self.partition)
        return max(0, (high or 0) - self.next_offset)

    def unread_records(self) -> int:
        """Offsets between us and the end when the topic was last heard of: what is lost with it."""
        return max(0, self._known_end - self.next_offset)

    def close(self) -> None:
        """Close the consumer."""
        self.consumer.close(autocommit=False)

    def reopen(self) -> KafkaConsumer:
        """Another consumer: of a topic that was made anew, the former one would remember leaders and epochs."""
        self.close()
        self.consumer = _assigned(self.connection, self.group, self.partition)
        return self.consumer

    # -------------------------------------------------------------------------------------------- looking around

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

    def look(self) -> None:
        """Ask, now and then, whether the topic is still the one that we read, and the group stands where we left it.

        Raises:
            BrokerError: somebody else moved the group.
        """
        waiting = self.in_flight.records or self.absent_since_seconds is not None
        every_seconds = LOOK_EVERY_SECONDS if waiting else LOOK_WHEN_IDLE_SECONDS
        if time.monotonic() - self._looked_at_seconds < every_seconds:
            return
        self._looked_at_seconds = time.monotonic()
        try:
            self._look_at_topic()
            if self.absent_since_seconds is None:
                self._look_at_group()
        except KafkaError as error:  # not known now: what is in flight stays so, and `check_alive` judges how long
            log.info("%s: the brokers do not say how it stands: %r", self.name, error)

    def _are_ours(self) -> bool:
        """Whether records that were just fetched are of the topic that we read, and not of one of the same name.

        Asked each time, some milliseconds a poll: what of a topic that was made anew is taken for more of the old one
        ends up committed, and then its first records are never read.
        """
        try:
            self._look_at_topic(max_age_seconds=0)
        except KafkaError as error:
            log.warning("%s: the brokers do not say which topic it is, trying again: %r", self.name, error)
            self.consumer.seek(self.partition, self.next_offset)
            return False
        self.heard_at_seconds = time.monotonic()
        return self.lost is None and self.absent_since_seconds is None

    def _look_at_topic(self, max_age_seconds: float = topic_watch.MAX_AGE_SECONDS) -> None:
        topic = self.watch.look(self.partition.topic, max_age_seconds)
        self.topic_is_there = topic is not None
        if topic is None or self.partition.partition not in topic.partitions:
            if self.absent_since_seconds is None:
                self.absent_since_seconds = time.monotonic()
                self.close()  # it would ask for the topic, and complain, ten times a second
                log.warning("%s is not there any more; should it come back, it is read on", self.name)
            return
        if topic.id not in self._topic_ids:  # one that we have left already is what a broker says that lags behind
            if self._topic_ids:
                self.lost = Lost(f"topic {self.partition.topic} was deleted and made anew", made_anew=True)
            self._topic_ids.append(topic.id)
        if self.absent_since_seconds is not None:
            self.absent_since_seconds = None
            self.heard_at_seconds = time.monotonic()
            self.reopen().seek(self.partition, self.next_offset)

    def _look_at_group(self) -> None:
        found = clients.committed(self.consumer, [self.at])[self.at]
        if found is not None:
            self.in_flight.forget(int(found.offset))
        if self.lost is not None:
            return  # what is committed belongs to a reading that has ended
        if found is None and self._stands is not None:
            self._vanished_at_seconds = self._vanished_at_seconds or time.monotonic()
            if time.monotonic() - self._vanished_at_seconds < VANISHED_FOR_SECONDS:
                return
            msg = f"somebody else deleted the offsets of the group {self.group!r} on {self.name}; this run has stopped"
            raise BrokerError(msg)
        self._vanished_at_seconds = None
        if self._is_foreign(found):
            ours = self._stands.offset if self._stands else self.next_offset
            raise BrokerError(clients.moved(self.group, self.at, ours, found))
        self._stands, self._has_seen_group = found, True

    def _is_foreign(self, found: OffsetAndMetadata | None) -> bool:
        """Whether that commit was made under this run by somebody who is none of us."""
        if found is None or found.metadata == clients.OUR_MARK or not self._has_seen_group:
            return False
        if self._stands is not None and found.offset == self._stands.offset:
            return False
        return not clients.is_embedded(self.consumer)  # it keeps no marks

    def _note_lost(self, error: OffsetOutOfRangeError | LogTruncationError) -> None:
        # First whether the topic was made anew: then where the log ends says nothing of where it was cut.
        if not self._are_ours():
            return
        safe_offset = None
        if isinstance(error, LogTruncationError) and (cut := error.divergent_offsets.get(self.partition)):
            safe_offset = int(cut.offset)
        self.lost = Lost(f"offset {self.next_offset} of {self.name} is not there any more", safe_offset=safe_offset)


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
    coordinates = partial(Coordinates, at.topic, at.partition, base=offsets.base, reading=offsets.reading)
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
    watch = topic_watch.watch_of(connection)

    def opened() -> PartitionReader:
        return PartitionReader(connection, group, partition, _assigned(connection, group, partition), watch)

    return shared.once(PartitionReader, (connection, group, partition), opened)


def in_flight_of_process() -> list[InFlight]:
    """What every open partition of this process has in work."""
    return [reader.in_flight for reader in shared.opened(PartitionReader)]


def _assigned(connection: Connection, group: str, partition: TopicPartition) -> KafkaConsumer:
    consumer = clients.consumer(connection, group_id=group)
    consumer.assign([partition])
    return consumer
