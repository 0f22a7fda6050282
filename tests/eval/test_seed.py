"""What the seed article must give, measured against `seeds/expected.json`; `floors.json` may only be raised."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import replay
from pipeline.cli.printing import when
from pipeline.model import Coordinates, Event, Field, Participant, RawRecord, Tagged, TaggedArticle
from pipeline.offline import tag_records
from pipeline.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds"
EXPECTED = json.loads((SEEDS / "expected.json").read_text(encoding="utf-8"))
FLOORS = json.loads(Path(__file__).with_name("floors.json").read_text(encoding="utf-8"))


def _records() -> dict[str, TaggedArticle]:
    values = [message for file in replay.find([SEEDS]).files for message in replay.messages(file, "in")]
    raw = [
        RawRecord(Coordinates("in", 0, n, n + 1, 0), value.key, value.value, value.headers)
        for n, value in enumerate(values)
    ]
    found = list(tag_records(raw, Settings()))
    assert all(isinstance(item, Tagged) for item in found), found
    return {item.article.id: item.article for item in found if isinstance(item, Tagged)}


@pytest.fixture(scope="module")
def records() -> dict[str, TaggedArticle]:
    return _records()


@pytest.fixture(params=EXPECTED["records"], ids=["ninjs", "text"])
def article(records: dict[str, TaggedArticle], request: pytest.FixtureRequest) -> TaggedArticle:
    return records[request.param]


# ------------------------------------------------------------------------------------------------ what is compared


def is_participant(one: Participant, wanted: dict[str, Any]) -> bool:
    if not any(text in one.text or text in (one.name or "") for text in wanted["any_of"]):
        return False
    return all(getattr(one, key) == wanted[key] for key in ("country", "sector") if key in wanted)


def is_event(event: Event, wanted: dict[str, Any]) -> bool:
    """The type, in that sentence, with those participants, there, and in the future or not; the date is not asked."""
    place = event.place.name or event.place.text if event.place else ""
    return (
        event.type in wanted["types"]
        and not event.negated
        and wanted["evidence"] in event.evidence.text
        and event.future == wanted["future"]
        and wanted.get("place", "") in place
        and set(wanted.get("modes", ())) <= set(event.modes)
        and all(any(is_participant(one, who) for one in event.actors) for who in wanted["actors"])
        and all(any(is_participant(one, who) for one in event.recipients) for who in wanted["recipients"])
    )


def has_right_date(event: Event, wanted: dict[str, Any]) -> bool:
    date = wanted["date"]
    if date is None:
        return event.date is None
    return (
        event.date is not None
        and (when(event.date), event.date.precision) == (date["value"], date["precision"])
        and date.get("source", event.date_source) == event.date_source
    )


def pairs(events: tuple[Event, ...]) -> dict[str, Event]:
    """For each expected event that is there one that is it, with the right date where there is a choice.

    No event is two: it goes to the expected one that has the fewest to choose from.
    """
    choices = {
        wanted["about"]: sorted(
            (event for event in events if is_event(event, wanted)), key=lambda event: not has_right_date(event, wanted)
        )
        for wanted in EXPECTED["events"]
    }
    found: dict[str, Event] = {}
    for about in sorted(choices, key=lambda about: len(choices[about])):
        free = [event for event in choices[about] if event not in found.values()]
        if free:
            found[about] = free[0]
    return found


def dated(found: dict[str, Event]) -> list[str]:
    return [w["about"] for w in EXPECTED["events"] if w["about"] in found and has_right_date(found[w["about"]], w)]


def entities_once(article: TaggedArticle) -> list[str]:
    """The names of the expected entities that exactly one entity has, with the right type."""
    return [
        wanted["name"]
        for wanted in EXPECTED["entities"]
        if [entity.type for entity in article.entities if entity.name in {wanted["name"], *wanted.get("also", ())}]
        == [wanted["type"]]
    ]


# ------------------------------------------------------------------------------------------------ the promises


def test_the_events_are_found_with_their_dates(article: TaggedArticle) -> None:
    found = pairs(article.events)
    right = dated(found)
    print(f"\n{article.id}: {len(found)} of {len(EXPECTED['events'])} events, {len(right)} with the right date")  # noqa: T201 - the figures are for people
    missing = [wanted["about"] for wanted in EXPECTED["events"] if wanted["about"] not in found]
    wrong = [about for about in found if about not in right]
    assert len(found) >= FLOORS["events"], f"not found: {missing}"
    assert len(right) >= FLOORS["events_with_right_date"], f"with a wrong date: {wrong}"


def test_every_entity_is_there_exactly_once(article: TaggedArticle) -> None:
    once = entities_once(article)
    print(f"\n{article.id}: {len(once)} of {len(EXPECTED['entities'])} entities, one each")  # noqa: T201 - the figures are for people
    missing = [wanted["name"] for wanted in EXPECTED["entities"] if wanted["name"] not in once]
    assert len(once) >= FLOORS["entities"], f"not there exactly once: {missing}"


def test_every_span_is_what_stands_there(article: TaggedArticle) -> None:
    spans = [mention for entity in article.entities for mention in entity.mentions] + list(article.dates)
    for event in article.events:
        spans += [event.trigger, event.evidence, *event.other_evidence, *event.actors, *event.recipients]
        spans += [*event.other_places, *(s for s in (event.place, event.date_text, event.attributed_to) if s)]
    assert len(spans) > 100
    for span in spans:
        text = article.headline if span.field is Field.HEADLINE else article.body
        assert text is not None
        assert text[span.start : span.end] == span.text != ""


def test_the_text_is_clean(article: TaggedArticle) -> None:
    assert article.headline == EXPECTED["headline"]
    assert article.body is not None
    assert article.body.startswith(EXPECTED["body_starts"])
    assert article.body.endswith(EXPECTED["body_ends"])
    assert [text for text in EXPECTED["not_in_body"] if text in article.body] == []
    assert article.problems == ()


def test_both_forms_give_the_same_tags(records: dict[str, TaggedArticle]) -> None:
    one, other = (records[name] for name in EXPECTED["records"])
    assert one.entities == other.entities
    assert one.dates == other.dates
    assert [(e.type, e.trigger, e.date, e.actors) for e in one.events] == [
        (e.type, e.trigger, e.date, e.actors) for e in other.events
    ]


def test_no_floor_is_below_what_was_promised() -> None:
    assert FLOORS.keys() == EXPECTED["at_least"].keys()
    for name, promised in EXPECTED["at_least"].items():
        assert FLOORS[name] >= promised
