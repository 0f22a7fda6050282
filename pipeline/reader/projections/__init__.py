"""Records in the forms of other event data: POLECAT, ICEWS and Phoenix as tables with tabs, PLOVER's own JSON.

Column by column in ``docs/events.md``. Negated events are left out: none of these forms can say that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import orjson

from pipeline.avro import Record
from pipeline.reader.projections import icews, phoenix, plover, polecat
from pipeline.reader.projections.cells import Row, cell


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns, and how a record becomes rows of as many cells."""

    columns: tuple[str, ...]
    rows: Callable[[Record], Iterator[Row]]


TABLES = {
    "icews": Table(icews.COLUMNS, icews.rows),
    "phoenix": Table(phoenix.COLUMNS, phoenix.rows),
    "polecat": Table(polecat.COLUMNS, polecat.rows),
}
PLOVER = "plover_jsonl"
FORMATS = (*TABLES, PLOVER)


def heading(form: str) -> bytes:
    """The first line, with the names of the columns; empty for JSON. Without a newline at its end."""
    return b"" if form == PLOVER else "\t".join(TABLES[form].columns).encode()


def lines(form: str, record: Record) -> Iterator[bytes]:
    """The lines of a record, none where it has no events; UTF-8, without a newline at their ends."""
    if form == PLOVER:
        yield from map(orjson.dumps, plover.objects(record))
    else:
        yield from ("\t".join(map(cell, row)).encode() for row in TABLES[form].rows(record))
