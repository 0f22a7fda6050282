"""The date and place of an event are those that belong to it, not the nearest in the text."""

from datetime import UTC, datetime

import pytest
from coding import events, one

from pipeline.model import DateSource, Precision


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "at", "precision", "source"),
    [
        ("Police arrested a smuggler on Monday.", day(2016, 4, 4), Precision.DAY, DateSource.RELATIVE),
        ("Police arrested a smuggler on 3 March 2016.", day(2016, 3, 3), Precision.DAY, DateSource.EXPLICIT),
        ("Police arrested a smuggler last month.", day(2016, 3, 1), Precision.MONTH, DateSource.RELATIVE),
        ("Police arrested a smuggler.", day(2016, 4, 5), Precision.DAY, DateSource.PUBLISHED),
    ],
)
def test_the_date_of_the_event(sentence: str, at: datetime, precision: Precision, source: DateSource) -> None:
    event = one(sentence)
    assert event.date is not None
    assert (event.date.at, event.date.precision, event.date_source) == (at, precision, source)


def test_the_words_of_the_date_are_kept() -> None:
    event = one("Police arrested a smuggler on Monday.")
    assert event.date_text is not None
    assert event.date_text.text.endswith("Monday")


def test_the_day_on_which_something_was_said_is_not_the_day_of_the_event() -> None:
    event = one("The army said on Monday that rebels killed two drivers.")
    assert event.date_source is DateSource.PUBLISHED


def test_a_date_in_another_clause_is_not_the_date_of_the_event() -> None:
    event = one("Police arrested a smuggler who had escaped in 2009.")
    assert event.date_source is DateSource.PUBLISHED


def test_each_clause_has_its_own_date() -> None:
    found = events("Greece met Albania's envoy on Monday, and Malta praised Cyprus in February.")
    dates = {str(e.type): e.date.at.date().isoformat() for e in found if e.date}
    assert dates["SUPPORT"] == "2016-02-01"


def test_what_is_to_come_without_a_date_has_none() -> None:
    event = one("The French president will meet the Swiss chancellor.")
    assert (event.date, event.date_source, event.future) == (None, None, True)


def test_without_a_date_of_publication_there_is_no_date() -> None:
    event = one("Police arrested a smuggler.", published=None)
    assert (event.date, event.date_source) == (None, None)


def test_what_is_said_in_a_dated_interview_is_said_then() -> None:
    text = (
        "Castro showed little warmth in an interview with a newspaper, published last week. He rejected the proposal."
    )
    [event] = [e for e in events(text) if e.type == "REJECT"]
    assert event.date is not None
    assert (event.date.at, event.date.precision) == (day(2016, 3, 28), Precision.WEEK)


def test_the_place_hangs_on_the_event() -> None:
    event = one("Gunmen killed two drivers in Nairobi.")
    assert event.place is not None
    assert (event.place.text, event.place.country) == ("Nairobi", "KEN")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Two men stabbed a trader to death in Kwabonda on Monday.", "Kwabonda"),
        ("A teacher was shot and wounded in Nairobi by two men on a motorcycle.", "Nairobi"),
        ("Police arrested four smugglers during a raid in Nairobi.", "Nairobi"),
        ("A priest was abducted from a house in Nairobi.", "Nairobi"),
        ("A court in Nairobi convicted the former minister of theft.", "Nairobi"),
    ],
)
def test_the_place_may_stand_further_off(text: str, place: str) -> None:
    assert {event.place.text for event in events(text) if event.place} == {place}


def test_an_unknown_village_lies_where_the_other_places_lie() -> None:
    found = events("Kenyan voters were calm in Nairobi, Mombasa and Kisumu.\nGunmen killed a trader in Kwabonda.")
    assert [event.place.country for event in found if event.place and event.place.text == "Kwabonda"] == ["KEN"]


def test_where_no_place_is_named_the_reason_is_given() -> None:
    event = one("Gunmen killed two drivers.")
    assert event.place is None
    assert event.place_reason == "NO_PLACE_NEAR_TRIGGER"
