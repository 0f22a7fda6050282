"""JSON objects with the fields of the PLOVER manual (2024), one an event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.avro import Record
from pipeline.model import Count, Event, Participant
from pipeline.reader.projections import cells


def objects(record: Record) -> Iterator[dict[str, Any]]:
    """One object an event; what is not known is left out."""
    for event in cells.told(record):
        yield _without_nothing(_event(event, record))


def _event(event: Event, record: Record) -> dict[str, Any]:
    moment = event.date
    return {
        "id": event.event_id,
        "has_event": True,
        "date": cells.first_day(moment) or None,
        "enddate": cells.last_day(moment).isoformat() if moment else None,
        "actor": [_party(who) for who in event.actors],
        "recipient": [_party(who) for who in event.recipients],
        "event": [event.type],
        "mode": list(event.modes),
        "context": list(event.contexts),
        "quad_code": event.quad,
        "event_scale": event.intensity,
        "event_loc": event.place.text if event.place else None,
        "event_text": [event.trigger.text],
        "text": event.evidence.text,
        "text_info": {"start": event.evidence.start, "end": event.evidence.end},
        "size": {name: _count(getattr(event, name)) for name in ("dead", "injured", "arrested")},
        "location": _location(event),
        "link": record.url,
        "cite_info": {
            "citation": record.id,
            "url": record.url,
            "language": record.language,
            "publication": record.source,
        },
        "coder": f"wiredesk {record.provenance.pipeline_version}",
        "coded_date": record.processed_at.date().isoformat(),
        "coded_time": record.processed_at.strftime("%H:%M:%S"),
    }


def _party(who: Participant) -> dict[str, Any]:
    return {
        "code": who.country,
        "sector": cells.sectors(who),
        "entity_text": who.text,
        "identifier_id": cells.identifier(who, "wikidata") or None,
        "identifier_text": who.name,
    }


def _count(count: Count | None) -> int | str | None:
    """The number, or the range; a bound that is not known is left open."""
    if count is None or count.min == count.max:
        return count.min if count else None
    return f"{count.min}-{'' if count.max is None else count.max}"


def _location(event: Event) -> dict[str, Any]:
    place = event.place
    if place is None:
        return {}
    return {
        "extracted_place": place.text,
        "resolved_place": place.name,
        "lat": place.lat,
        "lon": place.lon,
        "country_code": place.country,
    }


def _without_nothing(value: Any) -> Any:
    """Without null, empty lists and empty objects; ``actor`` is required and stays."""
    if isinstance(value, list):
        return [_without_nothing(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _without_nothing(each) for key, each in value.items()}
    return {key: each for key, each in kept.items() if key in ("date", "actor") or each not in (None, [], {})}
