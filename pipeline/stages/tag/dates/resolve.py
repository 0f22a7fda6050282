"""What a matched date means, given the article's own date and which way the sentence looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.model import Precision
from pipeline.stages.tag.dates.grammar import MONTH_NUMBER, NUMBER, SEPTEMBER_11, UNIT, WEEKDAY_NUMBER
from pipeline.stages.tag.dates.period import Period, coarser, containing, day_of, moved
from pipeline.stages.tag.dates.tense import Direction


@dataclass(frozen=True, slots=True)
class Context:
    """What a date is resolved against.

    Attributes:
        anchor: the article's own date, None if it states none.
        last: the date named last before this one.
        direction: which way the sentence looks.
    """

    anchor: date | None
    last: Period | None
    direction: Direction


@dataclass(frozen=True, slots=True)
class Resolved:
    """A period, and whether the anchor was needed for it."""

    period: Period
    relative: bool


def resolve(kind: str, match: re.Match[str], context: Context) -> Resolved | None:
    """The period that a match of the grammar's pattern ``kind`` names, or None if it names none."""
    absolute = _absolute(kind, match)
    if absolute:
        return Resolved(absolute, relative=False)
    if context.anchor is None or match.groupdict().get("year"):
        return None
    try:
        period = _RELATIVE[kind](match, context.anchor, context) if kind in _RELATIVE else None
    except OverflowError:  # before the year 1 or after 9999
        return None
    return Resolved(period, relative=True) if period else None


def _absolute(kind: str, match: re.Match[str]) -> Period | None:
    found = match.groupdict()
    if kind == "numeric":
        return _numeric(int(found["first"]), int(found["second"]), int(found["year"]))
    if kind == "day" and found["month"].startswith("Sep") and found["day"] == "11" and _after(match, SEPTEMBER_11):
        return day_of(2001, 9, 11)
    if not found.get("year"):
        return None
    year = int(found["year"])
    if kind == "year":
        return Period(date(year, 1, 1), Precision.YEAR)
    month = int(found["number"]) if found.get("number") else MONTH_NUMBER[found["month"]]
    if kind == "month":
        return Period(date(year, month, 1), Precision.MONTH)
    return _with_range(day_of(year, month, int(found["day"])), found.get("last"))


