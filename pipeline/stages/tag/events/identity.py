"""The identity of an event, and when two tellings are one event."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from pipeline.model import Event, Moment, Participant, Precision

UNKNOWN = "?"


def event_id(article_id: str, type_: str, trigger_lemma: str, evidence: str, ordinal: int) -> str:
    """Sixteen hex digits of a SHA-256: stable over revisions that leave the sentence alone (record.md)."""
    parts = (article_id, type_, trigger_lemma, normalised(evidence), str(ordinal))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def normalised(sentence: str) -> str:
    """The words of a sentence in lower case with single spaces: typography and spacing do not change the event."""
    return " ".join(re.findall(r"\w+", sentence.casefold()))


def cluster_key(event: Event) -> str | None:
    """What reports of one event share: category, countries of actors and recipients, country of the place, day.

    ``ASSAULT|ISR|LBN|LBN|2024-03-05``, with ``?`` for what is not known. None for what did not or may not happen, and
    where no country is known: such a key would join what has nothing in common.
    """
    actors, recipients = _countries(event.actors), _countries(event.recipients)
    place = (event.place.country if event.place else None) or UNKNOWN
    if event.negated or event.hypothetical or {actors, recipients, place} == {UNKNOWN}:
        return None
    return "|".join((event.type, actors, recipients, place, _day(event.date)))


def _countries(participants: Iterable[Participant]) -> str:
    return "+".join(sorted({p.country for p in participants if p.country})) or UNKNOWN


def _day(date: Moment | None) -> str:
    """The day, or the week, month or year where no day is stated."""
    if date is None:
        return UNKNOWN
    day = date.at.date()
    if date.precision is Precision.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return day.isoformat()[: {Precision.MONTH: 7, Precision.YEAR: 4}.get(date.precision, 10)]


class Ordinals:
    """Counts events that are equal in all that makes their id."""

    def __init__(self) -> None:
        """Starts with nothing counted."""
        self._seen: Counter[tuple[str, str, str]] = Counter()

    def next(self, type_: str, trigger_lemma: str, evidence: str) -> int:
        """0 for the first event of its kind in the sentence, then 1, 2, ..."""
        key = (type_, trigger_lemma, normalised(evidence))
        self._seen[key] += 1
        return self._seen[key] - 1
