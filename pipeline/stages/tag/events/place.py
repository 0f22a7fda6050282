"""Where it happened: the place that hangs on the trigger ("in Brussels", "Kremlin meeting"), else the dateline's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from spacy.tokens import Token

from pipeline.model import CleanArticle, EntityType, Field, Place
from pipeline.stages.tag.events import heads, tree
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.labels import VALUES
from pipeline.stages.tag.events.lexicon import lexicon
from pipeline.stages.tag.events.participants import Mentions
from pipeline.stages.tag.passage import Passage

WHERE = frozenset({
    "across", "around", "at", "during", "in", "inside", "into", "near", "off", "on", "outside", "over", "through", "to",
})  # fmt: skip
# Below a noun that says where: "at a hotel in the port of Basra", "near the village of Hass".
INNER = ("in", "of", "near", "at", "on", "to")
STANDS = ("in", "near", "at", "outside")
# Categories in which somebody is where he acts, and whoever suffers where it happens.
BODILY = frozenset({"ASSAULT", "COERCE", "PROTEST", "MOBILIZE", "AID"})
# Modes in which somebody is taken from where it happens.
TAKEN_MODES = frozenset({"abduct", "arrest", "deport", "seize"})
MAX_DEPTH = 3
# A name that no list knows is a place after these; "at" may also stand before a firm or a school.
NAMED_AFTER = frozenset({"in", "near", "outside"})
NO_PLACE = "NO_PLACE_NEAR_TRIGGER"
FROM_DATELINE = "FROM_DATELINE"


def where(
    candidate: Candidate, passage: Passage, mentions: Mentions, article: CleanArticle
) -> tuple[Place | None, tuple[Place, ...], str | None]:
    """The place, further places, and why there is none or where it was taken from."""
    found: list[Place] = []
    for head in _heads(candidate):
        place = _place(head, passage, mentions) or _unknown(head, candidate, passage, mentions)
        if place is not None and all(p.start != place.start for p in found):
            found.append(place)
    if found:
        known = [_in_its_country(place, mentions) for place in found]
        return known[0], tuple(known[1:]), None
    return _from_dateline(article, mentions)


def _heads(candidate: Candidate) -> Iterable[Token]:
    """Nouns after "in", "at" and their like under the trigger's words, and names before its noun."""
    for word in candidate.words:
        yield from _below(word, tuple(WHERE))
        if candidate.mode in TAKEN_MODES:
            yield from _below(word, ("from",))
        if word.pos_ == "NOUN":
            yield from (t for t in word.children if t.dep_ in ("compound", "nmod", "amod") and t.ent_type_)
    for participant in candidate.recipients or candidate.actors[1:]:
        if candidate.mode == "visit":
            yield participant
        yield from _of_participant(participant, candidate)
    yield from _of_other_verbs(candidate)
    if candidate.type in BODILY or candidate.mode == "convict":
        for actor in candidate.actors[:1]:
            yield from _of_participant(actor, candidate)


def _of_other_verbs(candidate: Candidate) -> Iterable[Token]:
    """Where the verbs stand that are joined to the trigger, above it, or tell of its speech."""
    if candidate.type in BODILY:
        for joined in tree.children(candidate.anchor, "conj"):  # "shot and wounded in Mixco"
            if tree.is_verb(joined) and not tree.children(joined, "dobj", "nsubj", "nsubjpass"):
                yield from _below(joined, STANDS)
    verb = candidate.anchor
    for _ in range(3):
        if verb.dep_ not in ("xcomp", "conj", "advcl") or not tree.is_verb(verb.head):
            break
        verb = verb.head
        yield from _below(verb, STANDS)
    for speech in tree.children(candidate.anchor, "advcl"):
        if speech.lemma_.lower() in ("speak", "talk"):  # "Speaking in Brussels, the minister condemned"
            yield from _below(speech, STANDS)


