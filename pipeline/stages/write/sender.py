"""Sends records and waits for the broker's word on each of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from pipeline.broker import clients, shared
from pipeline.broker.connection import Connection
from pipeline.model import Message

# kafka-python buffers without limit: what we have handed over and not heard of yet is bounded here.
MAX_UNACKNOWLEDGED_RECORDS = 500
MAX_UNACKNOWLEDGED_BYTES = 64_000_000
SEND_TIMEOUT_SECONDS = 120.0
CLOSE_SECONDS = 5.0


@dataclass
class Sender:
    """Sends of one bundle. Not shared between threads; the producer under it is."""

    producer: KafkaProducer
    waiting: deque[tuple[Any, Message, int]] = field(default_factory=deque)
    waiting_bytes: int = 0

    def send(self, message: Message) -> None:
        """Hand a record over; waits for the oldest ones where too many are unacknowledged.

        Raises:
            BrokerError: a record was refused, or nobody answered in time.
        """
        size = len(message.value or b"")
        while self.waiting and (
            len(self.waiting) >= MAX_UNACKNOWLEDGED_RECORDS or self.waiting_bytes + size > MAX_UNACKNOWLEDGED_BYTES
        ):
            self._await_oldest()
        try:
            future = self.producer.send(
                message.topic,
                key=message.key,
                value=message.value,
                headers=list(message.headers),
                timestamp_ms=message.timestamp_ms,
            )
        except KafkaError as error:
            raise clients.refused(message, error) from error
        self.waiting.append((future, message, size))
        self.waiting_bytes += size

    def flush(self) -> None:
        """Wait until every record handed over is acknowledged.

        Raises:
            BrokerError: one was not. None of the bundle's records may then be called done.
        """
        try:
            self.producer.flush(timeout=SEND_TIMEOUT_SECONDS)
        except KafkaError as error:
            msg = f"the broker did not acknowledge the records of a bundle: {error}"
            raise clients.BrokerError(msg) from error
        while self.waiting:
            self._await_oldest()

    def _await_oldest(self) -> None:
        future, message, size = self.waiting.popleft()
        self.waiting_bytes -= size
        try:
            future.get(timeout=SEND_TIMEOUT_SECONDS)
        except KafkaError as error:
            raise clients.refused(message, error) from error


@dataclass(frozen=True, slots=True)
class SharedProducer:
    """The producer that the bundles of a process share."""

    producer: KafkaProducer

    def close(self) -> None:
        """Close it. What is unacknowledged is given up: no bundle waits for it, and it was never called done."""
        clients.close_producer(self.producer, CLOSE_SECONDS)


def producer_of(connection: Connection, max_request_bytes: int, compression: str = "none") -> KafkaProducer:
    """The producer of this process: one, whatever the number of bundles."""
    return shared.once(
        SharedProducer,
        (connection, max_request_bytes, compression),
        lambda: SharedProducer(
            clients.producer(connection, compression=compression, max_request_size=max_request_bytes)
        ),
    ).producer
