"""Sends offsets to the group, only when they moved, and tries for a minute."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from pipeline.broker import clients, shared
from pipeline.broker.connection import Connection
from pipeline.observe import metrics

GIVE_UP_SECONDS = 60.0
RETRY_SECONDS = 0.5

log = logging.getLogger(__name__)


@dataclass
class Committer:
    """The group's offsets as this process last committed them. ``consumer`` joins no group; it only commits.

    Several bundles may end at once; a consumer takes one caller at a time.
    """

    consumer: KafkaConsumer
    committed: dict[tuple[str, int], tuple[int, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def commit(self, offsets: Mapping[tuple[str, int], int]) -> None:
        """Commit those of ``offsets`` (next offset to read, by topic and partition) that moved.

        Raises:
            BrokerError: the broker did not take them for a minute.
        """
        with self._lock:
            moved = {at: offset for at, offset in offsets.items() if self.committed.get(at, (None, 0.0))[0] != offset}
            if moved:
                self._send(moved)

    def commit_again(self, *, older_than_seconds: float, now: float) -> None:
        """Repeat the offsets that were committed so long ago that the broker may forget them."""
        with self._lock:
            old = {at: offset for at, (offset, when) in self.committed.items() if now - when >= older_than_seconds}
            if old:
                self._send(old)

    def close(self) -> None:
        """Close the consumer."""
        self.consumer.close(autocommit=False)

    def _send(self, offsets: Mapping[tuple[str, int], int]) -> None:
        wanted = {TopicPartition(*at): clients.next_to_read(offset) for at, offset in offsets.items()}
        give_up = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                self.consumer.commit(wanted)
                break
            except KafkaError as error:
                metrics.COMMIT_FAILURES.inc()
                if time.monotonic() >= give_up:
                    msg = f"offsets could not be committed for {GIVE_UP_SECONDS:.0f} s: {error}"
                    raise clients.BrokerError(msg) from error
                log.warning("commit failed, trying again: %s", error)
                time.sleep(RETRY_SECONDS)
        metrics.committed(offsets)
        now = time.monotonic()
        self.committed.update({at: (offset, now) for at, offset in offsets.items()})


def committer_of(connection: Connection, group: str) -> Committer:
    """The committer of that group in this process."""
    return shared.once(Committer, (connection, group), lambda: Committer(clients.consumer(connection, group_id=group)))
