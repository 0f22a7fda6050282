"""Back-pressure: how much was read and is not yet committed, in this process."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass
class InFlight:
    """What one partition has in work."""

    records: deque[tuple[int, int]] = field(default_factory=deque)
    size_bytes: int = 0

    def add(self, end_offset: int, size_bytes: int) -> None:
        """Note a record that was let through; ``end_offset`` is its own plus one."""
        self.records.append((end_offset, size_bytes))
        self.size_bytes += size_bytes

    def forget(self, committed: int) -> None:
        """Drop what the group has committed: all before that offset."""
        while self.records and self.records[0][0] <= committed:
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
