"""Where a run begins on a partition, and where it ends; and where it goes on when the partition has lost that place."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from pipeline.broker import bounds, clients
from pipeline.broker.connection import BrokerError
from pipeline.observe import metrics
from pipeline.settings import Settings
from pipeline.stages.read.offsets import Offsets
from pipeline.stages.read.partition import PartitionReader

COMMIT_TIMEOUT_MS = 30_000

log = logging.getLogger(__name__)


def first_offsets(reader: PartitionReader, settings: Settings) -> Offsets:
    """Ask the broker for the range of this run, and commit its begin where that is not what the group has.

    A partition with nothing to read from there on would commit nothing, and the next run, which is told no place, would
    read it from its beginning.

    Args:
        reader: of the partition.
        settings: of the run. ``stop_at_end``: end where the topic ends now. ``start_offset``: ``committed``
            (``earliest`` where the group has committed none), ``earliest``, ``latest`` or a time, ISO 8601 with zone:
            the first record at or after it, or the end.

    Raises:
        BrokerError: the broker does not answer, or what the group has committed is out of range and no policy says
            where to go on.
    """
    at = reader.partition
    held = bounds.bounds(reader.consumer, [at])[at]
    try:
        start = _start(reader.consumer, at, settings.start_offset, held)
    except KafkaError as error:
        raise _plain(reader.consumer, error) from error
    if settings.start_offset != "committed":
        _commit(reader.consumer, at, start)
    elif bounds.out_of_range(reader.connection, {at: held}, {at: start}):
        stood, start = start, _by_policy(settings, held, bounds.not_there(at, start, held))
        skipped = start - stood if stood < held.first else start - held.first
        _begin_anew(reader, f"offset {stood} of {reader.name} is not there", start, skipped)
    return Offsets(start, start, max(start, held.end) if settings.stop_at_end else None)


def anew(reader: PartitionReader, settings: Settings, offsets: Offsets) -> Offsets:
    """Where a live run goes on when a partition has lost what comes next (``reader.lost``).

    What the log was cut back to, by a leader that had less, is gone on from, exactly; else ``offset_out_of_range`` says
    where. The group is moved there first, so that a crash finds the new place.

    Raises:
        BrokerError: no policy says where to go on, or the broker does not answer.
    """
    lost, at, stood = reader.lost, reader.partition, reader.next_offset
    assert lost is not None  # noqa: S101 - for the type checker
    held = bounds.bounds(reader.reopen(), [at])[at]
    base = _by_policy(settings, held, complaint(lost.why, settings))
    if lost.safe_offset is not None and settings.offset_out_of_range == "earliest":
        base = lost.safe_offset
    skipped = reader.unread_records() + base - held.first if lost.made_anew else base - stood
    _begin_anew(reader, lost.why, base, skipped)
    stop = None if offsets.stop is None else max(base, min(offsets.stop, held.end))
    return Offsets(base, base, stop, offsets.reading + 1)


def complaint(why: str, settings: Settings) -> str:
    """One sentence about a partition that has lost what comes next, where no policy says how to go on."""
    return (
        f"{why}, and the group {settings.consumer_group!r} cannot go on there: give --start_offset, or say in"
        " offset_out_of_range where to go on"
    )


def _by_policy(settings: Settings, held: bounds.Bounds, sentence: str) -> int:
    if settings.offset_out_of_range == "error":
        raise BrokerError(sentence)
    return held.first if settings.offset_out_of_range == "earliest" else held.end


def _begin_anew(reader: PartitionReader, why: str, base: int, skipped: int) -> None:
    _commit(reader.consumer, reader.partition, base)
    metrics.offsets_skipped(reader.at, max(0, skipped))
    log.warning("%s: %s is read on from offset %d; %d offsets were skipped", why, reader.name, base, max(0, skipped))


def _commit(consumer: KafkaConsumer, partition: TopicPartition, offset: int) -> None:
    try:
        consumer.commit({partition: clients.next_to_read(offset)}, timeout_ms=COMMIT_TIMEOUT_MS)
    except KafkaError as error:
        raise _plain(consumer, error) from error


def _start(consumer: KafkaConsumer, partition: TopicPartition, start_offset: str, held: bounds.Bounds) -> int:
    if start_offset == "latest":
        return held.end
    if start_offset == "committed":
        at = (partition.topic, partition.partition)
        committed = clients.committed(consumer, [at])[at]
        return held.first if committed is None else int(committed.offset)
    if start_offset == "earliest":
        return held.first
    time = datetime.fromisoformat(start_offset).astimezone(UTC)
    found = consumer.offsets_for_times({partition: int(time.timestamp() * 1000)})[partition]
    return held.end if found is None else int(found.offset)


def _plain(consumer: KafkaConsumer, error: KafkaError) -> BrokerError:
    return BrokerError(clients.explain(error, str(consumer.config["bootstrap_servers"])))
