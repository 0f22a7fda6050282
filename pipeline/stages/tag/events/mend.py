"""Puts right in the parse what the model reads wrong again and again, so that no rule has to know of it."""

from __future__ import annotations

import calendar
from functools import cache

from spacy.tokens import Span as Sentence
from spacy.tokens import Token

from pipeline.stages.tag.events import tree
from pipeline.stages.tag.events.lexicon import lexicon

DAYS = frozenset(day.lower() for day in calendar.day_name)


def mend(sentence: Sentence) -> None:
    """Changes the parse where it is often wrong: purposes, particles, days as subjects, verbs as nouns, objects."""
    for token in sentence:
        _take_day_off(token)
        if token.lower_ == "shot" and token.tag_ == "NN" and tree.children(token, "nsubj"):
            token.tag_, token.lemma_ = "VBD", "shoot"  # "gunmen on Monday shot and killed"
        if token.dep_ == "advcl" and (_is_complement(token) or _follows_particle(token)):
            tree.relabelled(token, "xcomp")
        elif token.dep_ == "npadvmod" and _is_object(token):
            tree.relabelled(token, "dobj")
        elif token.dep_ == "prt" and token.lower_ == "on" and tree.children(token, "pobj"):
            tree.relabelled(token, "prep")  # "called on Catholics to boycott"
        elif token.dep_ == "prep" and token.lower_ == "on":
            _free_object(token)
        elif token.dep_ == "prep" and token.lower_ == "as" and tree.is_verb(token.head):
            _part_from_object(token)


def _part_from_object(preposition: Token) -> None:
    """Parts "dismissed as absurd | the claims", which is read as one phrase, when the verb has no other object."""
    verb = preposition.head
    if tree.children(verb, "dobj", "nsubjpass", "auxpass"):
        return
    for noun in tree.children(preposition, "pobj"):
        articles = [t.i for t in tree.children(noun, "det", "poss")]
        called = [t for parent in (noun, preposition) for t in tree.children(parent, "amod")]
        before = [t for t in called if articles and preposition.i < t.i < min(articles)]
        if before:
            tree.moved(noun, verb, "dobj")
            for word in before:
                tree.moved(word, preposition, "amod")


def _follows_particle(clause: Token) -> bool:
    """Whether a gerund stands right after the particle of its verb: "ruled out sending troops"."""
    before = clause.doc[clause.i - 1] if clause.i else clause
    return clause.tag_ == "VBG" and before.dep_ == "prt" and bool(before.head == clause.head)


def _is_object(noun: Token) -> bool:
    """Whether a noun right after the particle of its verb is the object: "locked up 40 dissidents"."""
    first = min(t.i for t in noun.subtree)
    before = noun.doc[first - 1] if first > noun.sent.start else noun
    after_particle = before.dep_ == "prt" and bool(before.head == noun.head)
    return after_particle and noun.ent_type_ not in ("DATE", "TIME") and not tree.children(noun.head, "dobj")


def _take_day_off(day: Token) -> None:
    """Makes the name before a day the subject that it is: "Kenya Monday ruled out talks", "John Howard Friday said"."""
    if day.lower_ not in DAYS or day.dep_ not in ("nsubj", "nsubjpass", "npadvmod") or not tree.is_verb(day.head):
        return
    verb, name = day.head, day.nbor(-1) if day.i > day.sent.start else day
    if name.head != day or name.pos_ not in ("NOUN", "PROPN"):
        return
    if day.dep_ == "npadvmod" and tree.children(verb, "nsubj", "nsubjpass"):
        return
    for child in [t for t in day.children if t.i < name.i]:
        tree.moved(child, name, child.dep_)
    tree.moved(name, verb, "nsubjpass" if tree.children(verb, "auxpass") else "nsubj")
    tree.relabelled(day, "npadvmod")


def _free_object(on: Token) -> None:
    """Gives the verb back the object that was read as part of a date: "welcomed on Friday Iran's decision"."""
    verb, first = on.head, on.i + 1
    if verb.i != on.i - 1 or not tree.is_verb(verb) or first >= on.sent.end or on.doc[first].lower_ not in DAYS:
        return
    for noun in tree.children(on, "pobj"):
        if noun.i > first and not tree.children(verb, "dobj"):
            tree.moved(noun, verb, "dobj")
            tree.moved(on.doc[first], on, "pobj")


def _is_complement(clause: Token) -> bool:
    """Whether an infinitive after a date says what is meant: "threatened on Friday to impose sanctions"."""
    verb = clause.head
    if clause.tag_ != "VB" or clause.i < verb.i or verb.lemma_.lower() not in _with_infinitive():
        return False
    first = min(t.i for t in clause.subtree)
    dated = clause.doc[first].lower_ == "to" and clause.doc[first - 1].ent_type_ in ("DATE", "TIME")
    return dated and not tree.children(verb, "xcomp", "ccomp", "dobj")


@cache
def _with_infinitive() -> frozenset[str]:
    """The verbs of the lexicon that have an infinitive: "agree to", "threaten to"."""
    lines = lexicon().triggers.items()
    return frozenset(
        lemma
        for (pos, lemma), found in lines
        if pos == "V" and any(c.key in ("xcomp", "clause") and not c.words for t in found for c in t.conditions)
    )
