"""Records for people and for programs: a table, JSON lines, or an Avro file on standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from pipeline.avro import Record
from pipeline.model import Event, Moment, Precision, TaggedArticle
from pipeline.reader import projections
from pipeline.reader.json_form import to_json

Printer = Callable[[Record], None]


class _Console(Console):
    """Leaves a closed pipe to the command line's frame; rich would end the command with exit code 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


@contextmanager
def printer(form: str) -> Iterator[Printer]:
    """What shows one record after the other on standard output: as json, table, avro or a form of other event data."""
    if form == "avro":
        from pipeline.avro import to_fields
        from pipeline.reader.files import avro_writer

        writer = avro_writer(sys.stdout.buffer, "wiredesk.v1.TaggedArticle")
        yield lambda record: writer.write(to_fields(record))
        writer.flush()
    elif form == "table":
        yield partial(_table, _Console(markup=False, emoji=False))  # a headline may hold [brackets] and :words:
    elif form in projections.FORMATS:
        if heading := projections.heading(form):
            sys.stdout.buffer.write(heading + b"\n")
        yield partial(_projected, form)
    else:
        yield _line


def _projected(form: str, record: Record) -> None:
    sys.stdout.buffer.writelines(line + b"\n" for line in projections.lines(form, record))


def _line(record: Record) -> None:
    sys.stdout.buffer.write(to_json(record) + b"\n")


def _table(console: Console, record: Record) -> None:
    console.print()
    published = when(record.published_at) if record.published_at else "no date"
    article = record if isinstance(record, TaggedArticle) else None
    headline = (article and article.headline) or record.id
    console.print(Text(headline, "bold"), f" {record.id}  {published}", highlight=False)
    events = Table(
        Column("event", no_wrap=True),
        Column("who", overflow="fold"),  # nothing is cut, however narrow the terminal
        Column("to whom", overflow="fold"),
        Column("when", no_wrap=True),
        Column("where", overflow="fold"),
        Column("flags", overflow="fold"),
        title="events",
        title_justify="left",
    )
    for event in record.events:
        events.add_row(*_event_row(event))
    entities = Table("type", "name", "country", "mentions", title="entities", title_justify="left")
    for entity in article.entities if article else ():
        entities.add_row(entity.type, entity.name, entity.country or "", str(len(entity.mentions)))
    for table in (events, entities):
        if table.row_count:
            console.print(table)
    if article and article.problems:
        console.print("problems: " + ", ".join(article.problems))


def _event_row(event: Event) -> tuple[str, ...]:
    flags = [name for name in ("negated", "future", "hypothetical", "historical") if getattr(event, name)]
    return (
        "/".join([event.type, *event.modes]),
        ", ".join(actor.name or actor.text for actor in event.actors),
        ", ".join(recipient.name or recipient.text for recipient in event.recipients),
        when(event.date) if event.date else "",
        event.place.name or event.place.text if event.place else "",
        " ".join(flags),
    )


def when(moment: Moment) -> str:
    """A moment as ISO 8601 of its precision: ``2016-04-05``, ``2016-W13``, ``2016-02``."""
    forms = {Precision.DAY: "%Y-%m-%d", Precision.WEEK: "%G-W%V", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}
    return moment.at.strftime(forms.get(moment.precision, "%Y-%m-%dT%H:%MZ"))
