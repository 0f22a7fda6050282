"""What came out of a run, against what went in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kafka.consumer.fetcher import ConsumerRecord

from pipeline.broker import clients
from pipeline.model import TaggedArticle
from pipeline.reader import NotOurRecordError, decode_value
from pipeline.reader.files import read_files
from pipeline.settings import Settings


@dataclass(frozen=True)
class Outcome:
    """The figures of a row; all but ``repeated`` are 0 whatever the delivery."""

    lost: int = 0
    repeated: int = 0
    repeated_in_archive: int = 0
    undecodable: int = 0
    disordered: int = 0


def outcome(settings: Settings, archive: Path, good: Iterable[int], poison: Iterable[str]) -> Outcome:
    """Count.

    Args:
        settings: of the run.
        archive: the folder of its Avro files.
        good: the numbers of the articles that were sent: their ``version``.
        poison: where the records that must become dead letters stand, as ``topic/partition/offset``.
    """
    undecodable = disordered = 0
    topics: list[Counter[int]] = []
    for topic in (settings.output_topic, settings.events_topic):
        numbers: Counter[int] = Counter()
        highest: dict[tuple[int, str], int] = {}
        for record in records(settings, topic):
            try:
                value = decode_value(record.value)
            except NotOurRecordError:
                undecodable += 1
                continue
            number, key = int(value.version or -1), (record.partition, value.id)
            if not numbers[number]:  # a repeat comes late by its nature
                disordered += number < highest.get(key, -1)
                highest[key] = max(number, highest.get(key, -1))
            numbers[number] += 1
        topics.append(numbers)
    dead = Counter(_origin(record) for record in records(settings, settings.dead_letter_topic))
    archived: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    for value in read_files(archive):
        archived[isinstance(value, TaggedArticle)][int(value.version or -1)] += 1
    sent = set(good)
    return Outcome(
        lost=sum(len(sent - numbers.keys()) for numbers in (*topics, *archived)) + len(set(poison) - dead.keys()),
        repeated=sum(_repeats(numbers) for numbers in (*topics, dead)),
        repeated_in_archive=sum(map(_repeats, archived)),
        undecodable=undecodable,
        disordered=disordered,
    )


def records(settings: Settings, topic: str) -> Sequence[ConsumerRecord]:
    """All that a read_committed reader finds in a topic, partition after partition."""
    consumer = clients.consumer(settings.connection)
    found = []
    try:
        ends = clients.end_offsets(consumer, clients.partitions_of(consumer, topic))
        consumer.assign(list(ends))
        for at, first in consumer.beginning_offsets(list(ends)).items():
            consumer.seek(at, first)
        while any(consumer.position(at) < end for at, end in ends.items()):  # markers take offsets too
            for batch in consumer.poll(timeout_ms=500).values():
                found += batch
    finally:
        consumer.close(autocommit=False)
    return found


def _origin(record: ConsumerRecord) -> str:
    """``topic/partition/offset`` of what led to a record, without the number of the part."""
    origin = next((value.decode() for name, value in record.headers if name == "wiredesk.origin"), "")
    return origin.rpartition("/")[0]


def _repeats(counts: Counter[int] | Counter[str]) -> int:
    return sum(counts.values()) - len(counts)
