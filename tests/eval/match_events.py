"""Matches emitted events with those of gold, and says what of an event is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stories import GoldEvent

from pipeline.cli.printing import when
from pipeline.model import Count, Event, Participant

# ------------------------------------------------------------------------------------------------ matching


def is_told(gold: GoldEvent, event: Event) -> bool:
    """Whether the event has one of the types and was read in one of the sentences."""
    there = [event.evidence.text, *(one.text for one in event.other_evidence)]
    return str(event.type) in gold.types and any(quote in text for quote in gold.quotes for text in there)


def match(wanted: Sequence[GoldEvent], events: Sequence[Event]) -> dict[int, int]:
    """Gold to emitted, one to one and as many as can be; first those that share most, then those not optional."""
    scores = {
        (n, m): _likeness(gold, event)
        for n, gold in enumerate(wanted)
        for m, event in enumerate(events)
        if is_told(gold, event)
    }
    ranked = sorted(scores, key=lambda at: (-scores[at], wanted[at[0]].optional, at))
    paired: dict[int, int] = {}
    for n, m in ranked:
        if n not in paired and m not in paired.values():
            paired[n] = m
    for n in sorted(set(range(len(wanted))) - paired.keys(), key=lambda n: wanted[n].optional):
        _augment(n, paired, ranked, set())
    return paired


def _augment(n: int, paired: dict[int, int], ranked: Sequence[tuple[int, int]], seen: set[int]) -> bool:
    """Find an event for this gold, moving others to a second choice of theirs."""
    for m in (event for gold, event in ranked if gold == n and event not in seen):
        seen.add(m)
        holder = next((gold for gold, event in paired.items() if event == m), None)
        if holder is None or _augment(holder, paired, ranked, seen):
            paired[n] = m
            return True
    return False


def _likeness(gold: GoldEvent, event: Event) -> float:
    """The share of participants that are the same, of the trigger that the quote holds, and a little for the mode."""
    sides = [(gold.wanted.get("actors", []), event.actors), (gold.wanted.get("recipients", []), event.recipients)]
    shared = sum(any(_is_same(text, one) for one in people) for texts, people in sides for text in texts)
    most = sum(max(len(texts), len(people)) for texts, people in sides)
    words = event.trigger.text.split()
    quoted = max(sum(_holds(word, quote) for word in words) / len(words) for quote in gold.quotes)
    mode = 0.1 if is_mode(gold.wanted.get("mode"), event) else 0.0
    return (shared / most if most else 0.0) + quoted + mode


# ------------------------------------------------------------------------------------------------ comparing


def _is_same(text: str, one: Participant) -> bool:
    return any(_holds(name, option) for option in text.split("|") for name in (one.text, one.name or "") if name)


def _holds(one: str, other: str) -> bool:
    """Whether one is a run of words of the other."""
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return re.search(rf"(?<!\w){re.escape(short)}(?!\w)", long) is not None


def are_participants(texts: Sequence[str], people: Sequence[Participant]) -> bool:
    """Whether each text is a participant of its own, and nobody is left over."""
    if len(texts) != len(people):
        return False
    if not texts:
        return True
    return any(
        _is_same(texts[0], one) and are_participants(texts[1:], [*people[:n], *people[n + 1 :]])
        for n, one in enumerate(people)
    )


def is_mode(mode: str | None, event: Event) -> bool:
    """Whether the mode is among the event's; None: it has none."""
    return mode in event.modes if mode else not event.modes


def _is_place(place: str | None, event: Event) -> bool:
    if place is None or event.place is None:
        return place is None and event.place is None
    names = (event.place.text, event.place.name or event.place.text)
    return any(_holds(name, option) for option in place.split("|") for name in names)


def _is_speaker(speaker: str | None, event: Event) -> bool:
    if speaker is None or event.attributed_to is None:
        return speaker is None and event.attributed_to is None
    return _is_same(speaker, event.attributed_to)


def _is_count(wanted: Sequence[int | None], found: Count | None) -> bool:
    return found is not None and [found.min, found.max] == list(wanted)


def _first(people: Sequence[Participant], name: str) -> str | None:
    return getattr(people[0], name) if people else None


RIGHT: Mapping[str, Callable[[Any, Event], bool]] = {
    "mode": is_mode,
    "actors": lambda wanted, event: are_participants(wanted, event.actors),
    "recipients": lambda wanted, event: are_participants(wanted, event.recipients),
    "date": lambda wanted, event: wanted == (when(event.date) if event.date else None),
    "date_source": lambda wanted, event: wanted == event.date_source,
    "place": _is_place,
    "country": lambda wanted, event: wanted == (event.place.country if event.place else None),
    "future": lambda wanted, event: wanted == event.future,
    "hypothetical": lambda wanted, event: wanted == event.hypothetical,
    "historical": lambda wanted, event: wanted == event.historical,
    "dead": lambda wanted, event: _is_count(wanted, event.dead),
    "injured": lambda wanted, event: _is_count(wanted, event.injured),
    "arrested": lambda wanted, event: _is_count(wanted, event.arrested),
    "actor_country": lambda wanted, event: wanted == _first(event.actors, "country"),
    "actor_sector": lambda wanted, event: wanted == _first(event.actors, "sector"),
    "recipient_country": lambda wanted, event: wanted == _first(event.recipients, "country"),
    "recipient_sector": lambda wanted, event: wanted == _first(event.recipients, "sector"),
    "attributed_to": _is_speaker,
}
# The figures, and the keys of gold each is made of.
ASPECTS: Mapping[str, tuple[str, ...]] = {
    "mode": ("mode",),
    "actors": ("actors",),
    "recipients": ("recipients",),
    "date": ("date", "date_source"),
    "place": ("place", "country"),
    "flags": ("future", "hypothetical", "historical"),
    "size": ("dead", "injured", "arrested"),
    "codes": ("actor_country", "actor_sector", "recipient_country", "recipient_sector"),
    "attributed_to": ("attributed_to",),
}
