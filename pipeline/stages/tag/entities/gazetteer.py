"""The names we know without reading: countries, regions, organisations and peoples, from the tables of this stage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain

from pipeline.model import EntityType, Identifier, MentionKind
from pipeline.stages.tag.aliases import AliasTable, Listed, read_aliases, term_on
from pipeline.stages.tag.countries import Country, countries, plural
from pipeline.stages.tag.entities.cities import city_names
from pipeline.stages.tag.entities.companies import companies
from pipeline.stages.tag.entities.matcher import APOSTROPHES, Matcher
from pipeline.stages.tag.entities.regions import regions
from pipeline.stages.tag.tables import names, rows

_MONEY = re.compile(r"\s?[$€£]")  # US$ 5 million


LABELS = {
    EntityType.PERSON: "PERSON",
    EntityType.PLACE: "LOC",
    EntityType.ORGANISATION: "ORG",
    EntityType.EVENT: "EVENT",
    EntityType.OBJECT: "LAW",
    EntityType.GROUP: "NORP",
}
"""The model's labels for what the model did not find."""
SHORT = 3
"""Letters up to which a name in capitals is taken for an acronym."""
# Also given names, or the names of a country or a city.
AMBIGUOUS_STATES = frozenset({"Georgia", "Victoria", "Virginia", "Washington", "Punjab"})


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
    ids: tuple[Identifier, ...] = ()
    ambiguous: bool = False
    listed: Listed | None = None


def look_up(name: str) -> Known | None:
    """What the tables say of this name, its apostrophes in either form."""
    plain = name.translate(APOSTROPHES)
    if plain.isupper() and len(plain) > SHORT:
        plain = _written().table.get(plain, plain)
    return _known().get(plain)


def is_money(text: str, end: int) -> bool:
    """Whether the name that ends here is part of a sum: "US$ 5 million"."""
    return _MONEY.match(text, end) is not None


def scan(text: str) -> Iterator[tuple[int, int, Known]]:
    """The known names in a text, longest first, without overlap, at word boundaries: (start, end, what).

    Names that are also words or people's names ("Nice", "Jackson", "Apple") are known but not looked for.
    """
    return ((start, end, known) for start, end, known in _matcher().find(text) if not is_money(text, end))


def scan_capitals(text: str) -> Iterator[tuple[int, int, str]]:
    """The known names in a text in capitals, and how running text writes them.

    Acronyms of up to three letters are left out, since they look like words: "US", "WHO".
    """
    return _written().find(text)


@cache
def _written() -> Matcher[str]:
    return Matcher(
        {
            name.upper(): name
            for name, known in reversed(_known().items())
            if not known.ambiguous and (len(name) > SHORT or "." in name)
        }
    )


@cache
def _matcher() -> Matcher[Known]:
    names = {name: known for name, known in _known().items() if not known.ambiguous}
    capitals = {name.upper(): known for name, known in names.items() if len(name) > SHORT}
    return Matcher(capitals | names)


@cache
def _known() -> dict[str, Known]:
    table: dict[str, Known] = {}
    lists = (
        _officials(),
        _regions(),
        _organisations(),
        _facilities(),
        _groups(),
        _countries(),
        _states(),
        _cities(),
        _companies(),
    )
    for name, known in chain(*lists):
        plain = name.translate(APOSTROPHES).removeprefix("The ").removeprefix("the ")
        table.setdefault(plain, known)
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
            yield city, replace(_city(country, city), ambiguous=True)


def known_state(name: str) -> Known | None:
    """A state or province by its own name, which may also be that of a country or a city."""
    return _state_table().get(name)


@cache
def _state_table() -> dict[str, Known]:
    return dict(reversed(list(_states())))


def _officials() -> Iterator[tuple[str, Known]]:
    """Our officials, by the names that no two of them share."""
    yield from ((name, meant[0]) for name, meant in _by_name(officials()).items() if len(meant) == 1)


