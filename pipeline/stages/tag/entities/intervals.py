"""Looks up stretches of text in logarithmic time: a paragraph can hold tens of thousands of names."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Intervals:
    """Half-open stretches of text that do not overlap each other."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(pairs)
        self._starts = [start for start, _ in ordered]
        self._ends = [end for _, end in ordered]

    def overlapping(self, start: int, end: int) -> range:
        """The positions, in text order, of those that share a character with ``[start, end)``."""
        return range(bisect_right(self._ends, start), bisect_left(self._starts, end))

    def touch(self, start: int, end: int) -> bool:
        """Whether one of them shares a character with ``[start, end)``."""
        return len(self.overlapping(start, end)) > 0

    def cover(self, start: int, end: int) -> bool:
        """Whether one of them contains ``[start, end)``."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and end <= self._ends[at]
