"""`wiredesk schemas check` says what is wrong, and nothing about what is right."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastavro
import pytest

from pipeline import avro, schema_check
from pipeline.resources import folder

Definition = dict[str, Any]
Edit = Callable[[Path, Callable[[Definition], object]], None]


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder("schemas"), tmp_path / "schemas"))


def edit(path: Path, change: Callable[[Definition], object]) -> None:
    definition = json.loads(path.read_text())
    change(definition)
    path.write_text(json.dumps(definition))


def field(definition: Definition, name: str) -> Definition:
    return next(each for each in definition["fields"] if each["name"] == name)


def release(schemas: Path, number: int) -> None:
    """Release what stands in the folder, as the README says."""
    for name in avro.RECORDS:
        schema = avro.self_contained(name, schemas)
        (schemas / "released" / name / f"{number}.avsc").write_text(avro.as_json(schema))
    edit(schemas / "released" / "fingerprints.json", lambda book: book.update(_entries(schemas)))


def _entries(schemas: Path) -> Definition:
    import hashlib

    entries: Definition = {name: {} for name in avro.RECORDS}
    for each in avro.read_releases(schemas):
        digest = hashlib.sha256(each.path.read_bytes()).hexdigest()
        entries[each.name][str(each.number)] = {"crc64_avro": each.fingerprint.hex(), "sha256": digest}
    return entries


def test_our_own_schemas_break_no_rule() -> None:
    assert schema_check.violations(folder("schemas")) == []


RULES: list[tuple[str, Callable[[Definition], object], str]] = [
    ("Count", lambda d: d.pop("doc"), "wiredesk.v1.Count: has no doc"),
    ("Count", lambda d: field(d, "min").pop("doc"), "wiredesk.v1.Count: field min has no doc"),
    ("Action", lambda d: d.pop("default"), "wiredesk.v1.Action: the enum needs the symbol and the default UNKNOWN"),
    ("Count", lambda d: field(d, "max").pop("default"), "field max is a union: it must be"),
    ("Count", lambda d: field(d, "max").update(type=["long", "null"], default=0), "field max is a union: it must be"),
    ("Event", lambda d: field(d, "modes").pop("default"), "field modes is a list: it needs the default []"),
    ("Event", lambda d: field(d, "cameo").update(type=["null", {"type": "map", "values": "string"}]), "cameo is a map"),
    ("Count", lambda d: d.update(name="Counts"), "the file is named after another type than it defines"),
    ("Count", lambda d: field(d, "max").update(type=["null", "wiredesk.v1.Count"]), "refers to itself"),
    ("Moment", lambda d: field(d, "until").update(type=["null", "wiredesk.v1.Dateline"]), "refers to itself"),
    ("Count", lambda d: field(d, "text").update(type="wiredesk.v1.Nothing"), "not a valid Avro schema"),
]


@pytest.mark.parametrize(("name", "change", "expected"), RULES)
def test_a_broken_rule_is_named(
    schemas: Path, name: str, change: Callable[[Definition], object], expected: str
) -> None:
    edit(schemas / f"wiredesk.v1.{name}.avsc", change)
    assert any(expected in violation for violation in schema_check.violations(schemas))


def test_a_released_file_that_was_edited_is_named(schemas: Path) -> None:
    path = schemas / "released" / avro.TAGGED_ARTICLE / "1.avsc"
    path.write_text(path.read_text().replace("Who wrote it.", "Who wrote this."))
    assert any("1: the file was edited" in violation for violation in schema_check.violations(schemas))


def test_a_released_file_that_is_gone_is_named(schemas: Path) -> None:
    (schemas / "released" / avro.ARTICLE_EVENTS / "1.avsc").unlink()
    assert "wiredesk.v1.ArticleEvents release 1: the file is gone: releases stay" in schema_check.violations(schemas)


def test_a_change_that_is_not_released_is_named_for_each_record_that_holds_it(schemas: Path) -> None:
    new = {"name": "unit", "type": ["null", "string"], "doc": "What is counted.", "default": None}
    edit(schemas / "wiredesk.v1.Count.avsc", lambda d: d["fields"].append(new))
    message = "the schema in force is not the newest release: release it as 2.avsc"
    assert schema_check.violations(schemas) == [f"{name}: {message}" for name in sorted(avro.RECORDS)]
    release(schemas, 2)
    assert schema_check.violations(schemas) == []


@pytest.mark.parametrize(
    ("name", "change", "reasons"),
    [
        (
            "Count",
            lambda d: d["fields"].append({"name": "unit", "type": "string", "doc": "What."}),
            ["release 2 cannot read release 1: events[].dead.unit is missing and has no default"],
        ),
        (
            "Event",
            lambda d: d["fields"].remove(field(d, "trigger")),
            ["release 1 cannot read release 2: events[].trigger is missing and has no default"],
        ),
        (
            "Event",
            lambda d: field(d, "quad").update(type="long"),
            ["release 1 cannot read release 2: events[].quad is long, not int"],
        ),
        (
            "Moment",
            lambda d: field(d, "at").update(type={"type": "long", "logicalType": "timestamp-millis"}),
            ["release 1 cannot read release 2: dateline.date.at is timestamp-millis, not timestamp-micros"],
        ),
        (
            "Event",
            lambda d: field(d, "evidence").update(type="wiredesk.v1.Mention"),
            ["release 1 cannot read release 2: events[].evidence is wiredesk.v1.Mention, not wiredesk.v1.Span"],
        ),
    ],
)
def test_what_a_reader_of_another_release_cannot_read_is_named(
    schemas: Path, name: str, change: Callable[[Definition], object], reasons: list[str]
) -> None:
    edit(schemas / f"wiredesk.v1.{name}.avsc", change)
    release(schemas, 2)
    found = schema_check.violations(schemas)
    for reason in reasons:
        assert f"wiredesk.v1.TaggedArticle: {reason}" in found


def test_a_new_symbol_and_a_new_field_with_a_default_are_readable_both_ways(schemas: Path) -> None:
    edit(schemas / "wiredesk.v1.EventType.avsc", lambda d: d["symbols"].append("NEGOTIATE"))
    new = {"name": "rank", "type": "int", "doc": "Place among the events.", "default": 0}
    edit(schemas / "wiredesk.v1.Event.avsc", lambda d: d["fields"].insert(3, new))
    release(schemas, 2)
    assert schema_check.violations(schemas) == []


PAIRS: list[tuple[Any, Any, Any]] = [
    ("long", "int", 3),
    ("int", "long", 3),
    ("double", "int", 3),
    (["null", "string"], "string", "a"),
    ("string", ["null", "string"], None),
    ("string", "int", 3),
    ({"type": "array", "items": "long"}, {"type": "array", "items": "int"}, [1]),
    ({"type": "array", "items": "string"}, {"type": "array", "items": "int"}, [1]),
]


@pytest.mark.parametrize(("reader", "writer", "value"), PAIRS)
def test_the_check_agrees_with_what_fastavro_can_read(reader: Any, writer: Any, value: Any) -> None:
    import io

    body = io.BytesIO()
    fastavro.schemaless_writer(body, fastavro.parse_schema(writer), value)
    body.seek(0)
    try:
        fastavro.schemaless_reader(body, fastavro.parse_schema(writer), fastavro.parse_schema(reader))
    except fastavro.read.SchemaResolutionError:
        readable = False
    else:
        readable = True
    assert (schema_check.unreadable(reader, writer) == []) == readable
