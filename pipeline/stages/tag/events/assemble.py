"""From candidates to events of the record: per sentence at most a few, per article each told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from spacy.tokens import Span as Sentence
from spacy.tokens import Token

from pipeline.model import CleanArticle, Entity, Event
from pipeline.stages.tag.events import (
    cameo,
    casualties,
    collapse,
    confidence,
    contexts,
    flags,
    genre,
    labels,
    mend,
    participants,
    place,
    plausible,
    pronouns,
    retelling,
    saying,
    time,
    tree,
    triggers,
    unreal,
)
from pipeline.stages.tag.events.candidate import Candidate, Coding, Drop, Reading
from pipeline.stages.tag.events.lexicon import NO_EVENT, VERBAL_TYPES, event_type, scale
from pipeline.stages.tag.passage import Passage, ResolvedDate

MAX_EVENTS_A_SENTENCE = 4
MAX_SENTENCE_TOKENS = 250
MIN_CONFIDENCE = 0.2
HARMFUL = frozenset({"ASSAULT", "COERCE", "PROTEST", "SANCTION"})
# Modes of ASSAULT that are no part of an attack told beside them.
CRUEL_MODES = frozenset({"abduct", "beat", "sexual", "torture"})


@dataclass
class _Surroundings:
    """What a candidate is read in; ``speech``: a dated interview or statement of the paragraph, and its speaker.

    ``person``: the entity that was last the subject in the passages before.
    """

    article: CleanArticle
    passage: Passage
    mentions: participants.Mentions
    dated: Sequence[tuple[Token, ResolvedDate]]
    speech: ResolvedDate | None = None
    speaker: Token | None = None
    person: int | None = None

    @cached_property
    def cues(self) -> Sequence[contexts.Cue]:
        """The signs of contexts in the passage; most passages tell of no event, and are not searched."""
        return contexts.cues(self.passage, self.mentions)


def code(
    article: CleanArticle, passages: Sequence[Passage], entities: Sequence[Entity], dates: Sequence[ResolvedDate]
) -> Coding:
    """The events of an article in text order, and how its sentences were read."""
    mentions = participants.Mentions(entities)
    labels.settle(passages, mentions)
    readings: list[Reading] = []
    told: list[retelling.Telling] = []
    person: int | None = None
    for passage in passages:
        dated = time.dates_of(passage, dates)
        around = _Surroundings(article, passage, mentions, dated, person=person)
        for sentence in passage.doc.sents:
            readings.append(_reading(passage, sentence))
            told += [t for c in readings[-1].candidates if (t := _telling(c, around)) is not None]
            _hear(around, sentence)
        person = participants.last_person(passage, mentions, person)
    told = _news(told, genre.of([passage.doc for passage in passages]) if told else None)
    return Coding(retelling.identified(article.id, _likely(retelling.once(told))), tuple(readings))


def _likely(told: list[retelling.Telling]) -> list[retelling.Telling]:
    """The tellings with their confidence, without those that are likely wrong."""
    found = []
    for telling in told:
        candidate = telling.candidates[0]
        candidate.features = confidence.features_of(candidate, telling.event)
        candidate.event = replace(telling.event, confidence=round(confidence.confidence(candidate.features), 2))
        if candidate.event.confidence < MIN_CONFIDENCE:
            candidate.dropped = Drop.UNLIKELY
        else:
            found.append(replace(telling, event=candidate.event))
    return found


def _news(told: list[retelling.Telling], kind: Drop | None) -> list[retelling.Telling]:
    for telling in told:
        telling.candidates[0].dropped = genre.why_no_news(telling.event, telling.candidates[0], kind)
    return [telling for telling in told if telling.candidates[0].dropped is None]


def _reading(passage: Passage, sentence: Sentence) -> Reading:
    if len(sentence) > MAX_SENTENCE_TOKENS:
        return Reading(passage, sentence, (), Drop.NO_SENTENCE)
    return Reading(passage, sentence, tuple(in_sentence(sentence)))


def in_sentence(sentence: Sentence) -> list[Candidate]:
    """The candidates of a sentence in text order, those that give no event with the reason in ``dropped``."""
    mend.mend(sentence)
    found = triggers.find(sentence)
    asked = sentence.text.rstrip().endswith("?")
    kept: list[Candidate] = []
    for candidate in found:
        candidate.dropped = Drop.QUESTION if asked else _why_none(candidate)
        if candidate.dropped is None:
            _keep(candidate, kept)
    kept.sort(key=lambda c: (-c.strength, c.anchor.i))
    for candidate in kept[MAX_EVENTS_A_SENTENCE:]:
        candidate.dropped = Drop.TOO_MANY
    return sorted(found, key=lambda c: c.anchor.i)


def _why_none(candidate: Candidate) -> Drop | None:
    """Sets the flags and applies the rules of the manual; the reason where they leave no event."""
    if candidate.type == NO_EVENT or (candidate.mode == "phone" and saying.is_opening(candidate)):
        return Drop.NO_EVENT  # "Calling Kenya a partner, the minister said"
    flags.set_flags(candidate)
    if not collapse.settle(candidate):
        return Drop.UNREAL
    return plausible.why_no_news(candidate)


def _keep(candidate: Candidate, kept: list[Candidate]) -> None:
    """Adds the candidate, unless the sentence has told its event already; of two, the one with an actor stays."""
    twin = next((k for k in kept if _same(k, candidate)), None)
    if twin is None:
        kept.append(candidate)
    elif not twin.actors and candidate.actors:
        twin.dropped = Drop.TOLD_TWICE
        kept[kept.index(twin)] = candidate
    else:
        candidate.dropped = Drop.TOLD_TWICE
        twin.recipients = twin.recipients or [t for t in candidate.recipients if t not in twin.actors]


def _same(first: Candidate, second: Candidate) -> bool:
    """Whether two candidates of a sentence tell one event: equal type, and no two different actors or recipients."""
    if first.type != second.type or first.negated != second.negated:
        return False
    if _other_meeting(first, second) or _other_deed(first, second) or _turned(first, second):
        return False
    return _compatible(first.actors, second.actors) and (
        _compatible(first.recipients, second.recipients)
        or (first.type == "ASSAULT" and first.mode not in CRUEL_MODES and second.mode not in CRUEL_MODES)
    )


def _turned(first: Candidate, second: Candidate) -> bool:
    """Whether who suffers the one did the other: "was hanged for killing a guard"."""
    return any(t in second.recipients for t in first.actors) or any(t in second.actors for t in first.recipients)


def _other_deed(first: Candidate, second: Candidate) -> bool:
    """Whether two joined verbs have an object each: "dissolved parliament and shut the borders"."""
    held = (first.object_head, second.object_head)
    joined = second.anchor in first.anchor.conjuncts and tree.is_verb(second.anchor)
    return first.type not in ("ASSAULT", "CONSULT") and joined and None not in held and held[0] != held[1]


def _other_meeting(first: Candidate, second: Candidate) -> bool:
    """Whether two verbs tell of meetings with different parties: "visited Riyadh and met the king"."""
    if first.type != "CONSULT" or not (tree.is_verb(first.anchor) and tree.is_verb(second.anchor)):
        return False
    sides = [{t.i for t in (*one.actors, *one.recipients)} for one in (first, second)]
    return not (sides[0] <= sides[1] or sides[1] <= sides[0])


def _compatible(first: list[Token], second: list[Token]) -> bool:
    return not first or not second or bool({t.i for t in first} & {t.i for t in second})


def _hear(around: _Surroundings, sentence: Sentence) -> None:
    """Keeps in mind in which interview or statement the next sentences are said."""
    date = time.speech_situation(sentence.root, around.dated)
    subject = time.subject_of(sentence.root)
    if date is not None:
        around.speech, around.speaker = date, subject
    elif subject is not None and not time.same_speaker(around.speaker, subject):
        around.speech = None


def _telling(candidate: Candidate, around: _Surroundings) -> retelling.Telling | None:
    """The event of a candidate; None, with the reason in ``dropped``, where it gives none."""
    if candidate.dropped is not None:
        return None
    passage, mentions, article = around.passage, around.mentions, around.article
    sentence = candidate.sentence
    actors = tuple(participants.participant(t, passage, mentions, around.person) for t in candidate.actors)
    if not plausible.is_official_visit(candidate, actors):
        candidate.dropped = Drop.TRAVELLER
        return None
    found_date = time.nearest(candidate, around.dated, article)
    if time.is_to_come(candidate, found_date, article):
        collapse.put_off(candidate)
    moment, date_text, source = time.when(candidate, found_date, _carried_date(candidate, around), article)
    old = unreal.is_of_old(candidate)
    if old and date_text is None:
        moment, source = None, None
    found, others, reason = place.where(candidate, passage, mentions, article)
    harm = casualties.counts(candidate) if candidate.type in HARMFUL else {}
    speaker = pronouns.attributed_to(candidate.anchor)
    figures = scale(candidate.type, candidate.mode)
    event = Event(
        event_id="",
        type=event_type(candidate.type),
        modes=(candidate.mode,) if candidate.mode else (),
        quad=figures.quad,
        intensity=figures.intensity,
        cameo=cameo.code_of(candidate, actors),
        trigger=passage.span(*_trigger_bounds(candidate)),
        evidence=passage.span(*_trimmed(sentence)),
        other_evidence=(),
        actors=actors,
        recipients=tuple(participants.participant(t, passage, mentions, around.person) for t in candidate.recipients),
        date=moment,
        date_text=date_text,
        date_source=source,
        place=found,
        other_places=others,
        place_reason=reason,
        negated=candidate.negated,
        future=candidate.future,
        hypothetical=candidate.hypothetical,
        historical=old or time.is_historical(moment, article),
        attributed_to=participants.participant(speaker, passage, mentions) if speaker is not None else None,
        dead=harm.get("dead") if candidate.type == "ASSAULT" else None,
        injured=harm.get("injured") if candidate.type in ("ASSAULT", "PROTEST") else None,
        arrested=harm.get("arrested") if candidate.type in ("COERCE", "PROTEST") else None,
        contexts=(),
        cluster_key=None,
        confidence=candidate.strength,
    )
    lemma = " ".join(word.lemma_.lower() for word in candidate.words)
    return retelling.Telling(contexts.added(event, around.cues), lemma, (candidate,))


def _carried_date(candidate: Candidate, around: _Surroundings) -> ResolvedDate | None:
    """The date of the interview or statement in which the actor of a verbal event says it."""
    if around.speech is None or candidate.type not in VERBAL_TYPES or not candidate.actors:
        return None
    return around.speech if time.same_speaker(around.speaker, candidate.actors[0]) else None


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
