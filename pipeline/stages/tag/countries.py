"""Countries: names, demonyms, capitals and noted cities, read once from ``countries.tsv``.

Codes are ISO 3166-1 alpha-3 with XKX for Kosovo. Look-ups are exact but for a leading "the" and the apostrophe's form;
names of more than three letters are also found in capitals ("RUSSIA").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pipeline.stages.tag.tables import names, rows

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'"})


@dataclass(frozen=True, slots=True)
class Country:
    """One row: the first of ``names`` is the name we print, the first of ``capitals`` is the seat of government."""

    iso3: str
    iso2: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...]
    capitals: tuple[str, ...]
    cities: tuple[str, ...]


@cache
def countries() -> dict[str, Country]:
    """All countries by ISO 3166-1 alpha-3."""
    columns = ("names", "demonyms", "capitals", "cities")
    found = (
        Country(row["iso3"], row["iso2"], *(names(row[column]) for column in columns)) for row in rows("countries.tsv")
    )
    return {country.iso3: country for country in found}


def country_of(name: str) -> str | None:
    """The country of that name ("Russia", "the U.S.", "RUSSIA") as ISO 3166-1 alpha-3, or None."""
    return _look_up(_names(), name)


def country_of_demonym(word: str) -> str | None:
    """The country of a demonym or people ("Russian", "Russians", "Briton", "U.S."), or None."""
    return _look_up(_demonyms(), word)


def country_of_capital(name: str) -> str | None:
    """The country whose capital this is, or None."""
    return _look_up(_capitals(), name)


def country_of_city(name: str) -> str | None:
    """The country of a capital or noted city, or None."""
    return country_of_capital(name) or _look_up(_cities(), name)


def is_people(word: str) -> bool:
    """Whether the word names the people themselves ("Russians", "Britons"), not only their adjective."""
    return _key(word) in _peoples()


def plural(demonym: str) -> tuple[str, ...]:
    """The plural of a demonym, none where it has none ("Chinese", "Polish") or is one already ("Frenchmen")."""
    unchanging = ("ese", "sh", "ch", "s", "men", ".")
    return () if demonym.endswith(unchanging) or len(demonym) < 3 else (f"{demonym}s",)


def _key(name: str) -> str:
    name = " ".join(name.translate(_APOSTROPHES).split())
    return name[4:] if name[:4].lower() == "the " else name


def _look_up(table: dict[str, str], name: str) -> str | None:
    return table.get(_key(name))


def _table(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names to codes, also in capitals unless those make another word ("US", "CAR"); the first row wins."""
    exact: dict[str, str] = {}
    for name, iso3 in pairs:
        exact.setdefault(_key(name), iso3)
    return {name.upper(): iso3 for name, iso3 in exact.items() if len(name) > 3} | exact


@cache
def _names() -> dict[str, str]:
    return _table((name, country.iso3) for country in countries().values() for name in country.names)


@cache
def _capitals() -> dict[str, str]:
    return _table((name, country.iso3) for country in countries().values() for name in country.capitals)


@cache
def _cities() -> dict[str, str]:
    return _table((name, country.iso3) for country in countries().values() for name in country.cities)


@cache
def _demonyms() -> dict[str, str]:
    words = [(word, country.iso3) for country in countries().values() for word in country.demonyms]
    return _table([*words, *((many, iso3) for word, iso3 in words for many in plural(word))])


@cache
def _peoples() -> frozenset[str]:
    words = (word for country in countries().values() for word in country.demonyms)
    plurals = {many for word in words for many in plural(word)}
    return frozenset(plurals | {many.upper() for many in plurals})
