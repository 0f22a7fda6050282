"""The dateline: recognised only when certain, dated by the day of publication."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cleaning import PUBLISHED, cleaned

from pipeline.model import Moment, Precision
from pipeline.stages.clean.dateline import split_dateline

REST = "The minister spoke."


@pytest.mark.parametrize(
    ("dateline", "place", "day"),
    [
        ("MOSCOW, April 5 (Reuters) -", "MOSCOW", "2016-04-05"),
        ("ATLANTA (AP) _", "ATLANTA", None),
        ("BEIRUT/GENEVA, Feb 3 (AFP) —", "BEIRUT/GENEVA", "2016-02-03"),
        ("SAN FRANCISCO -", "SAN FRANCISCO", None),
        ("MOSCOW, Monday (Reuters) -", "MOSCOW", "2016-04-04"),
        ("MOSCOW, Tuesday (Reuters) -", "MOSCOW", "2016-04-05"),
        ("MOSCOW, Wednesday (Reuters) -", "MOSCOW", "2016-03-30"),
        ("GROSSETO, Italy (AP) --", "GROSSETO, Italy", None),
        ("ST. LOUIS –", "ST. LOUIS", None),
        ("N'DJAMENA, 5 April 2015 (AFP) -", "N'DJAMENA", "2015-04-05"),
        ("BEIJING, Dec. 31 (Xinhua) --", "BEIJING", "2015-12-31"),
        ("YAOUNDÉ, Mar 30 2016 (IPS) -", "YAOUNDÉ", "2016-03-30"),
        ("DUBAI, United Arab Emirates (AP)—", "DUBAI, United Arab Emirates", None),
        ("New Delhi, Apr 5 (PTI)", "New Delhi", "2016-04-05"),
        ("MOSCOW, April 5. /TASS/.", "MOSCOW", "2016-04-05"),
        ("CAIRO, 25 March:", "CAIRO", "2016-03-25"),
        ("Moscow (Reuters) -", "Moscow", None),
        ("(Reuters) -", None, None),
        ("(Bloomberg) --", None, None),
        ("ANAHEIM, Calif. -", "ANAHEIM, Calif.", None),
    ],
)
def test_a_dateline_is_split_off(dateline: str, place: str | None, day: str | None) -> None:
    found, rest = split_dateline(f"{dateline} {REST}", PUBLISHED)
    assert found is not None
    assert (found.text, found.place, rest) == (dateline, place, REST)
    assert (found.date and found.date.at.date().isoformat()) == day
    assert found.date is None or found.date.precision is Precision.DAY


@pytest.mark.parametrize(
    "line",
    [
        "Nairobi — The minister spoke.",
        "UPDATE - The minister spoke.",
        "EXCLUSIVE: The minister spoke.",
        "IBM - which made computers - was sold.",
        "OIL PRICES RISE - OPEC SAYS IT IS CERTAIN",
        "The U.S. - and Russia - agreed.",
        "A minister (Finance) - The one in question - spoke.",
        "Apple (AAPL) - The shares fell.",
        "He said: The minister spoke.",
        "MUSCAT: The minister spoke.",
        "1 - The minister spoke.",
        "-",
        "",
        "MOSCOW",
    ],
)
def test_what_is_not_certain_stays(line: str) -> None:
    assert split_dateline(line, PUBLISHED) == (None, line)


@pytest.mark.parametrize(
    ("published", "text", "day"),
    [
        ("2016-01-02", "Dec 31", "2015-12-31"),
        ("2015-12-31", "Jan 1", "2016-01-01"),
        ("2016-03-01", "Feb 29", "2016-02-29"),
        ("2016-01-02", "Saturday", "2016-01-02"),
        ("2016-01-02", "Sunday", "2015-12-27"),
    ],
)
def test_the_year_is_the_nearest_to_publication(published: str, text: str, day: str) -> None:
    moment = Moment(datetime.fromisoformat(published).replace(tzinfo=UTC), Precision.DAY)
    found, _ = split_dateline(f"OSLO, {text} (Reuters) - {REST}", moment)
    assert found is not None
    assert found.date is not None
    assert found.date.at.date().isoformat() == day


@pytest.mark.parametrize("text", ["April 5", "Monday", "Feb 30"])
def test_without_a_day_of_publication_the_date_is_unknown(text: str) -> None:
    found, _ = split_dateline(f"OSLO, {text} (Reuters) - {REST}", None)
    assert found is not None
    assert found.date is None


def test_a_dateline_on_a_line_of_its_own_leaves_the_next_line() -> None:
    found = cleaned(f"OSLO (AP) —\n{REST}")
    assert found.dateline is not None
    assert found.body == REST
