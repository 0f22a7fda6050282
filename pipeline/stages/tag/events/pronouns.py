"""Whom a pronoun stands for, in the simple cases, and who speaks."""

from __future__ import annotations

from collections.abc import Callable

from spacy.tokens import Token

from pipeline.model import EntityType
from pipeline.stages.tag.events import tree, voice
from pipeline.stages.tag.events.lexicon import lexicon

PLURALS = frozenset({"they", "them", "their", "themselves"})
PERSONS = frozenset({"he", "him", "his", "himself", "she", "her", "herself"})
SPEAKERS = frozenset({"i", "we", "me", "us"})
NO_PERSONS = frozenset({"GPE", "NORP", "ORG", "LOC", "FAC", "DATE"})

FAR_TOKENS = 150

Kind = Callable[[Token], EntityType | None]


def _unknown(token: Token) -> EntityType | None:
    return None


def antecedent(pronoun: Token, kind: Kind = _unknown) -> Token | None:
    """The noun a personal pronoun stands for: the last subject of a matching kind shortly before it."""
    for token in reversed(list(pronoun.doc[max(0, pronoun.i - FAR_TOKENS) : pronoun.i])):
        subject = token.dep_ in ("nsubj", "nsubjpass") and token.pos_ in ("PROPN", "NOUN")
        if subject and _agrees(token, pronoun.lower_, kind(token)):
            return token
    return None


def meant_here(token: Token) -> list[Token]:
    """Whom the token stands for if it is a pronoun: the noun in its own sentence ("police said they had seized")."""
    noun = antecedent(token) if token.pos_ == "PRON" else None
    return [noun] if noun is not None and noun.sent == token.sent else []


def _agrees(noun: Token, pronoun: str, kind: EntityType | None) -> bool:
    plural = noun.tag_ in ("NNS", "NNPS") or any(t.dep_ == "conj" for t in noun.children)
    if pronoun in PLURALS:
        return plural or noun.lower_ == "police"
    if plural:
        return False
    if pronoun in PERSONS:
        name = noun.pos_ == "PROPN" and noun.ent_type_ not in NO_PERSONS and kind in (None, EntityType.PERSON)
        return name or kind is EntityType.PERSON or noun.lemma_.lower() in lexicon().roles
    return pronoun == "it" and (noun.ent_type_ in ("GPE", "ORG", "") and kind is not EntityType.PERSON)


def is_saying(verb: Token) -> bool:
    """Whether the word is a verb of saying (``governors.tsv``)."""
    return "say" in lexicon().governors.get((verb.lemma_.lower(), "V"), ())


def attributed_to(anchor: Token) -> Token | None:
    """Who says so: the subject of the verb of saying above the trigger, or the noun after "according to"."""
    token = anchor
    for _ in range(8):
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ == "according":
                nouns = tree.prepositions(token, ("according",))
                return nouns[0] if nouns else None
            if child.dep_ in ("parataxis", "ccomp") and is_saying(child):
                speakers = tree.children(child, "nsubj")
                if speakers and child.i > token.i:
                    return speakers[0]
        head = token.head
        if head == token:
            return None
        if token.dep_ in ("ccomp", "parataxis") and is_saying(head):
            speakers = voice.subjects(head)
            return speakers[0] if speakers and speakers[0].pos_ != "DET" else None
        token = head
    return None
