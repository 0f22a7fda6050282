"""What the projections share: cells of a table, days, and pairs of parties."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from pipeline.avro import Record
from pipeline.model import Event, EventType, Moment, Participant, Precision

# Where several actors without a recipient do it to each other.
MUTUAL = frozenset({EventType.AGREE, EventType.ASSAULT, EventType.CONSULT, EventType.COOPERATE})
INTERNATIONAL = frozenset({"UNO", "EUR"})

# The cells of a line, not yet as text.
Row = tuple[object, ...]
Pair = tuple[Participant | None, Participant | None]


def cell(value: object) -> str:
    """A cell of a line with tabs: no tab, no line break, no run of spaces; None is empty.

    No double quote either, which many readers take for the beginning of a cell with tabs.
    """
    return "" if value is None else " ".join(str(value).replace('"', "'").split())


def joined(values: Iterable[object]) -> str:
    """A list in a cell: ``;`` between the values, an empty one where nothing is known, so that lists stay parallel."""
    found = [cell(value).replace(";", ",") for value in values]
    return ";".join(found) if any(found) else ""


def told(record: Record) -> Iterator[Event]:
    """The events that are not negated: none of these formats can say that something did not happen."""
    return (event for event in record.events if not event.negated)


def first_day(moment: Moment | None) -> str:
    """The day, or the first one of a week, month or year; empty where there is none."""
    return moment.at.date().isoformat() if moment else ""


def last_day(moment: Moment) -> date:
    """The last day of the period that is stated."""
    day = moment.until.date() if moment.until else moment.at.date()
    if moment.until is None and moment.precision is Precision.WEEK:
        return day + timedelta(days=6)
    if moment.until is None and moment.precision is Precision.MONTH:
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day.replace(month=12, day=31) if moment.until is None and moment.precision is Precision.YEAR else day


def name(who: Participant) -> str:
    """The name, or the words where it has none."""
    return who.name or who.text


def identifier(who: Participant, scheme: str) -> str:
    """The id of this scheme; empty where there is none."""
    return next((each.id for each in who.ids if each.scheme == scheme), "")


def sectors(who: Participant) -> list[str]:
    """The sector and the further ones."""
    return [*([who.sector] if who.sector else []), *who.other_sectors]


def coded_pairs(record: Record) -> Iterator[tuple[Event, str, str, Pair]]:
    """For each source and target of each event: the event, an id of its own, the CAMEO code, the pair.

    None for events without a code. All actors go with all recipients, or with each other where it is mutual.
    """
    for event in told(record):
        if event.cameo is not None:
            for number, pair in enumerate(_pairs(event), 1):
                yield event, f"{event.event_id}-{number}", event.cameo, pair


def _pairs(event: Event) -> list[Pair]:
    if not event.recipients and event.type in MUTUAL and len(event.actors) > 1:
        return [(one, other) for one in event.actors for other in event.actors if one is not other]
    sources: list[Participant | None] = [*event.actors] or [None]
    targets: list[Participant | None] = [*event.recipients] or [None]
    return [(source, target) for source in sources for target in targets]