def _of_participant(noun: Token, candidate: Candidate) -> Iterable[Token]:
    """Where somebody stands: "police in Lyon", "three hospitals in Harare"; of places also "the port of Basra"."""
    bodily = candidate.type in BODILY
    if bodily and noun.lemma_.lower() in lexicon().classes["SITE_NOUN"]:
        yield from _below(noun, (*STANDS, "of"))
    else:
        yield from _below(noun, STANDS) if bodily else tree.prepositions(noun, STANDS)


def _below(word: Token, names: tuple[str, ...], depth: int = 0) -> Iterable[Token]:
    """The nouns after these prepositions, and those that stand below them in turn."""
    for noun in tree.prepositions(word, names):
        for head in tree.with_conjuncts(noun):
            yield head
            if depth < MAX_DEPTH:
                yield from _below(head, INNER, depth + 1)


def _place(head: Token, passage: Passage, mentions: Mentions) -> Place | None:
    position = passage.start + head.idx
    for start, end, index, _ in mentions.inside(passage.field, position - 60, position + 80):
        entity = mentions.entities[index]
        if start <= position < end and entity.type is EntityType.PLACE and head.ent_type_ != "NORP":
            span = passage.span(start - passage.start, end - passage.start)
            return Place(
                span.field, span.start, span.end, span.text, index, entity.name, entity.country, entity.lat, entity.lon
            )
    if mentions.entities or head.ent_type_ not in heads.PLACES:
        return None
    name = next((ent for ent in passage.doc.ents if ent.start <= head.i < ent.end), None)
    if name is None:
        return None
    span = passage.span(name.start_char, name.end_char)
    return Place(span.field, span.start, span.end, span.text)


def _unknown(head: Token, candidate: Candidate, passage: Passage, mentions: Mentions) -> Place | None:
    """The village that no gazetteer has, whatever the model took it for: "hacked to death at Bundu"."""
    bodily = candidate.type in BODILY or candidate.mode == "visit"
    if not bodily or head.pos_ != "PROPN" or head.dep_ != "pobj" or head.ent_type_ in VALUES:
        return None
    index = mentions.at(head, passage)
    entity = mentions.entities[index] if index is not None else None
    after = head.head.lower_
    if after not in NAMED_AFTER and not (after == "at" and entity is None):
        return None
    if entity is not None and (entity.ids or entity.country or entity.sector):
        return None
    first = next((t for t in head.lefts if t.dep_ == "compound"), head)
    span = passage.span(first.idx, head.idx + len(head))
    return Place(span.field, span.start, span.end, span.text)


def _in_its_country(place: Place, mentions: Mentions) -> Place:
    """A village without a country lies in the one where most of the article's other places lie."""
    if place.country is not None:
        return place
    places = Counter[str]()
    for entity in mentions.entities:
        if entity.type is EntityType.PLACE and entity.country:
            places[entity.country] += len(entity.mentions)
    first, second = [*places.most_common(2), ("", 0), ("", 0)][:2]
    return replace(place, country=first[0]) if first[1] > 2 * second[1] else place


def _from_dateline(article: CleanArticle, mentions: Mentions) -> tuple[Place | None, tuple[Place, ...], str | None]:
    """The dateline's place where an entity of the text bears its name (a span has to stand in the record)."""
    if article.dateline is None or not article.dateline.place:
        return None, (), NO_PLACE
    wanted = article.dateline.place.casefold()
    for index, entity in enumerate(mentions.entities):
        if entity.type is not EntityType.PLACE:
            continue
        for mention in entity.mentions:
            if mention.text.casefold() == wanted and mention.field is Field.BODY:
                place = Place(
                    mention.field,
                    mention.start,
                    mention.end,
                    mention.text,
                    index,
                    entity.name,
                    entity.country,
                    entity.lat,
                    entity.lon,
                )
                return place, (), FROM_DATELINE
    return None, (), NO_PLACE
