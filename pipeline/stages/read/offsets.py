"""The restriction of the splittable DoFn: which offsets of a partition are still to be read, and its tracker."""

from __future__ import annotations

from dataclasses import dataclass, replace

from apache_beam.io.iobase import RestrictionProgress, RestrictionTracker


@dataclass(frozen=True, slots=True)
class Offsets:
    """Offsets ``[start, stop)`` of one partition, without end where ``stop`` is None.

    ``base`` is where this run began on the partition; it stays while ``start`` moves. ``reading`` counts how often the
    run had to begin anew elsewhere.
    """

    base: int
    start: int
    stop: int | None
    reading: int = 0


# Beyond every offset that Kafka can give: claiming it says that nothing more will be read.
NO_MORE = 2**63 - 1


class OffsetsTracker(RestrictionTracker):
    """Lets a partition be read by one reader at a time.

    Only a checkpoint (fraction 0) splits it: a split in the middle would make a second reader far beyond the end.
    Beam's own UnsplittableRestrictionTracker refuses checkpoints too, and its OffsetRestrictionTracker splits anywhere.
    """

    def __init__(self, offsets: Offsets) -> None:
        self._offsets = offsets
        self._next = offsets.start
        self._anew: Offsets | None = None

    def current_restriction(self) -> Offsets:
        """What this call of ``process`` is responsible for."""
        return self._offsets

    def try_claim(self, position: int | Offsets) -> bool:
        """Claim all offsets up to and including ``position``; False when the range ends before it.

        ``NO_MORE`` ends the range after the last claim: this run reads no further, the next begins there. An `Offsets`
        ends it there too, and is what the checkpoint, which must follow, hands over: the partition is read anew.

        Raises:
            ValueError: a position that is behind the last claim.
        """
        if isinstance(position, Offsets):
            self._offsets, self._anew = replace(self._offsets, stop=self._next), position
            return True
        if position < self._next:
            msg = f"offset {position} was claimed after {self._next - 1}"
            raise ValueError(msg)
        if position == NO_MORE:
            self._offsets = replace(self._offsets, stop=self._next)
            return False
        stop = self._offsets.stop
        if stop is not None and position >= stop:
            return False
        self._next = position + 1
        return True

    def try_split(self, fraction_of_remainder: float) -> tuple[Offsets, Offsets] | None:
        """Split off all that is not claimed yet, for a checkpoint only."""
        if fraction_of_remainder != 0:
            return None
        if self._anew is not None:
            anew, self._anew = self._anew, None
            return self._offsets, anew
        if self._next == self._offsets.stop:
            return None
        rest = replace(self._offsets, start=self._next)
        self._offsets = replace(self._offsets, stop=self._next)
        return self._offsets, rest

    def check_done(self) -> bool:
        """True when all was claimed.

        Raises:
            ValueError: ``process`` returned with offsets that nobody claimed, which would lose them.
        """
        if self._next == self._offsets.stop and self._anew is None:
            return True
        msg = f"offsets from {self._next} to {self._offsets.stop} were not read"
        raise ValueError(msg)

    def current_progress(self) -> RestrictionProgress:
        """Which part of the range is read; without an end, as if one offset were always left.

        As a fraction: for what is completed Beam puts its own estimate in, which may be not a number.
        """
        done = self._next - self._offsets.start
        total = done + 1 if self._offsets.stop is None else self._offsets.stop - self._offsets.start
        return RestrictionProgress(fraction=done / total if total else 1.0)

    def is_bounded(self) -> bool:
        """Whether the range has an end."""
        return self._offsets.stop is not None
