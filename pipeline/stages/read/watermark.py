"""How far a partition's watermark may stand: no record older than it is expected any more."""

from __future__ import annotations

from dataclasses import dataclass

LOG_APPEND_TIME = 1  # Kafka's `timestampType` of a record; 0 is CreateTime
# The broker stamps in the order of the offsets; what is on its way may be this old. As Beam's Java reader has it.
LOG_APPEND_DELAY_MS = 2_000
# Senders stamp by their own clocks, in no order. What is older comes late; a late record is processed like any other.
CREATE_DELAY_MS = 60_000


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest timestamp read from a partition, in ms UTC, and whether the broker set it. -1: there is none yet."""

    timestamp_ms: int = -1
    by_broker: bool = False

    def with_record(self, timestamp_ms: int, timestamp_type: int) -> Newest:
        """What is newest after one more record."""
        return Newest(max(self.timestamp_ms, timestamp_ms), timestamp_type == LOG_APPEND_TIME)


def watermark_ms(newest: Newest, now_ms: int, *, caught_up: bool) -> int | None:
    """The watermark to set, in ms UTC; None where nothing can be said yet.

    With records left it follows those that were read: exactly, where the broker stamps them, else `CREATE_DELAY_MS`
    behind. When all is read it follows the clock, also where no record ever came: an idle partition must not hold back
    the others.
    """
    if caught_up:
        return now_ms - (LOG_APPEND_DELAY_MS if newest.by_broker else CREATE_DELAY_MS)
    if newest.timestamp_ms < 0:
        return None
    behind_ms = 0 if newest.by_broker else CREATE_DELAY_MS
    return min(now_ms, newest.timestamp_ms) - behind_ms
