"""Rows as in POLECAT: one an event, forty columns, lists joined by ``;``."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.avro import Record
from pipeline.model import EntityType, Event, Participant, Place, TaggedArticle
from pipeline.reader.projections import cells

PARTY = (
    "{} Name",
    "{} Country",
    "{} COW",
    "Primary {} Sector",
    "{} Sectors",
    "{} Title",
    "{} Name Raw",
    "Wikipedia {} ID",
)
COLUMNS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    *(column.format("Actor") for column in PARTY),
    *(column.format("Recipient") for column in PARTY),
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename",
    "Feature Type", "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language",
    "Version",
)  # fmt: skip
QUADS = {1: "VERBAL COOPERATION", 2: "MATERIAL COOPERATION", 3: "VERBAL CONFLICT", 4: "MATERIAL CONFLICT"}


def rows(record: Record) -> Iterator[cells.Row]:
    """The cells of each event, in the order of `COLUMNS`."""
    story = tuple(_named(record, kind) for kind in (EntityType.PERSON, EntityType.ORGANISATION, EntityType.PLACE))
    for event in cells.told(record):
        yield (
            event.event_id,
            cells.first_day(event.date),
            event.type,
            cells.joined(event.modes),
            event.intensity,
            QUADS.get(event.quad, ""),
            cells.joined(event.contexts),
            *_party(event.actors),
            *_party(event.recipients),
            *_place(event, record),
            record.source,
            cells.first_day(record.published_at),
            *story,
            record.language,
            f"wiredesk {record.provenance.pipeline_version}",
        )


def _party(side: tuple[Participant, ...]) -> cells.Row:
    return (
        cells.joined(cells.name(who) for who in side),
        cells.joined(who.country for who in side),
        "",
        cells.joined(who.sector for who in side),
        cells.joined(",".join(cells.sectors(who)) for who in side),
        "",
        cells.joined(who.text for who in side),
        cells.joined(cells.identifier(who, "wikidata") for who in side),
    )


def _place(event: Event, record: Record) -> cells.Row:
    place = event.place
    if place is None:
        return ("",) * 10
    position = (place.lat, place.lon)
    name, country = place.name or place.text, place.country
    return (name, "", "", "", country, *position, _geonames(place, record), place.text, "")


def _geonames(place: Place, record: Record) -> str:
    """The id, which only the whole article knows."""
    if not isinstance(record, TaggedArticle) or place.entity is None:
        return ""
    entities = record.entities[place.entity : place.entity + 1]
    return next((each.id for entity in entities for each in entity.ids if each.scheme == "geonames"), "")


def _named(record: Record, kind: EntityType) -> str:
    """The names of the story, which only the whole article knows."""
    entities = record.entities if isinstance(record, TaggedArticle) else ()
    return cells.joined(entity.name for entity in entities if entity.type is kind)
