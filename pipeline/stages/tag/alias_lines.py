"""One line of an alias table: its cells checked, each problem told with its column, its value and what to do."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from pipeline.model import EntityType, Identifier
from pipeline.stages.tag.tables import rows

COLUMNS = ("alias", "name", "type", "scheme", "id", "country", "role", "valid_from", "valid_to")
TYPES = tuple(kind.value for kind in EntityType if kind is not EntityType.UNKNOWN)
BODIES = frozenset({"UNO", "EUR", "IGO", "NGO", "ISM", "IMG", "MNC"})

# What no cell may hold: control characters, line and paragraph separators, what shows nothing, half characters.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff\ud800-\udfff]")
_STRAY = re.compile(r"^\s|\s$|\s\s")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without problems of its own; dates are the first and the last day."""

    number: int
    alias: str
    name: str
    type: EntityType
    id: Identifier | None
    country: str | None
    role: str | None
    valid_from: date | None
    valid_to: date | None


def checked(number: int, cells: Sequence[str]) -> tuple[Line | None, list[str]]:
    """The cells of a line, one for each of ``COLUMNS``, as a value, or everything that is wrong with them."""
    raw = dict(zip(COLUMNS, cells, strict=True))
    problems = [problem for column, value in raw.items() for problem in _unclean(column, value)]
    cell = {column: " ".join(_UNSEEN.sub("", value).split()) for column, value in raw.items()}
    problems += _incomplete(cell)
    if cell["country"] and cell["country"] not in countries():
        problems.append(_no_country(cell["country"]))
    first = _day(cell, "valid_from", problems)
    last = _day(cell, "valid_to", problems)
    if first and last and last < first:
        problems.append(
            f"valid_to {cell['valid_to']!r} is before valid_from {cell['valid_from']!r}: correct one of them"
        )
    if problems:
        return None, problems
    id_ = Identifier(cell["scheme"], cell["id"]) if cell["scheme"] else None
    kind, country, role = EntityType(cell["type"]), cell["country"] or None, cell["role"] or None
    return Line(number, cell["alias"], cell["name"], kind, id_, country, role, first, last), []


def _unclean(column: str, value: str) -> Iterator[str]:
    if unseen := _UNSEEN.search(value):
        yield f"{column} {value!r} holds the control character or invisible sign U+{ord(unseen[0]):04X}: take it out"
    if _STRAY.search(value):
        yield f"{column} {value!r} has a space at its beginning or end, or two in a row: take it out"


def _incomplete(cell: dict[str, str]) -> Iterator[str]:
    for column in ("alias", "name"):
        if not cell[column]:
            yield f"{column} is empty: every line needs one"
        elif not any(character.isalnum() for character in cell[column]):
            yield f"{column} {cell[column]!r} has no letter and no digit: give the words as they stand in a text"
    if cell["type"] not in TYPES:
        said = f"type {cell['type']!r} is unknown" if cell["type"] else "type is empty"
        yield f"{said}: give one of {' '.join(TYPES)}"
    if cell["scheme"] and not cell["id"]:
        yield f"scheme {cell['scheme']!r} without an id: give the id, or leave both empty"
    if cell["id"] and not cell["scheme"]:
        yield f"id {cell['id']!r} without a scheme: say whose it is, such as wikidata, or leave both empty"
    if " " in cell["scheme"]:
        yield f"scheme {cell['scheme']!r} has a space: give one word, such as wikidata"
    for column in ("valid_from", "valid_to"):
        if cell[column] and not cell["role"]:
            yield f"{column} {cell[column]!r} without a role: give the role that the date is about, or take it out"


def _day(cell: dict[str, str], column: str, problems: list[str]) -> date | None:
    """The first day of the period in ``valid_from``, the last one of that in ``valid_to``; a wrong date is noted."""
    text = cell[column]
    if not text:
        return None
    if match := _DATE.fullmatch(text):
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            start = date(year or 0, month or 1, day or 1)
        except ValueError:
            pass
        else:
            if day or column == "valid_from":
                return start
            month = month or 12
            return date(start.year, month, calendar.monthrange(start.year, month)[1])
    problems.append(f"{column} {text!r} is no date: give YYYY, YYYY-MM or YYYY-MM-DD")
    return None


def _no_country(code: str) -> str:
    near = {short: long for long, short in countries().items() if short} | {
        "EU": "EUR",
        "UN": "UNO",
        "UK": "GBR",
        "XKK": "XKX",
    }
    meant = near.get(code.upper()) or (code.upper() if code.upper() in countries() else None)
    hint = (
        f": give {meant}" if meant else f": give ISO 3166-1 alpha-3, such as FRA, or one of {' '.join(sorted(BODIES))}"
    )
    return f"country {code!r} is unknown{hint}"


@cache
def countries() -> dict[str, str]:
    """Every code that may stand in ``country``, with its ISO 3166-1 alpha-2; "" for those that are no territory."""
    today = {
        row["iso3"]: row["code"].upper()
        for row in rows("territories.tsv")
        if row["iso3"] and "-" not in row["code"] and not row["former"]
    }
    return today | dict.fromkeys(sorted(BODIES), "")
