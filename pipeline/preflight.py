"""What is checked before a run begins: brokers, topics, where to start. Nothing is guessed and nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from kafka import KafkaConsumer
from kafka.errors import KafkaError

from pipeline.broker import clients, topics
from pipeline.broker.connection import BrokerError
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in the way (plain sentences), and the lag in offsets of each (topic, partition) to be read."""

    problems: list[str] = field(default_factory=list)
    lag: dict[tuple[str, int], int] = field(default_factory=dict)


def check(settings: Settings) -> Found:
    """Look at the brokers and topics of a run.

    Raises:
        BrokerError: no broker answers; the message says why.
    """
    problems = topics.check(settings)
    if problems:
        return Found(problems)
    inputs = topics.inputs(settings)
    consumer = clients.consumer(settings.connection, group_id=settings.consumer_group)
    try:
        committed = {at: consumer.committed(at) for at in inputs}
        if settings.start_offset == "committed" and not any(committed.values()) and _holds_records(consumer, settings):
            return Found([_nothing_committed(settings)])
        first = consumer.beginning_offsets(inputs)
        ends = clients.end_offsets(consumer, inputs)
        return Found([], {(at.topic, at.partition): ends[at] - (committed[at] or first[at]) for at in inputs})
    except KafkaError as error:
        raise BrokerError(clients.explain(error, settings.connection.brokers)) from error
    finally:
        consumer.close(autocommit=False)


def _holds_records(consumer: KafkaConsumer, settings: Settings) -> bool:
    outputs = clients.partitions_of(consumer, settings.output_topic)
    return any(clients.end_offsets(consumer, outputs).values())


def _nothing_committed(settings: Settings) -> str:
    return (
        f"{settings.output_topic} holds records, but the group {settings.consumer_group!r} has committed no offset:"
        " beginning again would repeat them, beginning at the end might skip articles. Give --start_offset earliest,"
        " latest or a time"
    )


def summary(settings: Settings, found: Found) -> str:
    """The answer of `run --check` when all is well."""
    lines = [f"brokers  {settings.kafka_brokers}", f"group    {settings.consumer_group}"]
    lines += [f"lag      {topic}/{partition}: {lag} records" for (topic, partition), lag in found.lag.items()]
    lines += [f"note     {sentence}" for sentence in topics.advice(settings)]
    return "\n".join([*lines, "ready to run"])
