"""Who a participant is: the noun phrase as a span, and copies of what the article's entities know of it."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from pipeline.model import Entity, EntityType, Field, MentionKind, Participant
from pipeline.stages.tag.events import phrases, tree
from pipeline.stages.tag.events.lexicon import Role, lexicon
from pipeline.stages.tag.passage import Passage

PLURAL_PRONOUNS = frozenset({"they", "them", "their", "themselves"})
PERSON_PRONOUNS = frozenset({"he", "him", "his", "himself", "she", "her", "herself"})


class Mentions:
    """Where the article's entities stand: finds those inside a stretch of text."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        """Indexes the mentions of the entities by field, in text order."""
        self.entities = entities
        self._by_field: dict[Field, list[tuple[int, int, int, MentionKind]]] = {}
        for index, entity in enumerate(entities):
            for mention in entity.mentions:
                row = (mention.start, mention.end, index, mention.kind)
                self._by_field.setdefault(mention.field, []).append(row)
        for found in self._by_field.values():
            found.sort(key=lambda row: (row[0], row[1]))

    def inside(self, field: Field, start: int, end: int) -> list[tuple[int, int, int, MentionKind]]:
        """Rows (start, end, entity index, kind) of the mentions that lie within ``[start, end)``."""
        return [row for row in self._by_field.get(field, ()) if start <= row[0] and row[1] <= end]


def participant(head: Token, passage: Passage, mentions: Mentions) -> Participant:
    """The participant whose noun phrase has this head."""
    start, end = phrases.bounds(head)
    span = passage.span(start, end)
    index = _entity_of(head, passage, mentions, span.start, span.end)
    role = _role(head)
    entity = mentions.entities[index] if index is not None else None
    country = (entity.country if entity else None) or (role.country if role else None)
    if country is None:
        country = _country_of_modifiers(passage, mentions, span.start, span.end)
    sector = (entity.sector if entity else None) or (role.sector if role else None)
    if sector is None and entity is not None and entity.type is EntityType.PLACE and entity.country:
        sector = "GOV"
    return Participant(
        span.field,
        span.start,
        span.end,
        span.text,
        index,
        entity.name if entity else None,
        entity.ids if entity else (),
        country,
        sector,
        entity.other_sectors if entity else (),
    )


def _entity_of(head: Token, passage: Passage, mentions: Mentions, start: int, end: int) -> int | None:
    """The entity whose mention covers the head word, or of the phrase's antecedent where it is a pronoun."""
    if head.pos_ == "PRON":
        referent = antecedent(head)
        if referent is None:
            return None
        head, (low, high) = referent, phrases.bounds(referent)
        start, end = passage.start + low, passage.start + high
    position = passage.start + head.idx
    for low, high, index, kind in mentions.inside(passage.field, start, end):
        if low <= position < high and kind is not MentionKind.PRONOUN:
            return index
    return None


def _country_of_modifiers(passage: Passage, mentions: Mentions, start: int, end: int) -> str | None:
    for _, _, index, _ in mentions.inside(passage.field, start, end):
        country = mentions.entities[index].country
        if country:
            return country
    return None


def _role(head: Token) -> Role | None:
    """What the role nouns of the phrase say: its head, then the titles before a name."""
    roles = lexicon().roles
    keys = list(tree.noun_keys(head))
    keys.sort(key=lambda key: -len(key.split(" ")))
    for key in keys:
        if key in roles:
            return roles[key]
    for title in reversed([t for t in head.children if t.dep_ in ("compound", "nmod", "appos", "amod")]):
        for key in sorted(tree.noun_keys(title), key=lambda key: -len(key.split(" "))):
            if key in roles:
                return roles[key]
    return None


def antecedent(pronoun: Token) -> Token | None:
    """The noun a personal pronoun stands for: the last subject of a matching kind before it in the paragraph."""
    wanted = pronoun.lower_
    for token in reversed(list(pronoun.doc[: pronoun.i])):
        if token.dep_ not in ("nsubj", "nsubjpass") or token.pos_ not in ("PROPN", "NOUN"):
            continue
        if _agrees(token, wanted):
            return token
    return None


def _agrees(noun: Token, pronoun: str) -> bool:
    plural = noun.tag_ in ("NNS", "NNPS") or any(t.dep_ == "conj" for t in noun.children)
    if pronoun in PLURAL_PRONOUNS:
        return plural
    if pronoun in PERSON_PRONOUNS:
        name = noun.pos_ == "PROPN" and noun.ent_type_ not in ("GPE", "NORP", "ORG", "LOC", "FAC", "DATE")
        return not plural and (name or noun.lemma_.lower() in lexicon().roles)
    return pronoun == "it" and not plural and noun.ent_type_ in ("GPE", "ORG", "")


def attributed_to(anchor: Token) -> Token | None:
    """Who says so: the subject of the verb of saying above the trigger, or the noun after "according to"."""
    says = lexicon().governors
    token = anchor
    for _ in range(8):
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ == "according":
                nouns = tree.prepositions(token, ("according",))
                return nouns[0] if nouns else None
            if child.dep_ in ("parataxis", "ccomp") and "say" in says.get((child.lemma_.lower(), "V"), ()):
                speakers = tree.children(child, "nsubj")
                if speakers and child.i > token.i:
                    return speakers[0]
        head = token.head
        if head == token:
            return None
        if token.dep_ in ("ccomp", "parataxis") and "say" in says.get((head.lemma_.lower(), "V"), ()):
            speakers = tree.subjects(head)
            return speakers[0] if speakers and speakers[0].pos_ != "DET" else None
        token = head
    return None
