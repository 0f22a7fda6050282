"""ISO 3166 codes and Wikidata ids of countries and their parts, read once from ``territories.tsv``.

Its code is ISO 3166-1 alpha-2 in lower case ("fr", "hk", "xk"); a part of a country has its own after a hyphen
("us-tx", "gb-sct"), mostly but not always that of ISO 3166-2, which is why parts get a Wikidata id alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.model import Identifier
from pipeline.stages.tag.tables import rows


@dataclass(frozen=True, slots=True)
class _Territory:
    """One row: ``iso3`` is the country's where this is a part of one."""

    code: str
    wikidata: str
    iso3: str | None
    name: str
    former: bool


@cache
def territory_ids(iso2: str) -> tuple[Identifier, ...]:
    """The ids of a country or territory ("FR", "HK") or of a part of one ("US-TX"); empty if the table has none."""
    territory = _territories().get(iso2.lower())
    if territory is None:
        return ()
    wikidata = Identifier("wikidata", territory.wikidata)
    return (wikidata,) if "-" in iso2 else (Identifier("iso3166", iso2.upper()), wikidata)


@cache
def former_ids(name: str) -> tuple[Identifier, ...]:
    """The Wikidata id of a state that is no more ("Soviet Union", "Yugoslavia"), which is not that of its successor."""
    name = {"USSR": "Soviet Union", "U.S.S.R.": "Soviet Union"}.get(name, name)
    return tuple(
        Identifier("wikidata", territory.wikidata)
        for territory in _territories().values()
        if territory.former and territory.name == name
    )


@cache
def iso3_of(iso2: str) -> str | None:
    """ISO 3166-1 alpha-3 of an alpha-2 code, XKX for Kosovo; None for what is no territory of today."""
    territory = _territories().get(iso2.lower())
    return None if territory is None or territory.former else territory.iso3


@cache
def parts() -> tuple[tuple[str, str, str], ...]:
    """States, provinces and the like as (code, English name, country in alpha-3).

    Parts that another power holds or that no longer exist are none of them: a text that says "Crimea" does not mean
    the unit which the occupier made.
    """
    return tuple(
        (territory.code, territory.name, territory.iso3)
        for territory in _territories().values()
        if "-" in territory.code and territory.iso3
    )


@cache
def _territories() -> dict[str, _Territory]:
    return {
        row["code"]: _Territory(row["code"], row["wikidata"], row["iso3"] or None, row["name"], row["former"] == "yes")
        for row in rows("territories.tsv")
    }
