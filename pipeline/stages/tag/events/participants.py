"""Who a participant is: the noun phrase as a span, and copies of what the article's entities know of it."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from pipeline.model import Entity, EntityType, Field, MentionKind, Participant
from pipeline.stages.tag.events import phrases, pronouns, tree
from pipeline.stages.tag.events.lexicon import Role, lexicon
from pipeline.stages.tag.passage import Passage


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

    def at(self, head: Token, passage: Passage) -> int | None:
        """The entity whose name or noun covers this word, or None."""
        position = passage.start + head.idx
        for start, end, index, kind in self._by_field.get(passage.field, ()):
            if start <= position < end and kind is not MentionKind.PRONOUN:
                return index
        return None


def participant(head: Token, passage: Passage, mentions: Mentions, person: int | None = None) -> Participant:
    """The participant whose noun phrase has this head; ``person``: whom "he" means where the passage does not say."""
    start, end = phrases.bounds(head)
    span = passage.span(start, end)
    meant = _meant(head, passage, mentions)
    index = mentions.at(meant, passage) if meant is not None else None
    if meant is None and head.lower_ in pronouns.PERSONS:
        index = person
    role = _role(meant) if meant is not None else None
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


def _meant(head: Token, passage: Passage, mentions: Mentions) -> Token | None:
    """The noun that a pronoun stands for, None where that is not known; any other word is itself."""
    if head.pos_ != "PRON":
        return head
    if head.lower_ in pronouns.SPEAKERS:
        speaker = pronouns.attributed_to(head)
        return _meant(speaker, passage, mentions) if speaker is not None and speaker != head else None
    return pronouns.antecedent(head, lambda token: _type(mentions, mentions.at(token, passage)))


def _type(mentions: Mentions, index: int | None) -> EntityType | None:
    return mentions.entities[index].type if index is not None else None


def last_person(passage: Passage, mentions: Mentions, before: int | None) -> int | None:
    """The person who was last the subject in the passage; ``before`` where nobody was."""
    for token in reversed(list(passage.doc)):
        if token.dep_ in ("nsubj", "nsubjpass"):
            index = mentions.at(token, passage)
            if _type(mentions, index) is EntityType.PERSON:
                return index
    return before


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
