"""What is checked before a run begins: brokers, topics, where to start. Nothing is guessed and nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from kafka import TopicPartition

from pipeline.broker import clients, topics
from pipeline.options import Settings


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in the way (plain sentences), and the lag in offsets of each (topic, partition) to be read."""

    problems: list[str] = field(default_factory=list)
    partitions: dict[tuple[str, int], int] = field(default_factory=dict)


def check(settings: Settings) -> Found:
    """Look at the brokers and topics of a run.

    Raises:
        BrokerError: no broker answers; the message says why.
    """
    problems = topics.check(settings)
    if problems:
        return Found(problems)
    consumer = clients.consumer(settings.connection, group_id=settings.consumer_group)
    try:
        inputs = _partitions(consumer, settings.input_topics)
        committed = {at: consumer.committed(at) for at in inputs}
        ends = clients.end_offsets(consumer, inputs)
        if settings.start_offset == "committed" and all(offset is None for offset in committed.values()):
            outputs = _partitions(consumer, [settings.output_topic])
            if any(clients.end_offsets(consumer, outputs).values()):
                return Found([_nothing_committed(settings)])
        return Found([], {(at.topic, at.partition): ends[at] - (committed[at] or 0) for at in inputs})
    finally:
        consumer.close()


def _partitions(consumer: clients.KafkaConsumer, names: list[str]) -> list[TopicPartition]:
    return [TopicPartition(name, p) for name in names for p in sorted(consumer.partitions_for_topic(name) or ())]


def _nothing_committed(settings: Settings) -> str:
    return (
        f"{settings.output_topic} holds records, but the group {settings.consumer_group!r} has committed no offset: to"
        " begin again would repeat them, to begin at the end might skip articles. Say --start_offset=earliest, latest or"
        " a time"
    )


def summary(settings: Settings, found: Found) -> str:
    """The answer of `run --check` when all is well."""
    lines = [f"brokers  {settings.kafka_brokers}", f"group    {settings.consumer_group}"]
    lines += [f"lag      {topic}/{partition}: {lag} records" for (topic, partition), lag in found.partitions.items()]
    return "\n".join([*lines, "ready to run"])
