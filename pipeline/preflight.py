"""What is checked before a run begins: brokers, topics, where to start. Nothing is guessed and nothing is changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from pipeline.broker import bounds, clients, topics, transactions
from pipeline.broker.connection import BrokerError
from pipeline.settings import Delivery, Settings


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in the way (plain sentences), the lag in offsets of each (topic, partition), and what was settled."""

    problems: list[str] = field(default_factory=list)
    lag: dict[tuple[str, int], int] = field(default_factory=dict)
    delivery: Delivery = "at_least_once"
    start_offset: str = "committed"


def check(settings: Settings, *, begin: bool = False, anew: bool = False) -> Found:
    """Look at the brokers and topics of a run.

    Args:
        settings: of the run.
        begin: the run begins. With exactly once it then becomes the only writer of its group first: before that, the
            transaction of a run that was killed may be open, and where the group stands is not settled.
        anew: the run failed and is started anew: what it has committed counts before ``start_offset``.

    Raises:
        BrokerError: no broker answers; the message says why.
    """
    problems = topics.check(settings)
    if problems:
        return Found(problems)
    inputs = topics.inputs(settings)
    consumer = clients.consumer(settings.connection, group_id=settings.consumer_group)
    try:
        embedded = clients.is_embedded(consumer)
        if embedded and settings.delivery == "exactly_once":
            return Found(["delivery exactly_once needs transactions, which the embedded broker has not"])
        delivery = settings.delivery or ("at_least_once" if embedded else _delivery_on(settings.runner))
        if begin and delivery == "exactly_once":
            transactions.writer_of(settings)
        committed = {at: consumer.committed(at) for at in inputs}
        start = "committed" if anew and not _none(committed) else settings.start_offset
        if start == "committed" and _none(committed) and _holds_records(consumer, settings):
            return Found([_nothing_committed(settings)])
        held = bounds.bounds(consumer, inputs)
        lost = bounds.out_of_range(settings.connection, held, committed)
        if lost and start == "committed" and settings.offset_out_of_range == "error":
            return Found([bounds.not_there(at, committed[at] or 0, held[at]) for at in lost])
        lag = {(at.topic, at.partition): held[at].end - _begin(settings, at, committed, held, lost) for at in inputs}
        return Found([], lag, delivery, start)
    except KafkaError as error:
        raise BrokerError(clients.explain(error, settings.connection.brokers)) from error
    finally:
        consumer.close(autocommit=False)


def _delivery_on(runner: str) -> Delivery:
    """Exactly once where the whole chain is one process; elsewhere outputs and offsets meet in no transaction."""
    return "exactly_once" if runner in {"DirectRunner", "PrismRunner"} else "at_least_once"


def _none(committed: Mapping[TopicPartition, int | None]) -> bool:
    return all(offset is None for offset in committed.values())


def _begin(
    settings: Settings,
    at: TopicPartition,
    committed: Mapping[TopicPartition, int | None],
    held: Mapping[TopicPartition, bounds.Bounds],
    lost: Collection[TopicPartition],
) -> int:
    """Where a run that is told no place would begin on a partition."""
    if at in lost:
        return held[at].end if settings.offset_out_of_range == "latest" else held[at].first
    return committed[at] or held[at].first


def _holds_records(consumer: KafkaConsumer, settings: Settings) -> bool:
    """Whether a reader of committed records finds any in the output; aborted ones take offsets too."""
    ends = clients.end_offsets(consumer, clients.partitions_of(consumer, settings.output_topic))
    first = consumer.beginning_offsets(list(ends))
    consumer.assign(list(ends))
    for at in ends:
        consumer.seek(at, first[at])
    while any(consumer.position(at) < end for at, end in ends.items()):
        if consumer.poll(timeout_ms=200):
            return True
    return False


def _nothing_committed(settings: Settings) -> str:
    return (
        f"{settings.output_topic} holds records, but the group {settings.consumer_group!r} has committed no offset:"
        " beginning again would repeat them, beginning at the end might skip articles. Give --start_offset earliest,"
        " latest or a time"
    )


def summary(settings: Settings, found: Found) -> str:
    """The answer of `run --check` when all is well."""
    lines = [
        f"brokers  {settings.kafka_brokers}",
        f"group    {settings.consumer_group}",
        f"delivery {found.delivery}",
    ]
    lines += [f"lag      {topic}/{partition}: {lag} records" for (topic, partition), lag in found.lag.items()]
    lines += [f"note     {sentence}" for sentence in topics.advice(settings)]
    return "\n".join([*lines, "ready to run"])