def _after(match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    return pattern.match(match.string, match.end()) is not None


def _numeric(first: int, second: int, year: int) -> Period | None:
    """5/4/2016 is read differently in London and New York; only 25/4/2016 and 4/25/2016 are certain."""
    if first > 12:
        return day_of(year, second, first)
    return day_of(year, first, second) if second > 12 or first == second else None


def _with_range(first: Period | None, last: str | None) -> Period | None:
    if first is None or last is None or int(last) <= first.start.day:
        return first
    end = day_of(first.start.year, first.start.month, int(last))
    return Period(first.start, Precision.DAY, end.start) if end else first


def _day(match: re.Match[str], anchor: date, context: Context) -> Period | None:
    """As in "March 24": the one nearest to the article, on the side to which the sentence looks."""
    month, day = MONTH_NUMBER[match["month"]], int(match["day"])
    if match["which"]:
        return _with_range(day_of(_year(match["which"], anchor), month, day), match["last"])
    days = [found for year in (-1, 0, 1) if (found := day_of(anchor.year + year, month, day))]
    slack = timedelta(days=1)  # the wire's day is not everywhere the same
    if context.direction == Direction.PAST:
        days = [found for found in days if found.start - anchor <= slack]
    elif context.direction == Direction.FUTURE:
        days = [found for found in days if anchor - found.start <= slack]
    nearest = min(days, key=lambda found: abs(found.start - anchor), default=None)
    return _with_range(nearest, match["last"])


def _year(which: str, anchor: date) -> int:
    return anchor.year + {"last": -1, "this": 0, "next": 1}[which]


def _month(match: re.Match[str], anchor: date, context: Context) -> Period | None:
    """As in "in February": the last one, or the coming one where the sentence looks ahead."""
    month = MONTH_NUMBER[match["month"]]
    this = date(anchor.year, month, 1)
    turn = match["turn"]
    if match["which"]:
        return _safe_month(_year(match["which"], anchor), month)
    if turn == "this":
        return Period(this, Precision.MONTH)
    if turn == "next" or (turn is None and context.direction == Direction.FUTURE):
        later = month > anchor.month or (month == anchor.month and turn is None)
        return _safe_month(anchor.year if later else anchor.year + 1, month)
    earlier = month < anchor.month or (month == anchor.month and turn is None)
    return _safe_month(anchor.year if earlier else anchor.year - 1, month)


def _safe_month(year: int, month: int) -> Period | None:
    day = day_of(year, month, 1)
    return containing(day.start, Precision.MONTH) if day else None


def _weekday(match: re.Match[str], anchor: date, context: Context) -> Period | None:
    """As in "Tuesday": the last one, today included, or the next one where the sentence looks ahead."""
    since = (anchor.weekday() - WEEKDAY_NUMBER[match["weekday"]]) % 7
    until = (WEEKDAY_NUMBER[match["weekday"]] - anchor.weekday()) % 7
    turn = (match["turn"] or "").lower()
    if turn in ("last", "past"):
        return moved(anchor, -(since or 7), Precision.DAY)
    if turn in ("next", "coming"):
        return moved(anchor, until or 7, Precision.DAY)
    if context.direction == Direction.FUTURE:
        return moved(anchor, until, Precision.DAY)
    return moved(anchor, -since, Precision.DAY)


_NEAR = {
    "yesterday": -1,
    "last night": -1,
    "tomorrow": 1,
    "the day before yesterday": -2,
    "the day after tomorrow": 2,
}


def _near(match: re.Match[str], anchor: date, _: Context) -> Period | None:
    return moved(anchor, _NEAR.get(match["near"].lower(), 0), Precision.DAY)


def _turn(match: re.Match[str], anchor: date, _: Context) -> Period | None:
    count = {"last": -1, "this": 0, "next": 1}[match["turn"].lower()]
    unit = match["unit"].lower()
    if unit != "weekend":
        return moved(anchor, count, UNIT[unit])
    # On a weekend, "this weekend" is this one; on weekdays "last weekend" is the one before.
    saturday = anchor + timedelta(days=5 - anchor.weekday() + 7 * count)
    return Period(saturday, Precision.DAY, saturday + timedelta(days=1))


def _count(match: re.Match[str], anchor: date, context: Context) -> Period | None:
    number, unit, way = _number(match["count"]), UNIT[match["unit"].lower()], match["way"].lower()
    if way in ("ago", "from now"):
        return moved(anchor, number if way == "from now" else -number, unit)
    base = context.last or Period(anchor, Precision.DAY)
    return _from(base, number if way in ("later", "after that") else -number, unit)


def _apart(match: re.Match[str], _: date, context: Context) -> Period | None:
    """As in "on Monday, a week after he had met": what the clause tells was a week before that Monday."""
    number = _number(match["count"]) * (-1 if match["side"].lower() == "after" else 1)
    return _from(context.last, number, UNIT[match["unit"].lower()]) if context.last else None


def _step(match: re.Match[str], _: date, context: Context) -> Period | None:
    """As in "the next day": the one after the date named before."""
    return _from(context.last, 1, UNIT[match["unit"].lower()]) if context.last else None


def _from(base: Period, count: int, unit: Precision) -> Period | None:
    period = moved(base.start, count, unit)
    return containing(period.start, coarser(unit, base.precision)) if period else None


def _ahead(match: re.Match[str], anchor: date, context: Context) -> Period | None:
    """As in "in two weeks": a date where the sentence looks ahead, elsewhere how long something took."""
    if context.direction != Direction.FUTURE:
        return None
    return moved(anchor, _number(match["count"]), UNIT[match["unit"].lower()])


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else NUMBER[text.lower()]


_RELATIVE: dict[str, Callable[[re.Match[str], date, Context], Period | None]] = {
    "day": _day,
    "month": _month,
    "weekday": _weekday,
    "near": _near,
    "turn": _turn,
    "count": _count,
    "apart": _apart,
    "step": _step,
    "ahead": _ahead,
}
