"""Which offset of a partition may be committed: the end of the contiguous prefix of ranges that have ended."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline.model import Done


@dataclass(frozen=True, slots=True)
class Progress:
    """What has ended on one partition.

    All before ``next`` has ended. ``ended`` holds the ranges beyond it, start to end; ``open`` the numbers of the parts
    that have ended of records with several, by range: a set, since a runner may send a part again.
    """

    base: int
    next: int
    ended: dict[int, int] = field(default_factory=dict)
    open: dict[tuple[int, int], frozenset[int]] = field(default_factory=dict)
    reading: int = 0

    def is_of(self, done: Done) -> bool:
        """Whether it speaks of the reading of the partition that ``done`` belongs to."""
        return (self.reading, self.base) == (done.at.reading, done.at.base)


def advance(progress: Progress | None, done: Done) -> Progress:
    """Take one `Done` into account; any order and any repetition leads to the same end.

    A `Done` of another base belongs to another reading of the partition: what is known of this one says nothing there.
    One that comes late, of a reading before, says nothing here.
    """
    at = done.at
    if progress is not None and at.reading < progress.reading:
        return progress
    if progress is None or not progress.is_of(done):
        progress = Progress(at.base, at.base, reading=at.reading)
    if at.start < progress.next or at.start in progress.ended:
        return progress
    key = (at.start, at.end)
    parts = progress.open.get(key, frozenset()) | {done.part}
    if len(parts) < done.parts:
        return replace(progress, open={**progress.open, key: parts})
    still_open = {k: v for k, v in progress.open.items() if k != key}
    ended = {**progress.ended, at.start: at.end}
    position = progress.next
    while position in ended:
        position = ended.pop(position)
    return Progress(progress.base, position, ended, still_open, progress.reading)
