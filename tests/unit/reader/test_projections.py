"""Records in the forms of other event data, through the real command line.

What is expected stands in ``projected/``; ``WIREDESK_REWRITE=1`` rewrites it: look at the difference.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from wire import article, send

from pipeline.broker.connection import Connection
from pipeline.cli import main
from pipeline.model import (
    Count,
    DateSource,
    Entity,
    EntityType,
    Event,
    EventType,
    Field,
    Identifier,
    Moment,
    Participant,
    Place,
    Precision,
    Span,
    TaggedArticle,
)
from pipeline.reader import projections
from pipeline.reader.projections import cells, scale

EXPECTED = Path(__file__).parent / "projected"


def day(year: int, month: int, number: int, precision: Precision = Precision.DAY) -> Moment:
    return Moment(datetime(year, month, number, tzinfo=UTC), precision)


def who(text: str, country: str | None, *sectors: str, name: str | None = None, wikidata: str = "") -> Participant:
    ids = (Identifier("wikidata", wikidata),) if wikidata else ()
    return Participant(Field.BODY, 0, len(text), text, None, name, ids, country, *sectors[:1] or (None,), sectors[1:])


CHILE = who("The Chilean president", "CHL", "GOV", name="Ana Torre", wikidata="Q1")
PERU = who("Peru", "PER", "GOV", name="Peru")
UN = who("the U.N.", "UNO", name="United Nations", wikidata="Q1065")
REPORTERS = who('two\treporters; one "freelance"', None, "JRN", "CVL")
LIMA = Place(Field.BODY, 40, 44, "Lima", 1, "Lima", "PER", -12.04, -77.03)


def event(id_: str, type_: EventType, cameo: str | None, **fields: object) -> Event:
    sentence = Span(Field.BODY, 10, 60, "They met\nin Lima; it was warm.")
    quad = {EventType.CONSULT: 1, EventType.COERCE: 4}.get(type_, 3)
    base = Event(
        id_, type_, (), quad, 2.5, cameo, Span(Field.BODY, 15, 18, "met"), sentence, (), (), (), day(2024, 3, 4), None,
        DateSource.PUBLISHED, None, (), None, False, False, False, False, None, None, None, None, (), None, 0.8,
    )  # fmt: skip
    return replace(base, **fields)  # type: ignore[arg-type]


EVENTS = (
    event("e1", EventType.CONSULT, "042", modes=("visit",), actors=(CHILE,), recipients=(PERU,), place=LIMA,
          contexts=("diplomatic", "economic")),
    event("e2", EventType.CONSULT, "040", actors=(CHILE, PERU, UN)),
    event("e3", EventType.COERCE, "173", modes=("arrest",), actors=(PERU,), recipients=(REPORTERS, CHILE),
          date=day(2024, 2, 1, Precision.MONTH), arrested=Count(2, None, "at least two")),
    event("e4", EventType.COERCE, None, modes=("seize",), recipients=(PERU,)),
    event("e5", EventType.AGREE, "036", actors=(CHILE,), future=True, date=None, date_source=None),
    event("e7", EventType.ACCUSE, "112", actors=(who("They", None),)),
    event("e6", EventType.ACCUSE, "112", actors=(CHILE,), recipients=(PERU,), negated=True),
)  # fmt: skip
LIMA_ENTITY = Entity(EntityType.PLACE, "GPE", "Lima", (), (Identifier("geonames", "3936456"),), "PER")
STORY: TaggedArticle = replace(
    article(1),
    source="Example News",
    url="https://example.org/1",
    published_at=day(2024, 3, 5),
    entities=(Entity(EntityType.PERSON, "PERSON", "Ana Torre", ()), LIMA_ENTITY),
    events=EVENTS,
)


@pytest.mark.parametrize("form", projections.FORMATS)
def test_golden(form: str, connection: Connection, topic: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    send(connection, topic, [STORY, article(2)])
    assert main(["read", "--kafka_brokers", connection.brokers, "--topic", topic, "--format", form]) == 0
    out = capfdbinary.readouterr().out
    path = EXPECTED / f"{form}.{'jsonl' if form == projections.PLOVER else 'tsv'}"
    if os.environ.get("WIREDESK_REWRITE"):
        path.write_bytes(out)
    assert out == path.read_bytes()


def test_these_forms_read_the_topic_of_events(
    connection: Connection, topic: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WIREDESK_EVENTS_TOPIC", topic)
    send(connection, topic, [STORY])
    assert main(["read", "--kafka_brokers", connection.brokers, "--format", "polecat"]) == 0
    assert capfd.readouterr().out.splitlines()[1].startswith("e1\t2024-03-04\tCONSULT\tvisit")


@pytest.mark.parametrize("form", projections.TABLES)
def test_every_row_has_the_cells_of_the_heading(form: str) -> None:
    width = len(projections.heading(form).split(b"\t"))
    rows = list(projections.lines(form, STORY))
    assert rows
    assert {len(row.split(b"\t")) for row in rows} == {width}
    assert width == {"polecat": 40, "icews": 20, "phoenix": 26}[form]


@pytest.mark.parametrize("form", projections.FORMATS)
def test_a_negated_event_is_left_out(form: str) -> None:
    assert not any(b"e6" in line for line in projections.lines(form, STORY))


@pytest.mark.parametrize("form", ["icews", "phoenix"])
def test_parties_become_pairs(form: str) -> None:
    ids = [line.split(b"\t")[0].decode() for line in projections.lines(form, STORY)]
    assert ids == [
        "e1-1",
        *(f"e2-{n}" for n in range(1, 7)),
        "e3-1",
        "e3-2",
        "e5-1",
        *(["e7-1"] if form == "icews" else []),
    ]


@pytest.mark.parametrize(
    ("moment", "last"),
    [
        (day(2024, 2, 1, Precision.MONTH), date(2024, 2, 29)),
        (day(2024, 2, 26, Precision.WEEK), date(2024, 3, 3)),
        (day(2024, 1, 1, Precision.YEAR), date(2024, 12, 31)),
        (day(2024, 2, 1), date(2024, 2, 1)),
        (Moment(datetime(2024, 2, 1, tzinfo=UTC), Precision.DAY, datetime(2024, 2, 9, tzinfo=UTC)), date(2024, 2, 9)),
    ],
)
def test_a_period_ends_with_its_last_day(moment: Moment, last: date) -> None:
    assert cells.last_day(moment) == last


def test_plover_has_what_the_manual_requires() -> None:
    objects = [json.loads(line) for line in projections.lines(projections.PLOVER, STORY)]
    assert all({"id", "date", "actor", "event"} <= each.keys() for each in objects)


@pytest.mark.parametrize(
    ("code", "weight", "quad"),
    [("042", 1.9, 1), ("1952", -10.0, 4), ("0831", 5.0, 2), ("160", -4.0, 3), ("020", 3.0, 0), ("99", None, None)],
)
def test_a_code_has_the_weight_of_what_it_begins_with(code: str, weight: float | None, quad: int | None) -> None:
    assert (scale.goldstein(code), scale.quad(code)) == (weight, quad)


def test_every_root_of_cameo_has_a_weight_and_a_class() -> None:
    roots = [f"{root:02}" for root in range(1, 21)]
    assert all(scale.goldstein(root) is not None and scale.quad(root) is not None for root in roots)