def of_listed(listed: Listed) -> Iterator[tuple[str, Known]]:
    """The names of a thing of an alias table, or of our own list of officials."""
    key = f"listed:{listed.type}:{listed.name}"
    known = Known(key, listed.type, LABELS[listed.type], listed.name, listed.country, listed=listed, ids=listed.ids)
    yield from ((alias, known) for alias in listed.aliases)


@cache
def officials() -> tuple[Listed, ...]:
    """Our own list of officials, with offices that are valid on certain days."""
    folder = files("pipeline.stages.tag")
    names_of_files = sorted(file.name for file in folder.iterdir() if file.name.startswith("officials_"))
    text = [folder.joinpath(name).read_text("utf-8") for name in names_of_files]
    return tuple(listed for one in text for listed in read_aliases(one)[0])


@cache
def officials_by_surname() -> dict[str, tuple[Listed, ...]]:
    """The last word of each official's names -> the officials."""
    found: dict[str, dict[str, Listed]] = {}
    for listed in officials():
        for alias in listed.aliases:
            found.setdefault(alias.split()[-1], {})[listed.name] = listed
    return {surname: tuple(people.values()) for surname, people in found.items()}


@lru_cache(maxsize=2)
def _own(table: AliasTable) -> Matcher[tuple[Known, ...]]:
    """The user's names with all that each may mean; two tables at most are in use, the old and the new."""
    return Matcher(_by_name(table.listed))


def scan_own(text: str, table: AliasTable, day: date | None) -> Iterator[tuple[int, int, Known]]:
    """The names of the user's alias table in a text: (start, end, what).

    Of several things of one name it is the one that has a role on that day; where that does not decide, none.
    """
    for start, end, meant in _own(table).find(text):
        in_office = [known for known in meant if day and known.listed and term_on(known.listed, day)]
        chosen = meant if len(meant) == 1 else in_office
        if len(chosen) == 1:
            yield start, end, chosen[0]


def _by_name(listed: Iterable[Listed]) -> dict[str, tuple[Known, ...]]:
    found: dict[str, list[Known]] = {}
    for one in listed:
        for name, known in of_listed(one):
            plain = name.translate(APOSTROPHES)
            plain = plain[4:] if plain[:4].lower() == "the " else plain
            found.setdefault(plain, []).append(known)
    return {name: tuple(meant) for name, meant in found.items()}


def _states() -> Iterator[tuple[str, Known]]:
    """States and provinces; their abbreviations are for what follows a city (see `cities`)."""
    for region in regions():
        ids = [("geonames", region.geonames), ("wikidata", region.wikidata)]
        state = Known(
            f"region:{region.country}:{region.name}",
            EntityType.PLACE,
            "GPE",
            region.name,
            region.country,
            ids=tuple(Identifier(scheme, value) for scheme, value in ids if value),
            ambiguous=region.name in AMBIGUOUS_STATES or region.admin1 is None,
        )
        yield region.name, state


def _cities() -> Iterator[tuple[str, Known]]:
    """Cities that nearly always mean one place; which one, `link` decides."""
    for name in city_names():
        yield name, Known(f"city:{name}", EntityType.PLACE, "GPE", name)


def _companies() -> Iterator[tuple[str, Known]]:
    for company in companies():
        known = Known(
            f"company:{company.name}",
            EntityType.ORGANISATION,
            "ORG",
            company.name,
            company.country,
            "BUS",
            ids=company.ids,
        )
        yield from ((name, known) for name in company.names)
        yield from ((name, replace(known, ambiguous=True)) for name in company.context_names)


def _facilities() -> Iterator[tuple[str, Known]]:
    for row in rows("facilities.tsv"):
        forms = names(row["names"])
        sector = "GOV" if row["kind"] == "seat" else None  # "the Kremlin said": who sits there
        place = Known(forms[0], EntityType.PLACE, "FAC", forms[0], row["country"] or None, sector)
        yield from ((name, place) for name in forms)


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
        states = (state for name in forms if (state := known_state(name)))
        state = next((state for state in states if state.country == row["country"]), None)
        place = Known(forms[0], EntityType.PLACE, "LOC", forms[0], row["country"] or None)
        place = replace(state, ambiguous=False) if state else place
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
