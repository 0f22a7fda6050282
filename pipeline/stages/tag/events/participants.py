"""Who a participant is: the noun phrase as a span, and copies of what the article's entities know of it."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from pipeline.model import Entity, EntityType, Field, MentionKind, Participant
from pipeline.stages.tag.events import heads, phrases, pronouns, tree
from pipeline.stages.tag.events.lexicon import PUBLIC_BODIES, Role, lexicon
from pipeline.stages.tag.passage import Passage

OFFICE_SECTORS = frozenset({"GOV", "LEG", "MIL", "COP", "JUD", "SPY"})
# Of STATE_NOUN those that are the state itself.
LANDS = frozenset({"country", "nation", "republic", "kingdom"})


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
    if index is None and meant is not None:
        index = _named_beside(meant, passage, mentions)
    if meant is None and head.lower_ in pronouns.PERSONS:
        index = person
    entity = mentions.entities[index] if index is not None else None
    country, sector = _codes(meant if meant is not None else head, entity, passage, mentions)
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


def _codes(head: Token, entity: Entity | None, passage: Passage, mentions: Mentions) -> tuple[str | None, str | None]:
    """Country and sector: of the entity, else of the role nouns, else of an owner or the only country named."""
    # The European Union is no union of workers.
    role = None if entity is not None and entity.country in PUBLIC_BODIES else _role(head, entity)
    country = (entity.country if entity else None) or (role.country if role else None)
    sector = (entity.sector if entity else None) or (role.sector if role else None)
    if country is None:
        country = _country_of_modifiers(passage, mentions, *_outer(head, passage))
    if sector is None and entity is not None and entity.type is EntityType.PLACE and entity.country:
        sector = "GOV"
    if sector in OFFICE_SECTORS and _is_former(head):
        sector = "ELI"
    if country is None or sector is None:
        other = _stands_for(head, passage, mentions)
        if other is not None:
            country, sector = country or other[0], sector or other[1]
    return country, sector


def _outer(head: Token, passage: Passage) -> tuple[int, int]:
    start, end = phrases.bounds(head)
    return passage.start + start, passage.start + end


def _is_former(head: Token) -> bool:
    """Whether the office is one of the past: "former minister", "ex-president"."""
    before = [t.lower_ for child in head.lefts if child.dep_ != "poss" for t in child.subtree]
    return "former" in before or "ex" in before or any(t.startswith("ex-") for t in (*before, head.lower_))


def _stands_for(head: Token, passage: Passage, mentions: Mentions) -> tuple[str | None, str | None] | None:
    """Country and sector of the owner of "his office", and the land of "the army"."""
    owners = [t for t in head.children if t.dep_ == "poss" and t.tag_ == "PRP$"]
    if owners and head.lemma_.lower() in lexicon().classes["BELONGING_NOUN"]:
        noun = _meant(owners[0], passage, mentions)
        return _known(noun, passage, mentions) if noun is not None else None
    bare = [t.lower_ for t in head.children] == ["the"]
    if bare and head.lemma_.lower() in lexicon().classes["STATE_NOUN"]:
        return _only_country(head, passage, mentions), "GOV" if head.lemma_.lower() in LANDS else None
    return None


def _known(noun: Token, passage: Passage, mentions: Mentions) -> tuple[str | None, str | None]:
    index = mentions.at(noun, passage)
    return _codes(noun, mentions.entities[index] if index is not None else None, passage, mentions)


def _only_country(head: Token, passage: Passage, mentions: Mentions) -> str | None:
    """The country named in the passage before the noun, where there is one only."""
    rows = mentions.inside(passage.field, passage.start, passage.start + head.idx)
    named = {mentions.entities[index].country for _, _, index, _ in rows} - {None}
    return named.pop() if len(named) == 1 else None


def _named_beside(head: Token, passage: Passage, mentions: Mentions) -> int | None:
    """The person whose name stands in apposition: "the premier of the province, Alan Winde"."""
    for name in tree.children(head, "appos"):
        index = mentions.at(name, passage)
        if _type(mentions, index) is EntityType.PERSON:
            return index
    return None


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
    for start, end, index, kind in reversed(mentions.inside(passage.field, passage.start, passage.end)):
        if _type(mentions, index) is not EntityType.PERSON or kind is MentionKind.PRONOUN:
            continue
        name = passage.doc.char_span(start - passage.start, end - passage.start, alignment_mode="expand")
        if name is not None and name.root.dep_ in ("nsubj", "nsubjpass"):
            return index
    return before


def _country_of_modifiers(passage: Passage, mentions: Mentions, start: int, end: int) -> str | None:
    for _, _, index, _ in mentions.inside(passage.field, start, end):
        country = mentions.entities[index].country
        if country:
            return country
    return None


def _role(head: Token, entity: Entity | None) -> Role | None:
    """What the role nouns of the phrase say: whom a leader leads, its head, then the titles before a name."""
    lemma, classes = head.lemma_.lower(), lexicon().classes
    if lemma in classes["LEADER_NOUN"] or lemma in classes["LIGHT_NOUN"]:
        for led in tree.prepositions(head, ("of",)):
            role = _listed_role(led)
            if role is not None:
                return role
    named = entity is not None and entity.type is EntityType.PERSON and head.pos_ == "PROPN"
    role = None if named else _listed_role(head)  # Charlotte Church is no church
    if role is not None:
        return role
    for title in reversed([t for t in head.children if t.dep_ in ("compound", "nmod", "appos", "amod")]):
        role = _listed_role(title)
        if role is not None:
            return role
    return None


def _listed_role(noun: Token) -> Role | None:
    """The role of the longest of the noun's forms that the table lists."""
    for key in sorted(heads.noun_keys(noun), key=lambda key: -len(key.split(" "))):
        if key in lexicon().roles:
            return lexicon().roles[key]
    return None
