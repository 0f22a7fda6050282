"""Rows as in ICEWS: one a pair of source and target, twenty columns, CAMEO codes."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.avro import Record
from pipeline.model import Participant
from pipeline.reader.projections import cells, scale

COLUMNS = (
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code",
    "Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher", "City",
    "District", "Province", "Country", "Latitude", "Longitude",
)  # fmt: skip


def rows(record: Record) -> Iterator[cells.Row]:
    """The cells of each pair, in the order of `COLUMNS`; events without a CAMEO code have none."""
    for event, id_, code, (source, target) in cells.coded_pairs(record):
        place = event.place
        yield (
            id_,
            cells.first_day(event.date),
            *_party(source),
            "/".join([event.type, *event.modes]),
            code,
            scale.goldstein(code),
            *_party(target),
            record.id,
            "",
            record.source,
            "",
            "",
            "",
            *((place.country, place.lat, place.lon) if place else ("", "", "")),
        )


def _party(who: Participant | None) -> cells.Row:
    if who is None:
        return "", "", ""
    return cells.name(who), cells.joined(cells.sectors(who)), who.country
