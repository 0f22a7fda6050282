"""How the sentences of an article were read, in plain words: each candidate, its line of the lexicon, its fate.

In: the coding of an article. Out: lines of text. Nothing is coded again here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from pipeline.model import Event, Moment, Participant
from pipeline.stages.tag.events import confidence, near, phrases
from pipeline.stages.tag.events.candidate import MEANING, Candidate, Coding, Drop, Reading

MAX_NEAR = 5


def lines(coding: Coding, *, everything: bool = False) -> Iterator[str]:
    """The explanation of an article, sentence by sentence; ``everything``: all lines that did not fit."""
    for reading in coding.readings:
        text = reading.passage.span(reading.sentence.start_char, reading.sentence.end_char).text
        yield f"{reading.passage.field}: {' '.join(text.split())}"
        if reading.dropped is not None:
            yield f"  not read: {reading.dropped}, {MEANING[reading.dropped]}"
            continue
        for candidate in reading.candidates:
            yield from _candidate(candidate, reading)
        yield from _near(reading, everything=everything)
        yield ""


def _candidate(candidate: Candidate, reading: Reading) -> Iterator[str]:
    told = candidate.event if candidate.dropped is None else None
    yield f"  {'event' if told else 'no event'}: {_kind(candidate.type, candidate.mode)}, told by {_words(candidate)}"
    if candidate.dropped is not None:
        yield f"    dropped: {candidate.dropped}, {MEANING[candidate.dropped]}"
    if candidate.dropped is Drop.RETOLD and candidate.event is not None:
        yield f"    see: {' '.join(candidate.event.evidence.text.split())}"
    yield f"    line: {candidate.rule.line}"
    before, after = _kind(candidate.rule.type, candidate.rule.mode), _kind(candidate.type, candidate.mode)
    if before != after:
        yield f"    rules: {before} became {after}"
    if told is not None:
        yield from _event(told)
    else:
        yield from _unborn(candidate, reading)
    if candidate.features and candidate.event is not None:
        yield f"    confidence: {candidate.event.confidence} = {_weights(candidate)}"


def _unborn(candidate: Candidate, reading: Reading) -> Iterator[str]:
    """What was known when it was dropped."""
    yield from _named("actors", (_phrase(t, reading) for t in candidate.actors))
    yield from _named("recipients", (_phrase(t, reading) for t in candidate.recipients))
    yield from _named("flags", (name for name in ("negated", "future", "hypothetical") if getattr(candidate, name)))
    yield from _named("noted", sorted(candidate.notes))


def _event(event: Event) -> Iterator[str]:
    yield from _named("actors", map(_participant, event.actors))
    yield from _named("recipients", map(_participant, event.recipients))
    flags = ("negated", "future", "hypothetical", "historical")
    yield from _named("flags", (name for name in flags if getattr(event, name)))
    stated = f', "{event.date_text.text}"' if event.date_text else ""
    if event.date is not None:
        yield f"    date: {_moment(event.date)} ({event.date_source}{stated})"
    place = event.place.name or event.place.text if event.place else "none"
    yield f"    place: {place}" + (f" ({event.place_reason})" if event.place_reason else "")
    if event.attributed_to is not None:
        yield f"    says: {_participant(event.attributed_to)}"
    counts = ("dead", "injured", "arrested")
    yield from _named("counted", (f"{name} {n.text}" for name in counts if (n := getattr(event, name))))
    yield from _named("contexts", event.contexts)
    yield from _named("codes", filter(None, (event.cameo, event.cluster_key)))
    for span in event.other_evidence:
        yield f"    told again: {' '.join(span.text.split())}"


def _weights(candidate: Candidate) -> str:
    """What the confidence is made of: each feature with what it adds before the sum is mapped to 0 to 1."""
    weights = confidence.weights()
    parts = {"base": weights["base"]} | {name: weights.get(name, 0) * f for name, f in candidate.features.items()}
    return ", ".join(f"{name} {part:+.1f}" for name, part in parts.items() if round(part, 1))


def _near(reading: Reading, *, everything: bool) -> Iterator[str]:
    found = list(near.misses(reading))
    if not everything:
        found = near.nearest(found)[:MAX_NEAR]
    for miss in found:
        yield f"  not taken: {miss.word.text}: {miss.rule.line}: {miss.reason}"


def _named(name: str, values: Iterable[str]) -> Iterator[str]:
    text = "; ".join(values)
    if text:
        yield f"    {name}: {text}"


def _kind(type_: str, mode: str | None) -> str:
    return f"{type_}/{mode}" if mode else type_


def _words(candidate: Candidate) -> str:
    return '"' + " ".join(word.text for word in candidate.words) + '"'


def _phrase(head: Token, reading: Reading) -> str:
    return reading.passage.span(*phrases.bounds(head)).text


def _participant(who: Participant) -> str:
    known = " ".join(filter(None, (who.name if who.name != who.text else None, who.country, who.sector)))
    return f"{who.text} [{known}]" if known else who.text


def _moment(moment: Moment) -> str:
    return f"{moment.at:%Y-%m-%d} {moment.precision}"
