"""Puts right in the parse what the model reads wrong again and again, so that no rule has to know of it."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Span as Sentence
from spacy.tokens import Token

from pipeline.stages.tag.events import tree
from pipeline.stages.tag.events.lexicon import lexicon


def mend(sentence: Sentence) -> None:
    """Changes labels of the sentence: complements read as purposes, prepositions as particles, verbs as nouns."""
    for token in sentence:
        if token.lower_ == "shot" and token.tag_ == "NN" and tree.children(token, "nsubj"):
            token.tag_, token.lemma_ = "VBD", "shoot"  # "gunmen on Monday shot and killed"
        if token.dep_ == "advcl" and _is_complement(token):
            tree.relabelled(token, "xcomp")
        elif token.dep_ == "prt" and token.lower_ == "on" and tree.children(token, "pobj"):
            tree.relabelled(token, "prep")  # "called on Catholics to boycott"


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
