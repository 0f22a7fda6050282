"""What the package rigour knows of countries and their parts: ISO 3166 codes and Wikidata ids, under rigour's codes.

rigour's code is ISO 3166-1 alpha-2 in lower case ("fr", "hk", "xk"); a part of a country has its own after a hyphen
("us-tx", "gb-sct"), mostly but not always that of ISO 3166-2, which is why parts get a Wikidata id alone.
"""

from __future__ import annotations

from functools import cache

from rigour.territories import get_territories, get_territory

from pipeline.model import Identifier
from pipeline.stages.tag.countries import countries


@cache
def territory_ids(iso2: str) -> tuple[Identifier, ...]:
    """The ids of a country or territory ("FR", "HK") or of a part of one ("US-TX"); empty if rigour has none."""
    territory = get_territory(iso2)
    if territory is None:
        return ()
    wikidata = Identifier("wikidata", territory.qid)
    return (wikidata,) if "-" in iso2 else (Identifier("iso3166", iso2.upper()), wikidata)


@cache
def former_ids(name: str) -> tuple[Identifier, ...]:
    """The Wikidata id of a state that is no more ("Soviet Union", "Yugoslavia"), which is not that of its successor."""
    name = {"USSR": "Soviet Union", "U.S.S.R.": "Soviet Union"}.get(name, name)
    return tuple(
        Identifier("wikidata", territory.qid)
        for territory in get_territories()
        if territory.is_historical and territory.parent is None and territory.name == name
    )


@cache
def iso3_of(iso2: str) -> str | None:
    """ISO 3166-1 alpha-3 of an alpha-2 code, XKX for Kosovo; None for what is no territory of today."""
    territory = get_territory(iso2)
    if territory is None or territory.alpha3 is None or territory.is_historical:
        return None
    return territory.alpha3.upper()


@cache
def parts() -> tuple[tuple[str, str, str], ...]:
    """States, provinces and the like as (rigour's code, English name, country in alpha-3).

    Left out are the parts that somebody else holds or that no longer exist: rigour has them under ids of the occupying
    power's making, and a text that says "Crimea" does not mean that.
    """
    iso3 = {country.iso2.lower(): country.iso3 for country in countries().values()}
    return tuple(
        (territory.code, territory.name.removesuffix(" (USA)"), iso3[land])
        for territory in get_territories()
        if (land := territory.code.partition("-")[0]) in iso3 and land != territory.code
        if not territory.is_historical and "(" not in territory.name.removesuffix(" (USA)")
    )
