"""From candidates to events of the record: per sentence at most a few, per article each told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Span as Sentence
from spacy.tokens import Token

from pipeline.model import CleanArticle, Entity, Event, Field, Participant, Span
from pipeline.stages.tag.events import casualties, collapse, flags, participants, place, time, triggers
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.identity import Ordinals, event_id
from pipeline.stages.tag.events.lexicon import event_type, scale
from pipeline.stages.tag.passage import Passage, ResolvedDate

MAX_EVENTS_A_SENTENCE = 4
MIN_CONFIDENCE = 0.3
# Modes that say who acts even where nobody is named: arrests are made by the police.
IMPLIED_ACTOR_MODES = frozenset({"arrest"})
VERBAL = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "AGREE", "CONCEDE"})


@dataclass(slots=True)
class _Speech:
    """A dated interview or statement of the paragraph and whose it is."""

    date: ResolvedDate | None = None
    speaker: Token | None = None


def code(
    article: CleanArticle, passages: Sequence[Passage], entities: Sequence[Entity], dates: Sequence[ResolvedDate]
) -> tuple[Event, ...]:
    """The events of an article in text order."""
    mentions = participants.Mentions(entities)
    events: list[Event] = []
    for passage in passages:
        dated = time.dates_of(passage, dates)
        speech = _Speech()
        for sentence in passage.doc.sents:
            for candidate in in_sentence(sentence):
                events.append(_event(candidate, passage, dated, speech, mentions, article))
            _update(speech, sentence, dated)
    return _identified(article, _once(events))


def in_sentence(sentence: Sentence) -> list[Candidate]:
    """The candidates of a sentence after flags, the rules of the manual, merging and the cap, in text order."""
    kept: list[Candidate] = []
    for candidate in triggers.find(sentence):
        flags.set_flags(candidate)
        if not collapse.settle(candidate) or candidate.confidence < MIN_CONFIDENCE:
            continue
        if not candidate.actors and not candidate.recipients and candidate.mode not in IMPLIED_ACTOR_MODES:
            continue
        twin = next((k for k in kept if _same(k, candidate)), None)
        if twin is None:
            kept.append(candidate)
        elif not twin.actors and candidate.actors:
            kept[kept.index(twin)] = candidate
    kept.sort(key=lambda c: (-c.confidence, c.anchor.i))
    return sorted(kept[:MAX_EVENTS_A_SENTENCE], key=lambda c: c.anchor.i)


def _same(first: Candidate, second: Candidate) -> bool:
    """Whether two candidates of a sentence tell one event: equal type, and no two different actors or recipients."""
    if first.type != second.type or first.negated != second.negated:
        return False
    return _compatible(first.actors, second.actors) and (
        _compatible(first.recipients, second.recipients) or first.type == "ASSAULT"
    )


def _compatible(first: list[Token], second: list[Token]) -> bool:
    return not first or not second or bool({t.i for t in first} & {t.i for t in second})


def _update(speech: _Speech, sentence: Sentence, dated: Sequence[tuple[Token, ResolvedDate]]) -> None:
    date = time.speech_situation(sentence.root, dated)
    subject = time.subject_of(sentence.root)
    if date is not None:
        speech.date, speech.speaker = date, subject
    elif subject is not None and not time.same_speaker(speech.speaker, subject):
        speech.date = None


def _event(
    candidate: Candidate,
    passage: Passage,
    dated: Sequence[tuple[Token, ResolvedDate]],
    speech: _Speech,
    mentions: participants.Mentions,
    article: CleanArticle,
) -> Event:
    sentence = candidate.sentence
    carried = speech.date if candidate.type in VERBAL and _speaks(candidate, speech) else None
    moment, date_text, source = time.when(candidate, time.nearest(candidate, dated), carried, article)
    found, others, reason = place.where(candidate, passage, mentions, article)
    harm = casualties.counts(sentence) if candidate.type in ("ASSAULT", "COERCE", "PROTEST", "SANCTION") else {}
    speaker = participants.attributed_to(candidate.anchor)
    people = {"actors": candidate.actors, "recipients": candidate.recipients}
    told = {
        name: tuple(participants.participant(t, passage, mentions) for t in heads) for name, heads in people.items()
    }
    figures = scale(candidate.type, candidate.mode)
    return Event(
        event_id="",
        type=event_type(candidate.type),
        modes=(candidate.mode,) if candidate.mode else (),
        quad=figures.quad,
        intensity=figures.intensity,
        cameo=None,
        trigger=passage.span(*_trigger_bounds(candidate)),
        evidence=passage.span(*_trimmed(sentence)),
        other_evidence=(),
        actors=told["actors"],
        recipients=told["recipients"],
        date=moment,
        date_text=date_text,
        date_source=source,
        place=found,
        other_places=others,
        place_reason=reason,
        negated=candidate.negated,
        future=candidate.future,
        hypothetical=candidate.hypothetical,
        historical=candidate.historical or time.is_historical(moment, article),
        attributed_to=participants.participant(speaker, passage, mentions) if speaker is not None else None,
        dead=harm.get("dead") if candidate.type == "ASSAULT" else None,
        injured=harm.get("injured") if candidate.type in ("ASSAULT", "PROTEST") else None,
        arrested=harm.get("arrested") if candidate.type in ("COERCE", "PROTEST") else None,
        contexts=(),
        cluster_key=None,
        confidence=round(min(candidate.confidence, 1.0), 2),
    )


def _speaks(candidate: Candidate, speech: _Speech) -> bool:
    return speech.date is not None and bool(candidate.actors) and time.same_speaker(speech.speaker, candidate.actors[0])


def _trigger_bounds(candidate: Candidate) -> tuple[int, int]:
    """From the first to the last word of the trigger where they stand close, else the anchor alone."""
    first, last = candidate.words[0], candidate.words[-1]
    if last.i - first.i > 6:
        first = last = candidate.anchor
    return first.idx, last.idx + len(last)


def _trimmed(sentence: Sentence) -> tuple[int, int]:
    text = sentence.text
    start = sentence.start_char + len(text) - len(text.lstrip())
    return start, max(start, sentence.end_char - (len(text) - len(text.rstrip())))


# ------------------------------------------------------------------------------------------------ the whole article


def _once(events: list[Event]) -> list[Event]:
    """Each event once: what is told again is added to ``other_evidence`` of the fuller telling."""
    kept: list[Event] = []
    for event in events:
        twin = next((k for k in kept if _retold(k, event)), None)
        if twin is None:
            kept.append(event)
            continue
        fuller, other = (twin, event) if _fullness(twin) >= _fullness(event) else (event, twin)
        spans = {(s.field, s.start): s for s in (*twin.other_evidence, *event.other_evidence, other.evidence)}
        spans.pop((fuller.evidence.field, fuller.evidence.start), None)
        kept[kept.index(twin)] = replace(fuller, other_evidence=tuple(spans.values()))
    return kept


def _fullness(event: Event) -> tuple[int, int, float]:
    stated = (event.date_text is not None) + (event.place is not None)
    return int(event.evidence.field is Field.BODY), stated + len(event.actors) + len(event.recipients), event.confidence


def _retold(first: Event, second: Event) -> bool:
    if first.type is not second.type or first.negated != second.negated or first.future != second.future:
        return False
    if first.date_text is not None and second.date_text is not None and first.date != second.date:
        return False
    if first.evidence == second.evidence:
        return False
    return _alike(first.actors, second.actors, needed=True) and _alike(
        first.recipients, second.recipients, needed=False
    )


def _alike(first: tuple[Participant, ...], second: tuple[Participant, ...], *, needed: bool) -> bool:
    if not first or not second:
        return not needed
    one, two = {_key(p) for p in first}, {_key(p) for p in second}
    return one <= two or two <= one


def _key(who: Participant) -> str:
    return f"#{who.entity}" if who.entity is not None else who.text.casefold().removeprefix("the ")


def _identified(article: CleanArticle, events: list[Event]) -> tuple[Event, ...]:
    ordinals = Ordinals()
    order = {Field.HEADLINE: 0, Field.BODY: 1}
    events.sort(key=lambda e: (order.get(e.evidence.field, 2), e.trigger.start, e.trigger.end, e.type))
    found = []
    for event in events:
        lemma = event.trigger.text.casefold()
        number = ordinals.next(event.type, lemma, event.evidence.text)
        found.append(replace(event, event_id=event_id(article.id, event.type, lemma, event.evidence.text, number)))
    return tuple(found)


def where_told(event: Event) -> tuple[Span, ...]:
    """All sentences that tell of the event."""
    return (event.evidence, *event.other_evidence)
