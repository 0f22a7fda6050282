"""Exactly once on one process: outputs and the offsets they came from in one transaction, in the order of the offsets.

Parts end in any order; each is let out when all before it on its partition have ended. What lies beyond waits in
memory, bounded by what `read` has in flight, and is read again after a crash.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from kafka import KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.errors import (
    AuthorizationError,
    KafkaError,
    MessageSizeTooLargeError,
    ProducerFencedError,
    UnsupportedVersionError,
)

from pipeline.broker import clients, shared
from pipeline.broker.connection import BrokerError, Connection
from pipeline.model import Done, Message
from pipeline.observe import metrics
from pipeline.progress import Progress, advance
from pipeline.settings import Settings

# A transaction costs some milliseconds; a reader of the output waits for its end.
MAX_PARTS = 100
MAX_SECONDS = 0.5
TRANSACTION_TIMEOUT_MS = 60_000
SEND_TIMEOUT_SECONDS = 120.0
RETRY_SECONDS = 0.5
# Another attempt would end the same way.
PERMANENT = (MessageSizeTooLargeError, AuthorizationError, UnsupportedVersionError)

log = logging.getLogger(__name__)


@dataclass
class InOrder:
    """What one partition's parts want to send, let out in the order of offset and part, each once."""

    progress: Progress | None = None
    waiting: dict[tuple[int, int], Sequence[Message]] = field(default_factory=dict)

    def add(self, done: Done, messages: Sequence[Message]) -> list[Message]:
        """Take a part that has ended; what it and those behind it may send now. A part that comes again is ignored."""
        if self.progress is not None and self.progress.base != done.at.base:
            self.progress, self.waiting = None, {}
        if self.progress is None or done.at.start >= self.progress.next:
            self.waiting.setdefault((done.at.start, done.part), messages)
        self.progress = advance(self.progress, done)
        ready = sorted(key for key in self.waiting if key[0] < self.progress.next)
        return [message for key in ready for message in self.waiting.pop(key)]


@dataclass
class TransactionalWriter:
    """The one writer of a process for a group. ``open`` makes its producer, and thereby ends what a killed run left."""

    connection: Connection
    group: str
    max_request_bytes: int
    max_outage_seconds: float
    _producer: KafkaProducer | None = None
    _orders: dict[tuple[str, int], InOrder] = field(default_factory=dict)
    _messages: list[Message] = field(default_factory=list)
    _offsets: dict[tuple[str, int], int] = field(default_factory=dict)
    _committed: dict[tuple[str, int], int] = field(default_factory=dict)
    _parts: int = 0
    _since_seconds: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> TransactionalWriter:
        """Begin as the only writer: an open transaction of another run is aborted, and its next commit refused.

        Raises:
            BrokerError: the broker knows no transactions, or cannot be used.
        """
        try:
            self._producer = clients.producer(
                self.connection,
                transactional_id=self.group,
                transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
                max_request_size=self.max_request_bytes,
            )
            self._producer.init_transactions()
        except KafkaError as error:
            raise BrokerError(clients.explain(error, self.connection.brokers)) from error
        return self

    def close(self) -> None:
        """Close the producer; what waits is read again by the next run."""
        if self._producer is not None:
            with suppress(KafkaError):  # a broker that is gone must not hide why we stop
                self._producer.close(timeout=5)
            self._producer = None

    def add(self, done: Done, messages: Sequence[Message]) -> None:
        """Take a part that has ended, and commit when enough is let out."""
        at = (done.at.topic, done.at.partition)
        with self._lock:
            order = self._orders.setdefault(at, InOrder())
            self._messages += order.add(done, messages)
            assert order.progress is not None  # noqa: S101 - for the type checker: add has set it
            if self._committed.get(at) != order.progress.next:
                self._offsets[at] = order.progress.next
            self._parts += 1
            if self._parts >= MAX_PARTS or time.monotonic() - self._since_seconds >= MAX_SECONDS:
                self._commit()

    def flush(self) -> None:
        """Commit all that is let out."""
        with self._lock:
            self._commit()

    def _commit(self) -> None:
        """Commit what is let out, in as many attempts as it takes.

        An attempt whose end is not known, since the broker went away or the transaction timed out, is settled by the
        group's offsets: they were committed with the outputs or not at all.

        Raises:
            BrokerError: another run has taken over the group, or the broker is away for ``max_outage_seconds``.
        """
        give_up = time.monotonic() + self.max_outage_seconds
        while self._offsets:
            begun = time.monotonic()
            try:
                with metrics.timed("write"):
                    self._attempt()
                break
            except KafkaError as error:
                metrics.COMMIT_FAILURES.inc()
                timed_out = time.monotonic() - begun >= TRANSACTION_TIMEOUT_MS / 1000
                if isinstance(error, ProducerFencedError) and not timed_out:
                    msg = f"another run with the group {self.group!r} has taken over; this one has stopped"
                    raise BrokerError(msg) from error
                if isinstance(error, PERMANENT):
                    raise BrokerError(clients.explain(error, self.connection.brokers)) from error
                if time.monotonic() >= give_up:
                    msg = f"outputs could not be committed for {self.max_outage_seconds:.0f} s: {error!r}"
                    raise BrokerError(msg) from error
                log.warning("transaction failed, beginning anew: %r", error)
                if self._settled(give_up):
                    break
        metrics.committed(self._offsets)
        self._committed |= self._offsets
        self._messages, self._offsets = [], {}
        self._parts, self._since_seconds = 0, time.monotonic()

    def _attempt(self) -> None:
        producer = self._producer
        if producer is None:
            raise BrokerError("the writer is closed")
        producer.begin_transaction()
        futures = [
            producer.send(m.topic, m.value, key=m.key, headers=list(m.headers), timestamp_ms=m.timestamp_ms)
            for m in self._messages
        ]
        producer.send_offsets_to_transaction(
            {TopicPartition(*at): OffsetAndMetadata(offset, "", -1) for at, offset in self._offsets.items()}, self.group
        )
        producer.flush(timeout=SEND_TIMEOUT_SECONDS)
        for future in futures:
            future.get(timeout=SEND_TIMEOUT_SECONDS)
        producer.commit_transaction()

    def _settled(self, give_up: float) -> bool:
        """With a new producer, which ends the transaction one way or the other: whether it was committed after all.

        Raises:
            BrokerError: the offsets are neither those before nor those after: somebody else moved them.
        """
        while True:
            try:
                self.close()
                self.open()
                found = _committed(self.connection, self.group, self._offsets)
                break
            except (BrokerError, KafkaError):
                if time.monotonic() >= give_up:
                    raise
                time.sleep(RETRY_SECONDS)
        if found == self._offsets:
            return True
        before = {at: self._committed.get(at) for at in self._offsets}
        if any(before[at] is not None and found[at] != before[at] for at in found):
            msg = f"the offsets of the group {self.group!r} were moved by somebody else; this run has stopped"
            raise BrokerError(msg)
        return False


def _committed(
    connection: Connection, group: str, partitions: Mapping[tuple[str, int], int]
) -> dict[tuple[str, int], int | None]:
    consumer = clients.consumer(connection, group_id=group)
    try:
        return {at: consumer.committed(TopicPartition(*at)) for at in partitions}
    finally:
        consumer.close(autocommit=False)


def writer_of(settings: Settings) -> TransactionalWriter:
    """The writer of this process, opened the first time: before `read` asks where the group stands."""
    connection, group = settings.connection, settings.consumer_group
    return shared.once(
        TransactionalWriter,
        (connection, group),
        lambda: TransactionalWriter(connection, group, settings.max_request_bytes, settings.max_outage_seconds).open(),
    )
