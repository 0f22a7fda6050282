"""How a format says no: it raises `Refused`, and this module alone makes the `Failure` or `Dropped` of it."""

from __future__ import annotations

from pipeline.failures.reasons import MEANING, Outcome, Reason
from pipeline.model import Dropped, Failure, Part, Problem


class Refused(Exception):  # noqa: N818 - not an error of ours: a verdict on the input
    """A part is no article that may go on. ``problems`` is never empty."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems

    @classmethod
    def because(cls, reason: Reason, message: str) -> Refused:
        """Refused for one reason; the message names the field and the next step, never the text."""
        return cls((Problem(reason, message),))


def outcome_of(refused: Refused, source: Part) -> Failure | Dropped:
    """The dead letter, or the counted drop, of a refused part."""
    reason = refused.problems[0].reason
    if MEANING[reason][1] is Outcome.DROPPED:
        return Dropped(source, "decode", reason)
    return Failure(source, "decode", refused.problems)
