"""A broker and a filled topic for one benchmark."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from kafka import KafkaConsumer, TopicPartition

from pipeline.broker import clients, topics
from pipeline.model import Message
from pipeline.settings import Settings
from pipeline.stages.write.sender import Sender

CONTENT_TYPE = (("content-type", b"application/x-ndjson"),)
STOP_SECONDS = 30


def settings_of(brokers: str, name: str) -> Settings:
    """Settings of a bounded run whose group is ``name``, on the topics with the default names."""
    return Settings(kafka_brokers=brokers, consumer_group=name, stop_at_end=True)


def fill(settings: Settings, articles: Iterable[bytes]) -> int:
    """Make the topics and send the articles to the input topic; returns how many."""
    topics.create(settings)
    producer = clients.producer(settings.connection)
    sender = Sender(producer)
    count = 0
    for count, article in enumerate(articles, 1):
        sender.send(Message(settings.input_topic, str(count).encode(), article, CONTENT_TYPE))
    sender.flush()
    producer.close()
    return count


@contextmanager
def running(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """An endless ``wiredesk run`` as a process of its own, ended with the block."""
    flags = [f"--kafka_brokers={settings.kafka_brokers}", f"--consumer_group={settings.consumer_group}"]
    process = subprocess.Popen([sys.executable, "-m", "pipeline", "run", *flags], stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        process.kill()
        process.wait()


def committed(consumer: KafkaConsumer, settings: Settings) -> int:
    """How many records of the input topic the consumer's group has done, all partitions together."""
    partitions = [TopicPartition(settings.input_topic, number) for number in range(topics.DEFAULT_PARTITIONS)]
    return sum(int(consumer.committed(at) or 0) for at in partitions)


def follow(process: subprocess.Popen[bytes], settings: Settings, count: int) -> Iterator[int]:
    """What a run has committed, four times a second, until ``count`` is reached.

    Raises:
        RuntimeError: the process ended before.
    """
    consumer = clients.consumer(settings.connection, group_id=settings.consumer_group)
    try:
        done = 0
        while done < count:
            time.sleep(0.25)
            done = committed(consumer, settings)
            yield done
            if process.poll() is not None:
                msg = f"the run ended with exit code {process.returncode} after {done} of {count} records"
                raise RuntimeError(msg)
    finally:
        consumer.close(autocommit=False)
