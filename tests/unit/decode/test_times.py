"""Times keep the precision they were stated with, become UTC, and are never filled from the clock."""

from __future__ import annotations

import pytest

from pipeline.stages.decode.times import parse_time


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("2016-04-05T10:30:15Z", "2016-04-05T10:30:15+00:00", "SECOND"),
        ("2016-04-05t10:30:15z", "2016-04-05T10:30:15+00:00", "SECOND"),
        ("2016-04-05T10:30:15.123456789+03:00", "2016-04-05T07:30:15.123456+00:00", "SECOND"),
        ("2016-04-05T10:30:15+0300", "2016-04-05T07:30:15+00:00", "SECOND"),
        ("2016-04-05 10:30 +03:00", "2016-04-05T07:30:00+00:00", "MINUTE"),
        ("2016-04-05T10:30-05", "2016-04-05T15:30:00+00:00", "MINUTE"),
        ("20160405T103015Z", "2016-04-05T10:30:15+00:00", "SECOND"),
        ("2016-04-05", "2016-04-05T00:00:00+00:00", "DAY"),
        ("20160405", "2016-04-05T00:00:00+00:00", "DAY"),
        ("2016-W14-2", "2016-04-05T00:00:00+00:00", "DAY"),
        ("2016-W14", "2016-04-04T00:00:00+00:00", "WEEK"),
        ("2016-04", "2016-04-01T00:00:00+00:00", "MONTH"),
        ("2016", "2016-01-01T00:00:00+00:00", "YEAR"),
        ("Tue, 05 Apr 2016 10:30:15 +0300", "2016-04-05T07:30:15+00:00", "SECOND"),
        ("Tue, 5 Apr 2016 10:30 GMT", "2016-04-05T10:30:00+00:00", "MINUTE"),
        ("5 Apr 2016 10:30:15 EST", "2016-04-05T15:30:15+00:00", "SECOND"),
        ("  2016-04-05  ", "2016-04-05T00:00:00+00:00", "DAY"),
    ],
)
def test_a_time_is_read_with_its_precision(text: str, at: str, precision: str) -> None:
    moment, problem = parse_time(text)
    assert problem is None
    assert moment is not None
    assert (moment.at.isoformat(), moment.precision, moment.until) == (at, precision, None)


@pytest.mark.parametrize(
    "text", ["2016-04-05T10:30:15", "2016-04-05 10:30", "Tue, 05 Apr 2016 10:30:15 -0000", "5 Apr 2016 10:30"]
)
def test_a_time_without_zone_is_taken_as_utc_and_says_so(text: str) -> None:
    moment, problem = parse_time(text)
    assert problem == "TIME_WITHOUT_ZONE"
    assert moment is not None
    assert moment.at.isoformat()[:16] == "2016-04-05T10:30"
    assert moment.at.utcoffset() is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Next Monday",
        "10:30",
        "April 5",
        "05/04/2016",
        "2016-13",
        "2016-02-30",
        "2016-04-05T25:00Z",
        "2016-04-05T10Z",
        "0000",
        "2016-04-05T10:30:15Z trailing",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1" * 5000,
        "٢٠١٦-٠٤-٠٥",
        "Tue, 99 Apr 2016 10:30:15 +0300",
        "5 Foo 2016 10:30:15 +0300",
        "2016-W60",
    ],
)
def test_what_cannot_be_read_for_certain_is_no_time(text: str) -> None:
    assert parse_time(text) == (None, "BAD_TIME")
