"""The names we know without reading: countries, regions, organisations and peoples, from the tables of this stage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from pipeline.model import EntityType, MentionKind
from pipeline.stages.tag.countries import Country, countries, plural
from pipeline.stages.tag.tables import names, rows

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'"})
_MONEY = re.compile(r"\s?[$€£]")  # US$ 5 million
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\w+")


@dataclass(frozen=True, slots=True)
class Known:
    """What a table says of a name. Equal ``key``: the same thing. ``iso2`` only for countries themselves."""

    key: str
    type: EntityType
    label: str
    name: str
    country: str | None = None
    sector: str | None = None
    iso2: str | None = None
    kind: MentionKind = MentionKind.NAME
    city: bool = False


def look_up(name: str) -> Known | None:
    """What the tables say of this name, its apostrophes in either form."""
    return _known().get(name.translate(_APOSTROPHES))


def is_money(text: str, end: int) -> bool:
    """Whether the name that ends here is part of a sum: "US$ 5 million"."""
    return _MONEY.match(text, end) is not None


def scan(text: str, *, capitals: bool = False) -> Iterator[tuple[int, int, Known]]:
    """The known names in a text, longest first, without overlap, at word boundaries: (start, end, what).

    Cities other than capitals are left out: too many are also words ("Nice", "Split") or people's names.
    ``capitals``: the text is written in capitals, where short acronyms are left out, since they look like words.
    """
    index = _index()
    plain = text.translate(_APOSTROPHES)
    after = 0
    for word in _WORD.finditer(plain):
        if word.start() < after:
            continue
        for name, known in index.get(word.group(), ()):
            end = word.start() + len(name)
            if plain.startswith(name, word.start()) and not plain[end : end + 1].isalnum():
                if not (capitals and len(name) <= 3 and "." not in name) and not is_money(plain, end):
                    yield word.start(), end, known
                    after = end
                break


@cache
def _index() -> dict[str, list[tuple[str, Known]]]:
    """First word of a name -> the names that begin with it, longest first."""
    index: dict[str, list[tuple[str, Known]]] = {}
    for name, known in _known().items():
        if not known.city and (first := _WORD.match(name)):
            index.setdefault(first.group(), []).append((name, known))
    for candidates in index.values():
        candidates.sort(key=lambda pair: -len(pair[0]))
    return index


@cache
def _known() -> dict[str, Known]:
    table: dict[str, Known] = {}
    for name, known in [*_regions(), *_organisations(), *_groups(), *_countries()]:
        plain = name.translate(_APOSTROPHES).removeprefix("The ").removeprefix("the ")
        table.setdefault(plain, known)
    for name, known in list(table.items()):
        if len(name) > 3:
            table.setdefault(name.upper(), known)
    return table


def _countries() -> Iterator[tuple[str, Known]]:
    for country in countries().values():
        place = Known(country.iso3, EntityType.PLACE, "GPE", country.names[0], country.iso3, iso2=country.iso2)
        yield from ((name, place) for name in country.names)
        yield from _demonyms(country, place)
    for country in countries().values():
        for city in country.capitals:
            yield city, _city(country, city)
        for city in country.cities:
            yield city, replace(_city(country, city), city=True)


def _demonyms(country: Country, place: Known) -> Iterator[tuple[str, Known]]:
    for word in country.demonyms:
        yield word, replace(place, kind=MentionKind.NOMINAL)
        for people in plural(word):
            yield people, Known(people, EntityType.GROUP, "NORP", people, country.iso3)


def _city(country: Country, name: str) -> Known:
    first = country.capitals[0] if name in country.capitals and country.iso3 != "PSE" else name
    return Known(f"{country.iso3}:{first}", EntityType.PLACE, "GPE", name, country.iso3)


def _regions() -> Iterator[tuple[str, Known]]:
    for row in rows("regions.tsv"):
        forms = names(row["names"])
        place = Known(forms[0], EntityType.PLACE, "LOC", forms[0], row["country"] or None)
        yield from ((name, place) for name in forms)
        for word in names(row["adjectives"]):
            yield word, replace(place, kind=MentionKind.NOMINAL)
            yield from ((many, Known(many, EntityType.GROUP, "NORP", many, place.country)) for many in plural(word))


def _organisations() -> Iterator[tuple[str, Known]]:
    for row in rows("organisations.tsv"):
        forms = names(row["names"])
        known = Known(forms[0], EntityType.ORGANISATION, "ORG", forms[0], row["country"] or None, row["sector"] or None)
        yield from ((name, known) for name in forms)


def _groups() -> Iterator[tuple[str, Known]]:
    for row in rows("groups.tsv"):
        forms = names(row["names"])
        group = Known(forms[0], EntityType.GROUP, "NORP", forms[0])
        yield from ((name, group) for name in forms)
        yield from ((word, replace(group, kind=MentionKind.NOMINAL)) for word in names(row["adjectives"]))
