"""Words that the lexicon knows and that yet tell of nothing: what was missing. For people who edit the lexicon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.stages.tag.events import matching, nominals, tree, voice
from pipeline.stages.tag.events.candidate import Reading
from pipeline.stages.tag.events.lexicon import Condition, Trigger, lexicon

USED_UP = "the word lies within what another word tells"
NO_CLAUSE = "the verb is used as an adjective, a noun or a preposition"
ALONE = "nothing beside the noun says who did it, or to whom and when"


@dataclass(frozen=True, slots=True)
class Miss:
    """A line of the lexicon that names this word and was not taken, and why; ``met`` conditions were met before."""

    word: Token
    rule: Trigger
    reason: str
    met: int


def misses(reading: Reading) -> Iterator[Miss]:
    """Each line that names a word of the sentence which is part of no candidate, in text order."""
    told = {word.i for candidate in reading.candidates for word in candidate.words}
    for token in reading.sentence:
        if token.i in told:
            continue
        if tree.is_verb(token):
            yield from _of_verb(token)
        elif token.pos_ == "ADJ":
            yield from _of_adjective(token)
        elif token.pos_ in ("NOUN", "PROPN"):
            yield from _of_noun(token, reading)


def nearest(found: list[Miss]) -> list[Miss]:
    """Of each word the line that came nearest: the most conditions met, the fewest left, the first in the lexicon."""
    best: dict[int, Miss] = {}
    for miss in found:
        before = best.get(miss.word.i)
        if before is None or _nearness(miss) > _nearness(before):
            best[miss.word.i] = miss
    return list(best.values())


def _nearness(miss: Miss) -> tuple[int, int]:
    return miss.met, -len(miss.rule.conditions)


def _of_verb(verb: Token) -> Iterator[Miss]:
    held = voice.objects(verb)
    for rule, _ in matching.verb_lines(verb):
        if not matching.is_event_verb(verb):
            yield Miss(verb, rule, NO_CLAUSE, 0)
        else:
            unmet = matching.first_unmet(verb, held[0] if held else None, rule.conditions)
            yield _miss(verb, rule, unmet, USED_UP)


def _of_adjective(word: Token) -> Iterator[Miss]:
    for rule in lexicon().triggers.get(("A", word.lemma_.lower()), ()):
        yield _miss(word, rule, matching.first_unmet(word, None, rule.conditions), USED_UP)


def _of_noun(noun: Token, reading: Reading) -> Iterator[Miss]:
    for rule in matching.noun_lines(noun):
        unmet = matching.noun_unmet(noun, rule)
        whole = ALONE if unmet is None and nominals.from_noun(noun, reading.sentence) is None else USED_UP
        yield _miss(noun, rule, unmet, whole)


def _miss(word: Token, rule: Trigger, unmet: Condition | None, whole: str) -> Miss:
    if unmet is None:
        return Miss(word, rule, whole, len(rule.conditions))
    return Miss(word, rule, f"not met: {unmet.text}", rule.conditions.index(unmet))
