"""How much an article is about each of its entities: the last step, since it asks what the events make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Entity, Event, Field

HEADLINE, LEAD, OFTEN, ACTS = 0.3, 0.2, 0.3, 0.2


def with_salience(entities: Sequence[Entity], events: Sequence[Event], body: str) -> tuple[Entity, ...]:
    """Weigh the entities of an article.

    In the headline .3, in the first paragraph .2, up to .3 for how often it is mentioned beside the one that is
    mentioned most, and .2 for an actor or recipient of an event.

    Args:
        entities: all of the article.
        events: its events, whose participants name entities by their index.
        body: the body of the record.

    Returns:
        The same entities in the same order, with ``salience`` 0 to 1.
    """
    acting = {one.entity for event in events for one in (*event.actors, *event.recipients)}
    most = max((len(entity.mentions) for entity in entities), default=1)
    lead = body.find("\n") if "\n" in body else len(body)
    return tuple(
        replace(entity, salience=_salience(entity, most, lead, acts=index in acting))
        for index, entity in enumerate(entities)
    )


def _salience(entity: Entity, most: int, lead: int, *, acts: bool) -> float:
    titled = any(mention.field is Field.HEADLINE for mention in entity.mentions)
    leads = any(mention.field is Field.BODY and mention.start < lead for mention in entity.mentions)
    return round(HEADLINE * titled + LEAD * leads + OFTEN * len(entity.mentions) / most + ACTS * acts, 3)
