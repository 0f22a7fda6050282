"""The dateline at the head of a story: "MOSCOW, April 5 (Reuters) - ".

Conservative: a place in capitals before a dash, or an agency in brackets, is needed; before a colon, capitals and a day
("CAIRO, 25 July 2022: "). A place in mixed case or no place at all needs a known agency (``dateline_words.tsv``).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache

from pipeline.model import Dateline, Moment, Precision
from pipeline.stages.clean.tables import rows

_MAX_CHARS = 120
_DASH = r"(?:\s{1,3}(?:--|[-–—_])(?=\s|$)|\s{0,3}[–—]|(?<=\))\s{0,3}(?:--|[-_])|\s?:(?=\s))"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAY = r"\d{1,2}"
_DATE = (
    rf"(?:(?P<weekday>{_WEEKDAY})|(?:{_WEEKDAY},? )?"
    rf"(?:(?P<month>{_MONTH}) (?P<day>{_DAY})|(?P<day2>{_DAY}) (?P<month2>{_MONTH}))(?:,? (?P<year>\d{{4}}))?)"
)
_AGENCY = r"\((?P<agency>[^()]{2,40})\)"
_HEAD = re.compile(
    rf"(?P<place>[^()]{{2,80}}?)?(?:,? ?(?<![^\s,]){_DATE}\.?)?"
    rf"(?:[,.]? ?(?:{_AGENCY}|/(?P<slashed>[A-Z][\w -]{{1,20}})/\.?))?",
    re.IGNORECASE,
)
_SEPARATED = re.compile(rf"(?P<head>.{{2,{_MAX_CHARS}}}?)(?P<dash>{_DASH})\s*")
# Indian and Russian agencies write no dash: "New Delhi, Apr 5 (PTI) The ...", "MOSCOW, April 5. /TASS/. The ...".
_UNSEPARATED = re.compile(
    rf"(?P<head>[^()]{{0,{_MAX_CHARS}}}?(?:\([^()]{{2,40}}\)|/[A-Z][\w -]{{1,20}}/))(?P<dash>[.:]?)\s+"
)
_PLACE_WORD = re.compile(r"[^\W\d_][\w.'’-]*\.?")
_MAX_PLACE_WORDS = 4
_MAX_PLACE_PARTS = 3


def split_dateline(line: str, published_at: Moment | None) -> tuple[Dateline | None, str]:
    """Split the dateline off the first line of a story.

    Args:
        line: the line, stripped.
        published_at: gives the year of "April 5" and the date of "Monday".

    Returns:
        The dateline and the rest of the line (``""`` if the line held nothing else), or None and the line.
        ``text`` ends with the dash; ``place`` is as written ("GROSSETO, Italy", "BEIRUT/GENEVA"); ``date`` is a day.
    """
    for match in (_SEPARATED.match(line), _UNSEPARATED.match(line)):
        if match is None:
            continue
        head = _HEAD.fullmatch(match["head"].strip())
        rest = line[match.end() :]
        if head is not None and _is_dateline(head, rest, has_dash=match["dash"].strip() not in ("", ".", ":")):
            place = (head["place"] or "").strip(" ,") or None
            return Dateline(line[: match.end()].rstrip(), place, _date(head, published_at)), rest.strip()
    return None, line


def _is_dateline(head: re.Match[str], rest: str, *, has_dash: bool) -> bool:
    agency = head["agency"] or head["slashed"]
    known = agency is not None and bool(_agencies() & {name.strip() for name in re.split(r"[/,]", agency)})
    place = (head["place"] or "").strip(" ,")
    if not place:
        return known
    if not _is_place(place):
        return False
    in_capitals = place.split(",")[0].upper() == place.split(",")[0]
    if not has_dash:
        return known or (in_capitals and (head["month"] or head["month2"]) is not None)
    if agency is not None:
        return known or (in_capitals and agency[:1].isupper())
    return in_capitals and rest[:1] != "" and not rest[0].islower() and any(letter.islower() for letter in rest)


def _is_place(place: str) -> bool:
    parts = [part.strip() for part in re.split(r",|/| and (?=[A-Z])", place)]
    if len(parts) > _MAX_PLACE_PARTS or parts[0].split(" ")[0].upper() in _not_places():
        return False
    return all(_is_place_name(part) for part in parts)


def _is_place_name(part: str) -> bool:
    words = part.split()
    if not 1 <= len(words) <= _MAX_PLACE_WORDS or not all(_PLACE_WORD.fullmatch(word) for word in words):
        return False
    return words[0][0].isupper() and sum(letter.isalpha() for letter in part) >= 2


def _date(head: re.Match[str], published_at: Moment | None) -> Moment | None:
    if head["weekday"]:
        return _weekday(head["weekday"], published_at)
    month, day = head["month"] or head["month2"], head["day"] or head["day2"]
    if not month:
        return None
    number = _MONTHS.index(month[:3].lower()) + 1
    years = [int(head["year"])] if head["year"] else []
    if not years and published_at is not None:
        year = published_at.at.year
        years = [year] if published_at.precision is Precision.YEAR else [year, year - 1, year + 1]
    days = [moment for year in years if (moment := _day(year, number, int(day))) is not None]
    if published_at is None or len(days) < 2:
        return Moment(days[0], Precision.DAY) if days else None
    return Moment(min(days, key=lambda moment: abs(moment - published_at.at)), Precision.DAY)


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:  # 30 February, or 29 in the wrong year
        return None


def _weekday(name: str, published_at: Moment | None) -> Moment | None:
    """The last such day up to the day of publication."""
    if published_at is None or published_at.precision not in (Precision.SECOND, Precision.MINUTE, Precision.DAY):
        return None
    day = published_at.at.replace(hour=0, minute=0, second=0, microsecond=0)
    back = timedelta(days=(day.weekday() - _DAYS.index(name[:3].lower())) % 7)
    if day - datetime.min.replace(tzinfo=UTC) < back:
        return None
    return Moment(day - back, Precision.DAY)


@cache
def _agencies() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("dateline_words.tsv") if row["kind"] == "AGENCY")


@cache
def _not_places() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("dateline_words.tsv") if row["kind"] == "NOT_A_PLACE")
