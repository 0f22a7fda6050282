"""What is told and did not happen: the plot of a film, a figure of speech, what is older than a newspaper."""

from __future__ import annotations

import re

from spacy.tokens import Token

from pipeline.stages.tag.events import heads, tree
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.lexicon import lexicon

# Categories that a plot tells of; critics accuse and praise films in earnest.
TOLD_TYPES = frozenset({"ASSAULT", "COERCE", "THREATEN", "RETREAT", "SANCTION", "PROTEST", "MOBILIZE"})
CONTESTS = frozenset({"battle", "fight", "struggle", "war"})
OF_OLD = re.compile(
    r"\b(?:centur(?:y|ies)|generations?) (?:ago|earlier|later|before)\b|\b(?:in|during|of) the [\w-]+ century\b",
    re.IGNORECASE,
)


def is_fiction(candidate: Candidate) -> bool:
    """Whether the sentence tells a plot: "In the film, ...", "The novel tells of ..."."""
    root = candidate.sentence.root
    told = [t for t in tree.children(root, "nsubj") if root.tag_ in ("VBZ", "VBP")]
    told += [t for t in tree.prepositions(root, ("in", "In")) if t.i - candidate.sentence.start <= 4]
    works = {t.i for noun in told for t in (noun, *_of(noun)) if t.lemma_.lower() in lexicon().classes["FICTION_NOUN"]}
    return bool(works) and not works & {t.i for t in (*candidate.actors, *candidate.recipients)}


def _of(noun: Token) -> list[Token]:
    return tree.prepositions(noun, ("of",))


def is_figurative(candidate: Candidate) -> bool:
    """Whether nobody can be hurt by it: "an attack on costs", "a battle to hold the party together"."""
    if candidate.type != "ASSAULT":
        return False
    abstract = lexicon().classes["ABSTRACT_NOUN"]
    if candidate.recipients and all(set(heads.noun_keys(t)) & abstract for t in candidate.recipients):
        return True
    contests = [t for t in candidate.words if t.lemma_.lower() in CONTESTS and t.pos_ == "NOUN"]
    return any(clause.tag_ == "VB" for noun in contests for clause in tree.children(noun, "acl", "relcl", "xcomp"))


def is_of_old(candidate: Candidate) -> bool:
    """Whether the sentence speaks of centuries past."""
    return OF_OLD.search(candidate.sentence.text) is not None
