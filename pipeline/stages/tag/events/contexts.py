"""In what context an event happened (PLOVER's 37): by the words around it, its mode and who takes part.

Source: ``data/contexts.tsv``. A sign of it stands in the sentence, or at least three elsewhere in the paragraph; so it
says what the report is about, not why the event happened. Who only tells it is no sign. Precision goes first: at most
four.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Token

from pipeline.model import Event
from pipeline.stages.tag.events import pronouns
from pipeline.stages.tag.events.lexicon import PUBLIC_BODIES, rows
from pipeline.stages.tag.events.participants import Mentions
from pipeline.stages.tag.passage import Passage

MOST = 4
BY_DEED, BY_SENTENCE, BY_PARAGRAPH, ENOUGH = 6, 3, 1, 3
NO_CONTEXT = "-"
NAMES = frozenset({"PERSON", "GPE", "LOC", "FAC"})
ARMED_NOT_STATE = frozenset({"REB", "PRM", "CRM", "UAF"})
VERBAL = frozenset({"CONSULT", "AGREE", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "SANCTION"})
# What is more specific than crime (PLOVER manual).
CRIMES = frozenset({"trafficking", "corruption", "illegal_drugs"})
BETWEEN_WORDS = frozenset({"-", "–", "'", "’"})

Phrases = dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase of the table in the text: code point in its field, and a context that it is a sign of."""

    start: int
    context: str


def cues(passage: Passage, mentions: Mentions) -> tuple[Cue, ...]:
    """The signs of contexts in a paragraph, in text order."""
    words = list(_words(passage.doc))
    found: list[Cue] = []
    at = 0
    while at < len(words):
        length, contexts = _longest(words, at)
        token = words[at + length - 1][0]
        if contexts and not (length == 1 and token.ent_type_ in NAMES) and not _tells(token):
            of_rebels = _armed_not_state(token, passage, mentions)
            signs = [c for c in contexts if c != NO_CONTEXT and not (of_rebels and c == "military")]
            found += [Cue(passage.start + token.idx, context) for context in signs]
        at += length
    return tuple(found)


def _tells(token: Token) -> bool:
    """Whether the word is in the name of the source: "the army said", "according to the military"."""
    for _ in range(4):
        head = token.head
        if token.dep_ == "nsubj":
            return pronouns.is_saying(head)
        if token.dep_ == "pobj" and head.lower_ == "to" and head.head.lower_ == "according":
            return True
        if token.dep_ not in ("compound", "amod", "poss", "conj", "nmod", "pobj", "prep", "appos"):
            return False
        token = head
    return False


def added(event: Event, around: Sequence[Cue]) -> Event:
    """The event with its contexts, the surest first; ``around`` are the cues of its paragraph."""
    weights: Counter[str] = Counter()
    for key in _deeds(event):
        for context in _table()[1].get(key, ()):
            weights[context] += BY_DEED
    if _between_states(event):
        weights["diplomatic"] += BY_DEED
    for cue in around:
        inside = event.evidence.start <= cue.start < event.evidence.end
        weights[cue.context] += BY_SENTENCE if inside else BY_PARAGRAPH
    if CRIMES & weights.keys():
        del weights["crime"]
    if _of_companies(event):
        del weights["economic"]
    likely = sorted((-weight, context) for context, weight in weights.items() if weight >= ENOUGH)
    return replace(event, contexts=tuple(context for _, context in likely[:MOST]))


def _deeds(event: Event) -> Iterator[str]:
    """The keys of the table that are no words: mode, and sectors of those who take part."""
    yield from (f"@{event.type}/{mode}" for mode in event.modes)
    yield from {f"@{p.sector}" for p in (*event.actors, *event.recipients) if p.sector}


def _between_states(event: Event) -> bool:
    """Whether governments of different countries deal with each other in words."""
    parties = (*event.actors, *event.recipients)
    states = {p.country for p in parties if p.country and (p.sector == "GOV" or p.country in PUBLIC_BODIES)}
    return event.type in VERBAL and len(states) > 1


def _of_companies(event: Event) -> bool:
    parties = (*event.actors, *event.recipients)
    return bool(parties) and all(p.sector == "BUS" or p.country == "MNC" for p in parties)


def _armed_not_state(token: Token, passage: Passage, mentions: Mentions) -> bool:
    index = mentions.at(token, passage)
    return index is not None and mentions.entities[index].sector in ARMED_NOT_STATE


def _words(tokens: Iterable[Token]) -> Iterator[tuple[Token, frozenset[str]]]:
    """The words with the forms under which the table may have them; without hyphens and apostrophes."""
    for token in tokens:
        text = token.lower_.replace("’s", "'s")
        if text in BETWEEN_WORDS or token.is_space:
            continue
        if "-" in text:
            yield from ((token, frozenset({part})) for part in text.split("-") if part)
        else:
            yield token, frozenset({text, token.lemma_.lower(), text.removesuffix("s")})


def _longest(words: Sequence[tuple[Token, frozenset[str]]], at: int) -> tuple[int, tuple[str, ...]]:
    """The words that the longest phrase here covers, and its contexts; one word and none where there is no phrase."""
    best: tuple[int, tuple[str, ...]] = (1, ())
    phrases = _table()[0]
    for form in words[at][1]:
        for rest, contexts in phrases.get(form, ()):
            following = words[at + 1 : at + 1 + len(rest)]
            longer = len(rest) >= best[0] or not best[1]
            if (
                longer
                and len(following) == len(rest)
                and all(w in forms for w, (_, forms) in zip(rest, following, strict=True))
            ):
                best = (len(rest) + 1, contexts)
    return best


@cache
def _table() -> tuple[Phrases, dict[str, tuple[str, ...]]]:
    """The phrases by their first word, and the contexts of modes and sectors."""
    contexts: defaultdict[str, list[str]] = defaultdict(list)
    for context, phrase in rows("contexts.tsv"):
        contexts[phrase].append(context)
    first: defaultdict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for phrase, found in contexts.items():
        word, *rest = phrase.split(" ")
        first[word].append((tuple(rest), tuple(found)))
    keys = {phrase: tuple(found) for phrase, found in contexts.items() if phrase.startswith("@")}
    return {word: tuple(phrases) for word, phrases in first.items()}, keys
