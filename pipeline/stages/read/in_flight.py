"""Back-pressure: how much was read and is not yet committed, in this process."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

ASK_EVERY_SECONDS = 1.0


@dataclass
class InFlight:
    """What one partition has in work. ``committed`` asks the broker for the group's offset (None: none yet)."""

    committed: Callable[[], int | None]
    records: deque[tuple[int, int]] = field(default_factory=deque)
    size_bytes: int = 0
    asked_at_seconds: float = float("-inf")

    def add(self, end_offset: int, size_bytes: int) -> None:
        """Note a record that was let through; ``end_offset`` is its own plus one."""
        self.records.append((end_offset, size_bytes))
        self.size_bytes += size_bytes

    def forget_committed(self) -> None:
        """Drop what the group has committed, asking at most once a second."""
        if not self.records or time.monotonic() - self.asked_at_seconds < ASK_EVERY_SECONDS:
            return
        self.asked_at_seconds = time.monotonic()
        committed = self.committed()
        while committed is not None and self.records and self.records[0][0] <= committed:
            self.size_bytes -= self.records.popleft()[1]

    def clear(self) -> None:
        """Forget everything: the partition is read anew from another offset."""
        self.records.clear()
        self.size_bytes = 0


def room(parts: list[InFlight], max_records: int, max_bytes: int) -> int:
    """How many records more may be let through by a process that has these partitions in work.

    At least one when nothing at all is in flight, so that a record larger than ``max_bytes`` passes too. Nobody is
    asked here: each partition's own reader asks for it, since a consumer takes one caller at a time.
    """
    records = sum(len(part.records) for part in parts)
    if not records:
        return max(1, max_records)
    if sum(part.size_bytes for part in parts) >= max_bytes:
        return 0
    return max(0, max_records - records)
