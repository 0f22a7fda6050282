"""Each event of an article once: the headline, the lead and the background tell the same thing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.model import Event, EventType, Field, Participant
from pipeline.stages.tag.events.candidate import Candidate, Drop
from pipeline.stages.tag.events.identity import Ordinals, cluster_key, event_id

# Whoever demands, accuses or promises may do so twice in an article, of different people.
VERBAL = frozenset(
    {EventType.REQUEST, EventType.ACCUSE, EventType.REJECT, EventType.THREATEN, EventType.SUPPORT, EventType.AGREE}
)
LEAD_CHARS = 600
# A toll that grows while it is told stays below this.
TOLL_FACTOR = 5
BACKWARD = frozenset({"the", "this", "that", "these", "those"})
FIELD_ORDER = {Field.HEADLINE: 0, Field.BODY: 1}


@dataclass(frozen=True, slots=True)
class Telling:
    """An event as one sentence tells it, the lemma of its trigger, its candidate and those that told it again."""

    event: Event
    lemma: str
    candidates: tuple[Candidate, ...]


def once(told: list[Telling]) -> list[Telling]:
    """Each event once: what is told again is added to ``other_evidence`` of the fuller telling, and dropped."""
    kept: list[Telling] = []
    for telling in told:
        at = next((n for n in reversed(range(len(kept))) if _retold(kept[n], telling)), None)
        if at is None:
            kept.append(telling)
        else:
            kept[at] = _joined(kept[at], telling)
    return kept


def _joined(first: Telling, second: Telling) -> Telling:
    fuller, other = (first, second) if _fullness(first.event) >= _fullness(second.event) else (second, first)
    spans = (*first.event.other_evidence, *second.event.other_evidence, other.event.evidence)
    further = {(s.field, s.start): s for s in spans if s != fuller.event.evidence}
    other.candidates[0].dropped = Drop.RETOLD
    event = replace(fuller.event, other_evidence=tuple(further.values()))
    return replace(fuller, event=event, candidates=fuller.candidates + other.candidates)


def _fullness(event: Event) -> tuple[bool, int, float]:
    stated = (event.date_text is not None) + (event.place is not None)
    named = sum(1 for p in (*event.actors, *event.recipients) if p.entity is not None)
    return event.evidence.field is Field.BODY, stated + named, event.confidence


def _retold(earlier: Telling, later: Telling) -> bool:
    """Whether both tell one event: equal type and flags, no two dates, the same participants.

    A headline and its lead, or "the attack" after an attack, may name them in other words.
    """
    first, second = earlier.event, later.event
    if (first.type, first.negated, first.future) != (second.type, second.negated, second.future):
        return False
    if first.evidence == second.evidence or _tolls_apart(first, second):
        return False
    if first.date_text is not None and second.date_text is not None and first.date != second.date:
        return False
    if (_is_lead(first, second) or _refers_back(later)) and _one_mode(first, second):
        return _not_apart(first.actors, second.actors) and _not_apart(first.recipients, second.recipients)
    if not first.actors or not second.actors:
        return _same_toll(first, second) or bool(first.recipients and _alike(first.recipients, second.recipients))
    if not _alike(first.actors, second.actors):
        return False
    if first.type is EventType.CONSULT:
        return True
    if not first.recipients or not second.recipients:
        return first.type not in VERBAL
    return _alike(first.recipients, second.recipients)


def _is_lead(first: Event, second: Event) -> bool:
    """Whether the first stands in the headline and the second in the first sentences below it."""
    headline = first.evidence.field is Field.HEADLINE
    return headline and second.evidence.field is Field.BODY and second.evidence.start < LEAD_CHARS


def _one_mode(first: Event, second: Event) -> bool:
    return first.modes == second.modes or not first.modes or not second.modes


def _refers_back(telling: Telling) -> bool:
    """Whether the trigger is a noun of something told before: "the raid", "those attacks"."""
    nouns = [word for word in telling.candidates[0].words if word.pos_ == "NOUN"]
    return any(t.lower_ in BACKWARD for noun in nouns for t in noun.children if t.dep_ == "det")


def _not_apart(first: tuple[Participant, ...], second: tuple[Participant, ...]) -> bool:
    """Whether both sides may be the same people: nobody who is known by name stands on one side alone."""
    named = [[p for p in side if p.entity is not None] for side in (first, second)]
    return not all(named) or _alike(first, second)


def _same_toll(first: Event, second: Event) -> bool:
    tolls = [(e.dead, e.injured, e.arrested) for e in (first, second)]
    return any(a is not None and b is not None and a.min == b.min > 1 for a, b in zip(*tolls, strict=True))


def _tolls_apart(first: Event, second: Event) -> bool:
    """Whether one killed many times as many as the other: "killed two men", "have killed 52 since March"."""
    if first.dead is None or second.dead is None:
        return False
    few, many = sorted((first.dead.min, second.dead.min))
    return many >= TOLL_FACTOR * max(few, 1)


def _alike(first: tuple[Participant, ...], second: tuple[Participant, ...]) -> bool:
    """Whether everybody on the shorter side is somebody on the other."""
    few, many = sorted((first, second), key=len)
    return bool(few) and all(any(_may_be(one, other) for other in many) for one in few)


def _may_be(one: Participant, other: Participant) -> bool:
    if _key(one) == _key(other):
        return True
    unnamed = one.entity is None or other.entity is None
    known = one.country is not None and one.sector is not None
    return unnamed and known and (one.country, one.sector) == (other.country, other.sector)


def _key(who: Participant) -> str:
    return f"#{who.entity}" if who.entity is not None else who.text.casefold().removeprefix("the ")


def identified(article_id: str, told: list[Telling]) -> tuple[Event, ...]:
    """The events in text order, the headline's first, with ids and cluster keys; their candidates get them too."""
    ordinals = Ordinals()
    found = []
    for telling in sorted(told, key=_position):
        event = telling.event
        number = ordinals.next(event.type, telling.lemma, event.evidence.text)
        id_ = event_id(article_id, event.type, telling.lemma, event.evidence.text, number)
        found.append(replace(event, event_id=id_, cluster_key=cluster_key(event)))
        for candidate in telling.candidates:
            candidate.event = found[-1]
    return tuple(found)


def _position(telling: Telling) -> tuple[int, int, int, str]:
    event = telling.event
    return FIELD_ORDER.get(event.evidence.field, 2), event.trigger.start, event.trigger.end, event.type
