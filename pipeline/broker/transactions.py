"""Exactly once on one process: outputs and the offsets they came from in one transaction, in the order of the offsets.

Parts end in any order; each is let out when all before it on its partition have ended. What lies beyond waits in
memory, bounded by what `read` has in flight, and is read again after a crash.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import (
    AuthorizationError,
    KafkaError,
    MessageSizeTooLargeError,
    ProducerFencedError,
    UnsupportedVersionError,
)

from pipeline.broker import clients, shared, topic_watch
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
CLOSE_SECONDS = 5.0
RETRY_SECONDS = 0.5
IDLE_SECONDS = 10.0
# Another attempt would end the same way.
PERMANENT = (AuthorizationError, UnsupportedVersionError)

log = logging.getLogger(__name__)


@dataclass
class InOrder:
    """What one reading of a partition wants to send, let out in the order of offset and part, each once."""

    progress: Progress | None = None
    waiting: dict[tuple[int, int], Sequence[Message]] = field(default_factory=dict)

    def add(self, done: Done, messages: Sequence[Message]) -> list[Message]:
        """Take a part that has ended; what it and those behind it may send now. A part that comes again is ignored."""
        if self.progress is None or done.at.start >= self.progress.next:
            self.waiting.setdefault((done.at.start, done.part), messages)
        self.progress = advance(self.progress, done)
        ready = sorted(key for key in self.waiting if key[0] < self.progress.next)
        return [message for key in ready for message in self.waiting.pop(key)]


@dataclass
class Partition:
    """A partition of the input. What was read before a new base is let out too, but the new reading has the offset."""

    readings: dict[tuple[int, int], InOrder] = field(default_factory=dict)
    current: tuple[int, int] = (-1, -1)

    def add(self, done: Done, messages: Sequence[Message]) -> tuple[list[Message], int]:
        """Take a part that has ended; what may be sent now, and the next offset to read."""
        reading = (done.at.reading, done.at.base)
        if reading not in self.readings:
            self.readings[reading] = InOrder()
            if reading[0] >= self.current[0]:
                self.current = reading
        out = self.readings[reading].add(done, messages)
        progress = self.readings[self.current].progress
        assert progress is not None  # noqa: S101 - for the type checker: the first part has set it
        return out, progress.next


@dataclass
class TransactionalWriter:
    """The one writer of a process for a group. ``open`` makes its producer, and thereby ends what a killed run left."""

    connection: Connection
    group: str
    max_request_bytes: int
    max_outage_seconds: float
    compression: str = "none"
    _producer: KafkaProducer | None = None
    _asking: KafkaConsumer | None = None
    _partitions: dict[tuple[str, int], Partition] = field(default_factory=dict)
    _messages: list[Message] = field(default_factory=list)
    _offsets: dict[tuple[str, int], int] = field(default_factory=dict)
    _committed: dict[tuple[str, int], int] = field(default_factory=dict)
    _parts: int = 0
    _since_seconds: float = field(default_factory=time.monotonic)
    _heard_seconds: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> TransactionalWriter:
        """Begin as the only writer: an open transaction of another run is aborted, and its next commit refused.

        Raises:
            BrokerError: the broker knows no transactions, or cannot be used.
        """
        try:
            self._producer = clients.producer(
                self.connection,
                compression=self.compression,
                transactional_id=self.group,
                transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
                max_block_ms=min(TRANSACTION_TIMEOUT_MS, self.max_outage_seconds * 1000),
                max_request_size=self.max_request_bytes,
            )
            self._producer.init_transactions()
            if self._asking is None:
                self._asking = clients.consumer(self.connection, group_id=self.group)
        except KafkaError as error:
            raise BrokerError(clients.explain(error, self.connection.brokers)) from error
        return self

    def close(self) -> None:
        """Close the clients; what waits is read again by the next run."""
        self._close_producer()
        if self._asking is not None:
            self._asking.close(autocommit=False)
            self._asking = None

    def _close_producer(self) -> None:
        if self._producer is not None:
            clients.close_producer(self._producer, CLOSE_SECONDS)
            self._producer = None

    def add(self, done: Done, messages: Sequence[Message]) -> None:
        """Take a part that has ended, and commit when enough is let out."""
        at = (done.at.topic, done.at.partition)
        with self._lock:
            partition = self._partitions.setdefault(at, Partition())
            before = partition.current
            out, offset = partition.add(done, messages)
            self._messages += out
            if partition.current != before:
                self._committed.pop(at, None)  # where the group stands for the new reading was decided by `read`
            if self._committed.get(at) != offset:
                self._offsets[at] = offset
            self._parts += 1
            if self._parts >= MAX_PARTS or time.monotonic() - self._since_seconds >= MAX_SECONDS:
                self._commit()

    def flush(self) -> None:
        """Commit all that is let out; after `IDLE_SECONDS` without a transaction, what was committed last once more.

        So a run that has nothing to do hears of another one that took over the group, and of somebody who moved its
        offsets, and the broker never forgets them (it would after seven days).
        """
        with self._lock:
            idle = time.monotonic() - self._heard_seconds >= IDLE_SECONDS
            if idle and not self._offsets:
                self._offsets = dict(self._committed)
            self._commit(even_empty=idle)

    def _commit(self, *, even_empty: bool = False) -> None:
        """Commit what is let out, in as many attempts as it takes.

        An attempt whose end is not known, since the broker went away or the transaction timed out, is settled by the
        group's offsets: they were committed with the outputs or not at all.

        Raises:
            BrokerError: another run has taken over the group, somebody else moved its offsets, a topic takes no record
                of that size, or the broker is away for ``max_outage_seconds``.
        """
        give_up = time.monotonic() + self.max_outage_seconds
        while self._offsets or self._messages or even_empty:
            begun = time.monotonic()
            try:
                self._check_unmoved()
                with metrics.timed("write"):
                    self._attempt(give_up)
                break
            except KafkaError as error:
                metrics.COMMIT_FAILURES.inc()
                timed_out = time.monotonic() - begun >= TRANSACTION_TIMEOUT_MS / 1000
                if is_fenced(error) and not timed_out:
                    msg = f"another run with the group {self.group!r} has taken over; this one has stopped"
                    raise BrokerError(msg) from error
                if isinstance(error, PERMANENT):
                    raise BrokerError(clients.explain(error, self.connection.brokers)) from error
                if time.monotonic() >= give_up:
                    raise self._given_up(error) from error
                log.warning("transaction failed, beginning anew: %r", error)
                if self._settled(give_up):
                    break
        metrics.committed(self._offsets)
        self._committed |= self._offsets
        self._messages, self._offsets = [], {}
        self._parts, self._since_seconds = 0, time.monotonic()

    def _attempt(self, give_up: float) -> None:
        producer = self._producer
        if producer is None:
            raise BrokerError("the writer is closed")
        seconds = max(1.0, min(SEND_TIMEOUT_SECONDS, give_up - time.monotonic()))
        producer.config["max_block_ms"] = seconds * 1000  # what each of its calls may wait
        producer.begin_transaction()
        _send(producer, self._messages, seconds)
        offsets = {TopicPartition(*at): clients.next_to_read(offset) for at, offset in self._offsets.items()}
        producer.send_offsets_to_transaction(offsets, self.group)  # none is fine: it asks whether we are the one writer
        producer.commit_transaction()
        self._heard_seconds = time.monotonic()

    def _check_unmoved(self) -> None:
        """Before each transaction, not now and then: the one that follows would overwrite what somebody else did.

        Raises:
            BrokerError: the group stands elsewhere than we left it, and the offset has not our mark: `read` commits
                where it begins anew, with the mark.
        """
        assert self._asking is not None  # noqa: S101 - for the type checker: open has made it
        known = [at for at in self._offsets if at in self._committed]
        for at, found in clients.committed(self._asking, known).items():
            ours = self._committed[at]
            if found is None:  # the topic was deleted, and with it the offset; or somebody wants it forgotten
                if not topic_watch.watch_of(self.connection).is_as_at_first(at[0]):
                    del self._offsets[at]  # an offset of the old topic says nothing in one that was made anew
                elif self._offsets[at] == ours:
                    del self._offsets[at], self._committed[at]
            elif found.offset != ours and found.metadata != clients.OUR_MARK:
                raise BrokerError(clients.moved(self.group, at, ours, found))

    def _settled(self, give_up: float) -> bool:
        """With a new producer, which ends the transaction one way or the other: whether it was committed after all."""
        while True:
            try:
                self._close_producer()
                self.open()
                assert self._asking is not None  # noqa: S101 - for the type checker
                found = clients.committed(self._asking, self._offsets)
                break
            except (BrokerError, KafkaError) as error:
                if time.monotonic() >= give_up:
                    raise self._given_up(error) from error
                time.sleep(RETRY_SECONDS)
        return bool(found) and all(at is not None and at.offset == self._offsets[name] for name, at in found.items())

    def _given_up(self, error: Exception) -> BrokerError:
        return BrokerError(
            f"outputs could not be committed for {self.max_outage_seconds:.0f} s (max_outage_seconds): {error!r}"
        )


def is_fenced(error: KafkaError) -> bool:
    """Whether another producer has taken over: said outright, or as the cause why a later call is refused."""
    return any(isinstance(each, ProducerFencedError) for each in (error, *error.args))


def _send(producer: KafkaProducer, messages: Sequence[Message], seconds: float) -> None:
    """Send and hear of each.

    Raises:
        BrokerError: a record is too large for its topic or for a request.
        KafkaError: any other answer, or none.
    """
    sent: list[tuple[Message, Any]] = []
    try:
        for m in messages:
            future = producer.send(m.topic, m.value, key=m.key, headers=list(m.headers), timestamp_ms=m.timestamp_ms)
            sent.append((m, future))
    except MessageSizeTooLargeError as error:
        raise clients.refused(messages[len(sent)], error) from error
    producer.flush(timeout=seconds)
    for message, future in sent:
        try:
            future.get(timeout=seconds)
        except MessageSizeTooLargeError as error:
            raise clients.refused(message, error) from error


def writer_of(settings: Settings) -> TransactionalWriter:
    """The writer of this process, opened the first time: before `read` asks where the group stands."""
    connection, group = settings.connection, settings.consumer_group
    return shared.once(
        TransactionalWriter,
        (connection, group),
        lambda: TransactionalWriter(
            connection, group, settings.max_request_bytes, settings.max_outage_seconds, settings.compression
        ).open(),
    )
