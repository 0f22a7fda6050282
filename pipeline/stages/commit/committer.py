"""Sends offsets to the group, only when they moved, and tries for a minute."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError

from pipeline.broker import clients, shared
from pipeline.broker.connection import Connection
from pipeline.broker.topic_watch import TopicWatch, watch_of
from pipeline.observe import metrics
from pipeline.progress import Progress

GIVE_UP_SECONDS = 60.0
RETRY_SECONDS = 0.5

log = logging.getLogger(__name__)

At = tuple[str, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where we left the group on a partition, for which reading of it, and when (monotonic seconds)."""

    reading: tuple[int, int]
    offset: int
    when: float


@dataclass
class Committer:
    """The group's offsets as this process last committed them. ``consumer`` joins no group; it only commits and asks.

    Several bundles may end at once; a consumer takes one caller at a time.
    """

    consumer: KafkaConsumer
    watch: TopicWatch | None = None
    committed: dict[At, Standing] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def commit(self, reached: Mapping[At, Progress]) -> None:
        """Commit what moved, and nothing backwards within one reading of a partition.

        A runner that went back to an older checkpoint is behind the group: then nothing is committed until it is
        beyond. A new reading goes wherever it begins: `read` has moved the group there.

        Raises:
            BrokerError: the broker did not take them for a minute, or somebody else moved the group.
        """
        with self._lock:
            moved = {at: progress for at, progress in reached.items() if self._is_ahead(at, progress)}
            if moved:
                found = self._ask(moved)
                self._send({at: p for at, p in moved.items() if self._may_commit(at, p, found[at])})

    def commit_again(self, *, older_than_seconds: float, now: float) -> None:
        """Repeat the offsets that were committed so long ago that the broker may forget them."""
        with self._lock:
            old = {at: s for at, s in self.committed.items() if now - s.when >= older_than_seconds}
            if old:
                again = {at: Progress(s.reading[1], s.offset, reading=s.reading[0]) for at, s in old.items()}
                found = self._ask(again)
                # What it no longer knows is of a topic that is gone, or was taken away on purpose.
                self._send({at: p for at, p in again.items() if found[at] and self._may_commit(at, p, found[at])})

    def close(self) -> None:
        """Close the consumer."""
        self.consumer.close(autocommit=False)

    def _is_ahead(self, at: At, progress: Progress) -> bool:
        last = self.committed.get(at)
        if last is None or last.reading == _reading(progress):
            return last is None or progress.next > last.offset
        return progress.reading >= last.reading[0]

    def _may_commit(self, at: At, progress: Progress, found: OffsetAndMetadata | None) -> bool:
        """Whether the group is where we left it: asked before each commit, which would overwrite what others did.

        Raises:
            BrokerError: somebody else moved it. What has our mark was moved by `read`, which begins the partition anew,
                or by another process of this job.
        """
        last = self.committed.get(at)
        if found is None:  # never committed, or the topic was deleted, and with it the offset
            is_there = self.watch.is_as_at_first if self.watch else partial(clients.partitions_of, self.consumer)
            return bool(self._patiently("asked for", lambda: is_there(at[0])))
        if last is None:
            if found.offset >= progress.next:
                self.committed[at] = Standing(_reading(progress), found.offset, time.monotonic())
            return bool(found.offset < progress.next)
        if last.reading != _reading(progress) or found.offset == last.offset:
            return True
        if found.metadata != clients.OUR_MARK:
            raise clients.BrokerError(clients.moved(self.consumer.config["group_id"], at, last.offset, found))
        if found.offset > last.offset:
            self.committed[at] = Standing(last.reading, found.offset, time.monotonic())
        return bool(last.offset < found.offset < progress.next)

    def _ask(self, partitions: Mapping[At, Progress]) -> dict[At, OffsetAndMetadata | None]:
        return self._patiently("asked for", lambda: clients.committed(self.consumer, partitions))

    def _send(self, reached: Mapping[At, Progress]) -> None:
        if not reached:
            return
        wanted = {TopicPartition(*at): clients.next_to_read(progress.next) for at, progress in reached.items()}
        self._patiently("committed", lambda: self.consumer.commit(wanted))
        metrics.committed({at: progress.next for at, progress in reached.items()})
        now = time.monotonic()
        self.committed.update({at: Standing(_reading(p), p.next, now) for at, p in reached.items()})

    def _patiently(self, what: str, work: Callable[[], T]) -> T:
        give_up = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                return work()
            except KafkaError as error:
                metrics.COMMIT_FAILURES.inc()
                if time.monotonic() >= give_up:
                    msg = f"offsets could not be {what} for {GIVE_UP_SECONDS:.0f} s: {error}"
                    raise clients.BrokerError(msg) from error
                log.warning("offsets could not be %s, trying again: %s", what, error)
                time.sleep(RETRY_SECONDS)


def _reading(progress: Progress) -> tuple[int, int]:
    return progress.reading, progress.base


def committer_of(connection: Connection, group: str) -> Committer:
    """The committer of that group in this process."""
    watch = watch_of(connection)
    return shared.once(
        Committer, (connection, group), lambda: Committer(clients.consumer(connection, group_id=group), watch)
    )
