"""Which city a name means: "Paris" is in France, "Paris, Texas" is not, and "Hyderabad" depends on the article."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache

from pipeline.stages.tag.countries import countries as known_countries
from pipeline.stages.tag.countries import country_of
from pipeline.stages.tag.entities.city_data import City, cities, is_own, named, plain, without_accents
from pipeline.stages.tag.entities.regions import regions_named
from pipeline.stages.tag.entities.words import given_names
from pipeline.stages.tag.tables import rows

# Below this a city gets no id.
SURE = 0.7
# Places that are in no list, as if they were one town of so many people.
_UNLISTED = 20_000
_LARGE, _LARGEST = 100_000, 500_000
_NAME = re.compile(r"[^\W\d_](?:[-' .]{0,2}[^\W\d_]){3,}")


def cities_named(name: str) -> tuple[City, ...]:
    """Every city of that name, own or other, without regard to accents and capitals; the largest first."""
    return tuple(sorted((cities()[at] for at in named(name)), key=lambda city: -city.population))


def choose_city(
    name: str, *, after: str | None, countries: Mapping[str, float], article_country: str | None
) -> tuple[City, float] | None:
    """Choose the city that a name means in an article.

    Each city of that name weighs

        population * name * fame * (1 + 200 * country + 50 * home)

    where ``name`` is 1 for its own name and 1/10 for another one, or 0 if another city of that country has it for its
    own; ``fame`` is 10 for a capital and 5 for a city that ``countries.tsv`` names (both count as 100 000 people at
    least), else 1; ``country`` is its country's share of all the weights in ``countries``; ``home`` is 1 if its country
    is ``article_country``. The confidence is the share of the heaviest among all of them and a town of 20 000 people,
    which stands for the places that no list has.

    A region or country after the comma decides: only cities in it remain, with that name of their own if there are
    any, and one that is left alone is certain (0.98). If none is in it, there is no answer, however large the city
    elsewhere.

    Args:
        name: as it stands in the text, without what follows the comma.
        after: the words after the comma ("Texas", "Ont.", "France"); words that are no region or country are ignored.
        countries: how much the article speaks of each country (ISO 3166-1 alpha-3), in any unit.
        article_country: the country of the dateline or the source.

    Returns:
        The city with a confidence of `SURE` to 1, or None: unknown or undecided.
    """
    found = cities_named(name)
    if after and (lands := _lands(after)):
        found = tuple(city for city in found if (city.country, city.admin1) in lands or (city.country, None) in lands)
        own = tuple(city for city in found if is_own(city, plain(name)))
        found = own or found
        if len(found) == 1:
            return found[0], 0.98
    total = sum(countries.values()) or 1
    weights = [
        _prior(city, plain(name), found)
        * (1 + 200 * countries.get(city.country, 0) / total + 50 * (city.country == article_country))
        for city in found
    ]
    if not weights:
        return None
    best = max(range(len(found)), key=weights.__getitem__)
    confidence = weights[best] / (sum(weights) + _UNLISTED)
    return (found[best], round(confidence, 3)) if confidence >= SURE else None


def _lands(words: str) -> set[tuple[str, str | None]]:
    """The countries and regions that words after a comma may mean, as (alpha-3, GeoNames' admin1 or None for all)."""
    regions = {(region.country, region.admin1) for region in regions_named(words)}
    country = country_of(words.rstrip("."))
    # England is a country in our table, and a region.
    return regions | ({(country, None)} if country and country not in {land for land, _ in regions} else set())


def _prior(city: City, name: str, rivals: Collection[City]) -> float:
    """How likely a name means a city before the article is looked at, in people."""
    fame = _fames().get((city.country, name), 1)
    people = max(city.population, 100_000) * fame if fame > 1 else city.population
    if is_own(city, name):
        return people
    return 0 if any(is_own(one, name) for one in rivals if one.country == city.country) else people / 10


@cache
def _fames() -> dict[tuple[str, str], int]:
    noted = {(country.iso3, plain(city)): 5 for country in known_countries().values() for city in country.cities}
    capitals = {(country.iso3, plain(city)): 10 for country in known_countries().values() for city in country.capitals}
    return noted | capitals


def city_names() -> Iterator[str]:
    """Names that are safe to look for in a text: those that mean a city of more than 100 000 people by default.

    Short names (up to five letters) must be of more than 500 000 people. Left out are names that are words, given
    names, surnames, companies, countries or other countries' states (``city_names.tsv``, ``given_names.txt``). They
    come with accents and without, and with the older and English names of ``city_names.tsv``.
    """
    table = rows("city_names.tsv")
    also = [row["name"] for row in table if row["geonames"]]
    unsafe = given_names().union(row["name"] for row in table if not row["geonames"])
    for name in dict.fromkeys((*_own_names(), *also)):
        if name in unsafe or country_of(name) or not _NAME.fullmatch(name):
            continue
        chosen = choose_city(name, after=None, countries={}, article_country=None)
        if chosen is None or any(region.country != chosen[0].country for region in regions_named(name)):
            continue
        if chosen[0].population > (_LARGE if len(name) > 5 else _LARGEST):
            yield name


def _own_names() -> Iterator[str]:
    for city in cities():
        if city.population > _LARGE:
            yield city.name
            if not city.name.isascii():
                yield without_accents(city.name)
