"""What verb a word is: its particle, its hyphen, and a lemma that the lexicon knows where the model's is not."""

from __future__ import annotations

import re

from spacy.tokens import Token

from pipeline.stages.tag.events import tree
from pipeline.stages.tag.events.lexicon import lexicon

# Particles that the parser may take for prepositions: "pulled its soldiers out of".
PARTICLES = frozenset({"out", "off", "back", "away", "down"})
# Verbs that would double their last letter: "rap, rapped"; "raped" is of "rape".
DOUBLING = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")
# Past tenses that the model does not know.
IRREGULAR = {
    "forgave": "forgive",
    "forswore": "forswear",
    "overflew": "overfly",
    "overrode": "override",
    "rebuilt": "rebuild",
    "retook": "retake",
    "spat": "spit",
}


def lemma_of(verb: Token) -> str:
    """The verb's lemma, its e mended: the model drops it from "fined" and "hopes", adds one to "rearrested"."""
    form = verb.lower_
    lemma = IRREGULAR.get(form, str(verb.lemma_).lower())
    verbs = lexicon().triggers
    if ("V", lemma) not in verbs:
        found = next((stem for stem in _stems(lemma) if ("V", stem) in verbs), None)
        if found:
            return found
    if form in (f"{lemma}ed", f"{lemma}ing", f"{lemma}es"):
        known = ("V", lemma) in verbs and not DOUBLING.fullmatch(lemma)
        if ("V", f"{lemma}e") in verbs and not known:
            return f"{lemma}e"
        if (f"{lemma}e", "V") in lexicon().governors and DOUBLING.fullmatch(lemma):
            return f"{lemma}e"
    return lemma


def effects(verb: Token) -> frozenset[str]:
    """What the verb does to an event below it (``governors.tsv``)."""
    table, lemma = lexicon().governors, lemma_of(verb)
    near = [t.lower_ for t in tree.children(verb, "prt", "dobj", "advmod", "acomp")]  # "break out", "take place"
    near += [f"under {t.lower_}" for t in tree.prepositions(verb, ("under",))]
    for word in near:
        found = table.get((f"{lemma} {word}", "V"))
        if found:
            return found
    return table.get((lemma, "V"), frozenset())


def hyphened(verb: Token) -> tuple[str, ...]:
    """The lemma with what a hyphen joins to it, which the tokenizer splits: "co-operate", "booby-trap"."""
    joined = verb.i > 1 and verb.nbor(-1).text == "-" and not verb.nbor(-1).whitespace_
    if not joined:
        return ()
    lemma = lemma_of(verb)
    return tuple(f"{verb.nbor(-2).lower_}-{stem}" for stem in (lemma, *_stems(lemma)))


def words_of(verb: Token, lemma: str) -> list[Token] | None:
    """The tokens of a verb and its particle ("call off", "set free"), or None."""
    _, *rest = lemma.split(" ")
    words = [verb]
    for word in rest:
        near = [t for t in verb.children if word in (t.lower_, t.lemma_.lower())]
        near = [t for t in near if t.dep_ != "prep" or t.i == verb.i + 1 or word in PARTICLES]
        if not near and verb.i + 1 < len(verb.doc) and verb.nbor(1).lower_ == word:
            near = [verb.nbor(1)]
        if not near:
            return None
        words.append(near[0])
    particles = [t for t in tree.children(verb, "prt") if t not in words]
    return None if particles else words


def _stems(lemma: str) -> list[str]:
    """What a lemma that nobody knows may stand for: "rearreste", "gutte", "extoll", "instal", "jeered", "decreed"."""
    stems = [lemma[:-1]] if lemma.endswith("e") or lemma[-1:] == lemma[-2:-1] else [lemma + lemma[-1]]
    if lemma.endswith("ie"):
        stems.append(f"{lemma[:-2]}y")
    if lemma.endswith("ed"):
        stems += [lemma[:-2], lemma[:-1]]
    if lemma.endswith("e") and lemma[-2:-1] == lemma[-3:-2]:
        stems.append(lemma[:-2])
    return stems
