"""The names of the parse as the article's entities have them: the model's own labels are right in two of three.

The rules of this package ask a token for its label ("is it somebody?"); so what `find_entities` has settled is written
back into the Doc, which no other question reads afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Span
from spacy.util import filter_spans

from pipeline.model import Entity, EntityType, MentionKind
from pipeline.stages.tag.events import heads
from pipeline.stages.tag.events.participants import Mentions
from pipeline.stages.tag.passage import Passage

LABELS = {
    EntityType.PERSON: "PERSON",
    EntityType.ORGANISATION: "ORG",
    EntityType.PLACE: "GPE",
    EntityType.GROUP: "NORP",
    EntityType.EVENT: "EVENT",
    EntityType.OBJECT: "PRODUCT",
}
# What the model finds besides names.
VALUES = frozenset({"DATE", "TIME", "CARDINAL", "ORDINAL", "MONEY", "PERCENT", "QUANTITY"})


def settle(passages: Sequence[Passage], mentions: Mentions) -> None:
    """Puts the names of the entities into the Docs of the passages in place of the model's."""
    if not mentions.entities:
        return
    for passage in passages:
        names = [
            span
            for start, end, index, kind in mentions.inside(passage.field, passage.start, passage.end)
            if (span := _name(passage, mentions.entities[index], start, end, kind)) is not None
        ]
        taken = {token.i for span in names for token in span}
        values = [e for e in passage.doc.ents if e.label_ in VALUES and not any(t.i in taken for t in e)]
        passage.doc.set_ents([*filter_spans(names), *values])


def _name(passage: Passage, entity: Entity, start: int, end: int, kind: MentionKind) -> Span | None:
    """The tokens of a name or demonym with its label; None for a common noun or a pronoun."""
    span = passage.doc.char_span(start - passage.start, end - passage.start, alignment_mode="contract")
    if not span or kind is MentionKind.PRONOUN:
        return None
    if kind is MentionKind.NOMINAL:
        label = "NORP" if len(span) == 1 and span[0].text[:1].isupper() else None
    elif entity.type is EntityType.PLACE and entity.sector:
        label = "ORG"  # the seat of a government: "the Kremlin said"
    elif entity.type is EntityType.PLACE and entity.label in heads.PLACES:
        label = entity.label
    else:
        label = LABELS.get(entity.type)
    return Span(passage.doc, span.start, span.end, label) if label else None
