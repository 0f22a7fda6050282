"""Which records were read and are not committed yet: what is in work, and how old the oldest of it is.

A part that gets lost anywhere in the chain keeps its offset from being committed, so it shows as an age that grows.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

At = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """One record: its offset plus one, its size, when it was read (monotonic clock) and its own time (Unix)."""

    end_offset: int
    size_bytes: int
    read_at_seconds: float
    timestamp_seconds: float | None


@dataclass
class InWork:
    """The unfinished records of this process by (topic, partition). Any thread may call."""

    _records: dict[At, deque[Unfinished]] = field(default_factory=dict)
    _expected: frozenset[At] = frozenset()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def expect(self, partitions: Iterable[At]) -> None:
        """A run begins, which is to read these partitions."""
        with self._lock:
            self._records.clear()
            self._expected = frozenset(partitions)

    def begin(self, at: At) -> None:
        """The partition is being read now; what was noted of an earlier reading is forgotten, since it comes again."""
        with self._lock:
            self._records[at] = deque()

    def add(self, at: At, record: Unfinished) -> None:
        """A record was read."""
        with self._lock:
            self._records.setdefault(at, deque()).append(record)

    def finish(self, at: At, offset: int) -> list[Unfinished]:
        """All before ``offset`` is committed; gives the records that are finished thereby."""
        finished = []
        with self._lock:
            records = self._records.get(at, deque())
            while records and records[0].end_offset <= offset:
                finished.append(records.popleft())
        return finished

    def not_begun(self) -> list[At]:
        """The partitions that are to be read and are not yet."""
        with self._lock:
            return sorted(self._expected - self._records.keys())

    def begun(self) -> bool:
        """Whether any partition is being read."""
        with self._lock:
            return bool(self._records)

    def oldest(self) -> tuple[At, Unfinished] | None:
        """The record that waits longest, and its partition."""
        with self._lock:
            heads = [(at, records[0]) for at, records in self._records.items() if records]
        return min(heads, key=lambda head: head[1].read_at_seconds, default=None)

    def oldest_seconds(self) -> float:
        """The age of the record that waits longest; 0 when none does."""
        oldest = self.oldest()
        return 0.0 if oldest is None else time.monotonic() - oldest[1].read_at_seconds

    def count(self) -> int:
        """How many records."""
        with self._lock:
            return sum(len(records) for records in self._records.values())

    def size_bytes(self) -> int:
        """Their keys and values together."""
        with self._lock:
            return sum(record.size_bytes for records in self._records.values() for record in records)
