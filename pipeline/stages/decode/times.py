"""Times as senders write them, read with the precision they state and never filled from the clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.failures.reasons import Reason
from pipeline.model import Moment, Precision

_MAX_CHARS = 64
_YEAR = re.compile(r"(\d{4})(?:-(\d\d))?")
_WEEK = re.compile(r"\d{4}-?W\d\d")
_DATE = re.compile(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d-?\d")
_DATE_TIME = re.compile(r"[\dW-]{8,10}[T ]\d\d:?\d\d(?P<seconds>:?\d\d(?:[.,]\d+)?)?\s?(?:Z|[+-]\d\d(?::?\d\d)?)?")
_RFC_2822 = re.compile(r"[A-Z]{3},? \d{1,2} [A-Z]{3} \d{2,4} \d{1,2}:\d\d(?P<seconds>:\d\d)?(?: \S+)?", re.IGNORECASE)
_RFC_2822_NO_DAY = re.compile(r"\d{1,2} [A-Z]{3} \d{2,4} \d{1,2}:\d\d(?P<seconds>:\d\d)?(?: \S+)?", re.IGNORECASE)


def parse_time(text: str) -> tuple[Moment | None, Reason | None]:
    """Read an ISO 8601 or RFC 2822 time.

    Args:
        text: ``2016-04-05T10:30:00Z``, ``2016-04-05``, ``2016-04``, ``2016``, ``2016-W14``,
            ``Tue, 05 Apr 2016 10:30:00 +0300`` and their usual variants.

    Returns:
        The start of the stated period in UTC with its precision, and a problem: BAD_TIME (then there is no moment) or
        TIME_WITHOUT_ZONE (a time of day that names no zone, or one not known, was taken as UTC).
    """
    text = text.strip()
    if len(text) > _MAX_CHARS or not text.isascii():
        return None, Reason.BAD_TIME
    try:
        return _parse(text)
    except (ValueError, OverflowError, TypeError, IndexError):  # what the two parsers raise for what they cannot read
        return None, Reason.BAD_TIME


def _parse(text: str) -> tuple[Moment | None, Reason | None]:
    if match := _YEAR.fullmatch(text):
        precision = Precision.MONTH if match[2] else Precision.YEAR
        return Moment(datetime(int(match[1]), int(match[2] or 1), 1, tzinfo=UTC), precision), None
    if _WEEK.fullmatch(text) or _DATE.fullmatch(text):
        precision = Precision.WEEK if _WEEK.fullmatch(text) else Precision.DAY
        return Moment(datetime.fromisoformat(text).replace(tzinfo=UTC), precision), None
    if match := _DATE_TIME.fullmatch(text.upper()):
        time = datetime.fromisoformat(re.sub(r"\s(?=Z|[+-]\d\d)", "", text.upper()))
    elif match := _RFC_2822.fullmatch(text) or _RFC_2822_NO_DAY.fullmatch(text):
        time = parsedate_to_datetime(text)
    else:
        return None, Reason.BAD_TIME
    precision = Precision.SECOND if match["seconds"] else Precision.MINUTE
    if time.tzinfo is None:
        return Moment(time.replace(tzinfo=UTC), precision), Reason.TIME_WITHOUT_ZONE
    return Moment(time.astimezone(UTC), precision), None
