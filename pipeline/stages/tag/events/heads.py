"""What a noun phrase is about: the forms a class may list it under, and the nouns its meaning lies in."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from pipeline.stages.tag.events import tree
from pipeline.stages.tag.events.lexicon import lexicon

# Labels of names of places.
PLACES = frozenset({"GPE", "LOC", "FAC"})
# Tags of what is no noun but may head one: "any of the hostages", "the last of the rebels".
PART_TAGS = frozenset({"DT", "JJ", "JJS", "PDT"})


def noun_keys(noun: Token) -> Iterator[str]:
    """The forms under which a class may list a noun: lemma, with its modifier before it, "state of siege"."""
    lemma = noun.lemma_.lower()
    yield lemma
    yield noun.lower_
    yield noun.lower_.removesuffix("s")  # names and headlines are not lemmatised
    before = [t for t in tree.children(noun, "compound", "amod", "nmod", "poss", "nummod") if t.i < noun.i]
    for t in before:
        yield f"{t.lemma_.lower()} {lemma}"
        yield f"{t.lower_} {lemma}"
        if t.i > 1 and t.nbor(-1).text == "-":
            yield f"{t.nbor(-2).lower_}-{t.lower_} {lemma}"
    if noun.pos_ == "PROPN":
        known = lexicon().classes["TITLE_NOUN"]
        titles = [t.lower_ for t in before if t.dep_ in ("compound", "nmod") and t.lower_ in known]
        yield from titles  # "President Park" is a president
        if titles[-2:] == ["prime", "minister"]:
            yield "prime minister"
    if noun.i and noun.nbor(-1).text == "-" and noun.i > 1:
        yield f"{noun.nbor(-2).lower_}-{lemma}"
    if len(before) > 1:
        yield " ".join([t.lower_ for t in before[-2:]] + [lemma])
    for prep in tree.children(noun, "prep"):
        if prep.lower_ == "of":
            for t in tree.children(prep, "pobj"):
                yield f"{lemma} of {t.lower_}"


def whole(part: Token) -> Token:
    """The noun that "any of", "the last of", "some of" takes its part of; any other token is itself."""
    if (
        part.tag_ in PART_TAGS
        or part.ent_type_ == "MONEY"
        or part.lower_ in ("all", "none", "most", "many", "several", "both", "few")
    ):
        for prep in tree.children(part, "prep"):
            inside = tree.children(prep, "pobj") if prep.lower_ == "of" else []
            if inside:
                return inside[0]
    return part


def content_nouns(noun: Token) -> list[Token]:
    """The noun and those its meaning may lie in: "a series of attacks", "talks and meetings"."""
    found = tree.with_conjuncts(whole(noun))
    for head in list(found):
        for prep in tree.children(head, "prep"):
            if prep.lower_ in ("of", "in") and head.lemma_.lower() in lexicon().classes["LIGHT_NOUN"]:
                for t in tree.children(prep, "pobj"):
                    found += tree.with_conjuncts(t)
    return found
