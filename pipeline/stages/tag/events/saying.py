"""Who speaks beside a verb of saying: "Fox said growth was weak and blamed Paris", "Attacking Fox, he said"."""

from __future__ import annotations

from spacy.tokens import Token

from pipeline.stages.tag.events import arguments, lemmas, matching, tree, voice
from pipeline.stages.tag.events.candidate import Candidate

SPOKEN = frozenset({"ACCUSE", "AGREE", "REJECT", "REQUEST", "SUPPORT", "THREATEN"})


def speaker_of_joined(verb: Token, category: str) -> list[Token]:
    """The speaker, where the verb is joined to what he says: "*Fox* said growth was weak and accused Paris of lying".

    [] where what is said is a speech act itself: "Fox said Paris rejected the plan and accused him" may be either.
    """
    said = verb.head
    joined = verb.dep_ == "conj" and not tree.children(verb, "nsubj", "nsubjpass", "aux") and said.dep_ == "ccomp"
    if not joined or category not in SPOKEN or not _says(said.head) or said.head.i > said.i:
        return []
    if said.tag_ not in ("VBD", "VBN") or verb.tag_ not in ("VBD", "VBN") or matching.category_of_verb(said) in SPOKEN:
        return []
    return arguments.expand(voice.subjects(said.head))


def is_opening(candidate: Candidate) -> bool:
    """Whether the verb opens a statement: "Attacking the minister, Fox said he had lied"."""
    verb = candidate.anchor
    return verb.dep_ == "advcl" and verb.tag_ == "VBG" and _says(verb.head) and verb.i < verb.head.i


def _says(verb: Token) -> bool:
    return tree.is_verb(verb) and "say" in lemmas.effects(verb)
