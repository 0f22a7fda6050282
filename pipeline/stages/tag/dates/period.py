"""Periods of the calendar: a day, a week, a month, a year, how they are written and how one counts with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pipeline.model import Moment, Precision

_ORDER = (Precision.DAY, Precision.WEEK, Precision.MONTH, Precision.YEAR)


@dataclass(frozen=True, slots=True)
class Period:
    """A period: ``start`` is its first day; ``until`` the first day of the last such period of a stated range."""

    start: date
    precision: Precision
    until: date | None = None

    @property
    def value(self) -> str:
        """ISO 8601: ``2016-04-05``, ``2016-W13``, ``2016-02``, ``2016``."""
        if self.precision == Precision.WEEK:
            year, week, _ = self.start.isocalendar()
            return f"{year:04}-W{week:02}"
        length = {Precision.MONTH: 7, Precision.YEAR: 4}.get(self.precision, 10)
        return self.start.isoformat()[:length]

    @property
    def moment(self) -> Moment:
        """The same for the record: aware UTC."""
        return Moment(_midnight(self.start), self.precision, _midnight(self.until) if self.until else None)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def containing(day: date, precision: Precision) -> Period:
    """The day, ISO week, month or year that the day is in."""
    if precision == Precision.WEEK:
        return Period(day - timedelta(days=day.weekday()), precision)
    if precision == Precision.MONTH:
        return Period(day.replace(day=1), precision)
    if precision == Precision.YEAR:
        return Period(day.replace(month=1, day=1), precision)
    return Period(day, Precision.DAY)


def moved(day: date, count: int, unit: Precision) -> Period | None:
    """The period ``count`` units after (or before) the one that the day is in; None outside the calendar."""
    try:
        if unit in (Precision.DAY, Precision.WEEK):
            return containing(day + timedelta(days=count * (7 if unit == Precision.WEEK else 1)), unit)
        months = day.year * 12 + day.month - 1 + count * (12 if unit == Precision.YEAR else 1)
        return containing(date(months // 12, months % 12 + 1, 1), unit)
    except (ValueError, OverflowError):
        return None


def coarser(one: Precision, other: Precision) -> Precision:
    """The less exact of two."""
    return max(one, other, key=_ORDER.index)


def day_of(year: int, month: int, day: int) -> Period | None:
    """A day; None if there is no such day."""
    try:
        return Period(date(year, month, day), Precision.DAY)
    except ValueError:
        return None
