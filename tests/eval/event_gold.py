"""Gold events as people write them (`sentences/*.jsonl`, `stories/*.txt`), and whether an emitted event is one of them.

A gold event's keys are checked where they are given: ``types`` (any of them) or
``type``; ``mode`` (null: none); ``actors`` and
``recipients`` (each string lies in, or holds, the text of a participant of its own, and none is left over); ``date``
and ``date_source``; ``place`` and ``country`` of it; the flags; ``dead``, ``injured``, ``arrested`` as
``[min, max]``; ``attributed_to``; ``actor_country`` and the like of the first participant; ``optional``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def is_it(text: str, one: Participant | None) -> bool:
    """The words, or one of the wordings with ``|`` between them, lie in, or hold, the participant's text or name."""
    said = [words.casefold() for words in (one.text, one.name) if words] if one is not None else []
    return any(way in words or words in way for way in text.casefold().split("|") for words in said)


def are_they(wanted: Sequence[str], found: Sequence[Participant]) -> bool:
    """Each is there, and nobody else."""
    return len(wanted) == len(found) == len(pairing(wanted, found, is_it))


def differences(gold: Gold, event: Event) -> list[str]:
    """The keys of the gold event that the event does not meet."""
    return [key for key in gold if not (key == "type" and "types" in gold) and not _holds(key, gold[key], event)]


def is_event(gold: Gold, event: Event) -> bool:
    """All that the gold states holds; what is negated is only what the gold says is negated."""
    return event.negated == gold.get("negated", False) and not differences(gold, event)


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


def _holds(key: str, wanted: Any, event: Event) -> bool:
    match key:
        case "optional" | "quotes":
            return True
        case "type" | "types":
            return str(event.type) in ([wanted] if key == "type" else list(wanted))
        case "mode":
            return str(wanted) in event.modes if wanted else not event.modes
        case "actors" | "recipients":
            return are_they(wanted, getattr(event, key))
        case "date":
            return bool((when(event.date) if event.date else None) == wanted)
        case "place":
            return _is_place(wanted, event)
        case "country":
            return bool((event.place.country if event.place else None) == wanted)
        case "attributed_to":
            return is_it(wanted, event.attributed_to) if wanted else event.attributed_to is None
        case "dead" | "injured" | "arrested":
            found: Count | None = getattr(event, key)
            return bool(([found.min, found.max] if found else None) == wanted)
        case "actor_country" | "actor_sector" | "recipient_country" | "recipient_sector":
            side, what = key.split("_")
            those: tuple[Participant, ...] = getattr(event, f"{side}s")
            return bool(those and getattr(those[0], what) == wanted)
        case "date_source" | "negated" | "future" | "hypothetical" | "historical":
            return bool(getattr(event, key) == wanted)
        case _:
            raise KeyError(key)


def _is_place(wanted: str | None, event: Event) -> bool:
    if wanted is None or event.place is None:
        return wanted is None and event.place is None
    return wanted in (event.place.name or "") or wanted in event.place.text
