"""Rows as in Phoenix: one a pair of source and target, 26 columns, CAMEO codes for events and actors."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.avro import Record
from pipeline.model import Event, Participant
from pipeline.reader.projections import cells, scale

COLUMNS = (
    "EventID", "Date", "Year", "Month", "Day", "SourceActorFull", "SourceActorEntity", "SourceActorRole",
    "SourceActorAttribute", "TargetActorFull", "TargetActorEntity", "TargetActorRole", "TargetActorAttribute",
    "EventCode", "EventRootCode", "QuadClass", "GoldsteinScale", "Issues", "Lat", "Lon", "LocationName", "StateName",
    "CountryCode", "SentenceID", "URLs", "NewsSources",
)  # fmt: skip
# CAMEO calls the press MED and medicine HLH; PLOVER has changed that.
CAMEO_SECTORS = {"JRN": "MED", "MED": "HLH"}


def rows(record: Record) -> Iterator[cells.Row]:
    """The cells of each pair, in the order of `COLUMNS`; none without a CAMEO code, nor where neither has a code."""
    for event, id_, code, (source, target) in cells.coded_pairs(record):
        parties = (*_actor(source), *_actor(target))
        if not any(parties):
            continue
        day = cells.first_day(event.date)
        yield (
            id_,
            day.replace("-", ""),
            *(day.split("-") if day else ("", "", "")),
            *parties,
            code,
            code[:2],
            scale.quad(code),
            scale.goldstein(code),
            cells.joined(f"{context},1" for context in event.contexts),
            *_place(event),
            f"{record.id}_{event.evidence.start}",
            record.url,
            record.source,
        )


def _actor(who: Participant | None) -> tuple[str, str, str, str]:
    """Full code, country or kind of organisation, role, and the rest."""
    if who is None:
        return "", "", "", ""
    country = who.country or ""
    root, *own = ("IGO", country) if country in cells.INTERNATIONAL else (country,)
    role, *more = [CAMEO_SECTORS.get(sector, sector) for sector in cells.sectors(who)] or [""]
    return "".join([root, *own, role, *more]), root, role, ";".join([*own, *more])


def _place(event: Event) -> cells.Row:
    place = event.place
    if place is None:
        return ("",) * 5
    name = place.name or place.text
    return place.lat, place.lon, name, "", place.country
