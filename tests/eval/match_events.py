"""Matches the emitted events of a golden article with those of gold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from event_gold import holds, is_it, is_mode
from stories import GoldEvent

from pipeline.model import Event


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
    shared = sum(any(is_it(text, one) for one in people) for texts, people in sides for text in texts)
    most = sum(max(len(texts), len(people)) for texts, people in sides)
    words = event.trigger.text.split()
    quoted = max(sum(holds(word, quote) for word in words) / len(words) for quote in gold.quotes)
    mode = 0.1 if is_mode(gold.wanted.get("mode"), event) else 0.0
    return (shared / most if most else 0.0) + quoted + mode


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
