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
        at = next((n for n, earlier in enumerate(kept) if _retold(earlier.event, telling.event)), None)
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


def _retold(first: Event, second: Event) -> bool:
    """Whether both tell one event: equal type and flags, no two dates or places, the same participants."""
    if (first.type, first.negated, first.future) != (second.type, second.negated, second.future):
        return False
    if first.evidence == second.evidence:
        return False
    if first.date_text is not None and second.date_text is not None and first.date != second.date:
        return False
    if not first.actors or not second.actors:
        return False
    if not _alike(first.actors, second.actors):
        return False
    if first.type is EventType.CONSULT:
        return True
    if not first.recipients or not second.recipients:
        return first.type not in VERBAL or Field.HEADLINE in (first.evidence.field, second.evidence.field)
    return _alike(first.recipients, second.recipients)


def _alike(first: tuple[Participant, ...], second: tuple[Participant, ...]) -> bool:
    """Whether everybody on the shorter side is somebody on the other."""
    few, many = sorted((first, second), key=len)
    return all(any(_may_be(one, other) for other in many) for one in few)


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
