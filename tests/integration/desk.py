"""A desk for one test: topics of its own on a real broker, and what one does with them."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field

from kafka import TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

from pipeline import runners
from pipeline.broker import clients, topics
from pipeline.settings import Settings

_number = itertools.count()

JSONL = (("content-type", b"application/x-ndjson"),)
NINJS = (("content-type", b"application/json"),)
TEXT = (("content-type", b"text/plain"),)


@dataclass(frozen=True)
class Input:
    """A record to be produced."""

    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = JSONL
    key: bytes | None = None
    partition: int = 0


def in_background(work: Callable[[], object]) -> Future[object]:
    """How work ends that may wait without end: nobody joins its thread."""
    ended: Future[object] = Future()

    def run() -> None:
        try:
            ended.set_result(work())
        except BaseException as error:
            ended.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return ended


def article(id_: str, body: str = "The foreign minister arrived in Geneva on Monday.", **more: object) -> bytes:
    """A flat article as bytes."""
    return json.dumps({"id": id_, "headline": "Minister in Geneva", "body": body, **more}).encode()


@dataclass
class Desk:
    """Settings whose topics and group nobody else uses."""

    brokers: str
    partitions: int = 2
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        name = f"desk{next(_number)}"
        self.settings = Settings(
            kafka_brokers=self.brokers,
            input_topic=f"{name}.raw",
            output_topic=f"{name}.tagged",
            events_topic=f"{name}.events",
            dead_letter_topic=f"{name}.dlq",
            consumer_group=name,
            stop_at_end=True,
        )
        topics.create(self.settings, partitions=self.partitions)

    def send(self, inputs: Iterable[Input]) -> None:
        """Produce, acknowledged."""
        producer = clients.producer(self.settings.connection, max_request_size=50_000_000)
        futures = [
            producer.send(self.settings.input_topic, i.value, key=i.key, headers=list(i.headers), partition=i.partition)
            for i in inputs
        ]
        for future in futures:
            future.get(60)
        producer.close()

    def run(self) -> runners.RunReport:
        """Run the pipeline in this process until the topic is read."""
        return runners.run(self.settings, [(at.topic, at.partition) for at in topics.inputs(self.settings)])

    def flags(self) -> list[str]:
        """The settings as flags of the command."""
        names = ("kafka_brokers", "input_topic", "output_topic", "events_topic", "dead_letter_topic", "consumer_group")
        return [f"--{name}={getattr(self.settings, name)}" for name in names]

    def committed(self) -> dict[int, int | None]:
        """The group's offset by partition."""
        with self._consumer() as consumer:
            return {at.partition: consumer.committed(at) for at in self._input()}

    def ends(self) -> dict[int, int]:
        """Where the input ends by partition."""
        return {at.partition: end for at, end in clients.end_offsets(self.settings.connection, self._input()).items()}

    def records(self, topic: str) -> list[ConsumerRecord]:
        """Everything in a topic, partition after partition."""
        at = clients.partitions_of(self.settings.connection, topic)
        ends = clients.end_offsets(self.settings.connection, at)
        found: list[ConsumerRecord] = []
        with self._consumer() as consumer:
            consumer.assign(at)
            for partition in at:
                consumer.seek(partition, 0)
            # By position: markers of transactions and compacted records take offsets too.
            while any(consumer.position(partition) < end for partition, end in ends.items()):
                for records in consumer.poll(timeout_ms=500).values():
                    found += records
        return found

    def _input(self) -> list[TopicPartition]:
        return [TopicPartition(self.settings.input_topic, p) for p in range(self.partitions)]

    def _consumer(self) -> clients.KafkaConsumer:
        return clients.consumer(self.settings.connection, group_id=self.settings.consumer_group)


def header(record: ConsumerRecord, name: str) -> str | None:
    """A header of a produced record as text."""
    return next((value.decode() for key, value in record.headers if key == name), None)
