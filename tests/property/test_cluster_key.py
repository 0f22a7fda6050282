"""The cluster key says what happened, not who tells it nor in which order the parties are named."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Event
from pipeline.stages.tag.events.identity import cluster_key

EVENTS = st.from_type(Event)
HAPPENED = EVENTS.map(lambda event: replace(event, negated=False, hypothetical=False))


@given(HAPPENED, st.randoms())
def test_the_order_and_number_of_the_parties_do_not_matter(event: Event, chance: random.Random) -> None:
    actors, recipients = [*event.actors, *event.actors[:1]], [*event.recipients]
    chance.shuffle(actors)
    chance.shuffle(recipients)
    assert cluster_key(replace(event, actors=tuple(actors), recipients=tuple(recipients))) == cluster_key(event)


@given(HAPPENED, HAPPENED)
def test_it_does_not_matter_which_article_tells_it(event: Event, other: Event) -> None:
    said_otherwise = replace(
        other, type=event.type, actors=event.actors, recipients=event.recipients, place=event.place, date=event.date
    )
    assert cluster_key(said_otherwise) == cluster_key(event)


@given(EVENTS)
def test_there_is_none_for_what_did_not_happen(event: Event) -> None:
    assert cluster_key(replace(event, negated=True)) is None
    assert cluster_key(replace(event, hypothetical=True)) is None
