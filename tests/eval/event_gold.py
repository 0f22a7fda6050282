"""Gold events as people write them (`sentences/*.jsonl`, `stories/*.txt`), and whether an emitted event is one of them.

A gold event's keys are checked where they are given: ``types`` (any of them) or ``type``; ``mode`` (null: none);
``actors`` and ``recipients`` (each string is a run of words of the text or name of a participant of its own, or the
other way round, and none is left over; ``|`` stands between wordings); ``date`` and ``date_source``; ``place`` and
``country`` of it; the flags; ``dead``, ``injured``, ``arrested`` as ``[min, max]``; ``attributed_to``;
``actor_country`` and the like of the first participant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pipeline.cli.printing import when
from pipeline.model import Count, Event, Participant

Gold = dict[str, Any]
T = TypeVar("T")
U = TypeVar("U")

FLAGS = ("negated", "future", "hypothetical", "historical")
COUNTS = ("dead", "injured", "arrested")


def pairing(wanted: Sequence[T], found: Sequence[U], fits: Callable[[T, U], bool]) -> dict[int, int]:
    """The largest pairing of what is wanted with what was found: index to index, each of either at most once."""
    taken: dict[int, int] = {}  # found -> wanted

    def place(one: int, tried: set[int]) -> bool:
        for other in range(len(found)):
            if other not in tried and fits(wanted[one], found[other]):
                tried.add(other)
                if other not in taken or place(taken[other], tried):
                    taken[other] = one
                    return True
        return False

    for one in range(len(wanted)):
        place(one, set())
    return {one: other for other, one in taken.items()}


def holds(one: str, other: str) -> bool:
    """Whether one is a run of words of the other, whatever their case."""
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return re.search(rf"(?<!\w){re.escape(short)}(?!\w)", long) is not None


def is_it(text: str, one: Participant) -> bool:
    """Whether one of the wordings, with ``|`` between them, is the participant's text or name."""
    return any(holds(name, way) for way in text.split("|") for name in (one.text, one.name) if name)


def are_they(wanted: Sequence[str], found: Sequence[Participant]) -> bool:
    """Each is there, and nobody else."""
    return len(wanted) == len(found) == len(pairing(wanted, found, is_it))


def is_mode(mode: str | None, event: Event) -> bool:
    """Whether the mode is among the event's; None: it has none."""
    return mode in event.modes if mode else not event.modes


def is_event(gold: Gold, event: Event) -> bool:
    """All that the gold states holds; what is negated is only what the gold says is negated."""
    types = gold["types"] if "types" in gold else [gold["type"]]
    asked = gold.keys() - {"type", "types", "optional", "negated"}
    same = str(event.type) in types and event.negated == gold.get("negated", False)
    return same and all(RIGHT[key](gold[key], event) for key in asked)


def told(event: Event) -> Gold:
    """The event in the keys of the gold, to be printed."""
    named: Gold = {"type": str(event.type), "modes": list(event.modes), "trigger": event.trigger.text}
    named["actors"] = [one.text for one in event.actors]
    named["recipients"] = [one.text for one in event.recipients]
    named["date"] = when(event.date) if event.date else None
    named |= {flag: True for flag in FLAGS if getattr(event, flag)}
    named |= {count: [n.min, n.max] for count in COUNTS if (n := getattr(event, count))}
    if event.place:
        named["place"] = event.place.name or event.place.text
    if event.attributed_to:
        named["attributed_to"] = event.attributed_to.text
    return named


def _is_place(place: str | None, event: Event) -> bool:
    if place is None or event.place is None:
        return place is None and event.place is None
    names = (event.place.text, event.place.name or event.place.text)
    return any(holds(name, way) for way in place.split("|") for name in names)


def _is_speaker(speaker: str | None, event: Event) -> bool:
    if speaker is None or event.attributed_to is None:
        return speaker is None and event.attributed_to is None
    return is_it(speaker, event.attributed_to)


def _is_count(wanted: list[int | None] | None, found: Count | None) -> bool:
    return wanted == ([found.min, found.max] if found else None)


def _first(people: Sequence[Participant], name: str) -> str | None:
    return getattr(people[0], name) if people else None


# Whether an event has what gold says under a key.
RIGHT: Mapping[str, Callable[[Any, Event], bool]] = {
    "mode": is_mode,
    "actors": lambda wanted, event: are_they(wanted, event.actors),
    "recipients": lambda wanted, event: are_they(wanted, event.recipients),
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
