"""What every schema promises (schemas/README.md), and that the dataclasses are the schemas."""

from __future__ import annotations

import types
import typing
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import pytest

from pipeline import avro, model
from pipeline.resources import folder

NAMES = sorted(path.stem for path in folder("schemas").glob("*.avsc"))
DEFINITIONS = {name: avro.definition(name) for name in NAMES}
PRIMITIVE = {str: {"string"}, int: {"int", "long"}, float: {"double"}, bool: {"boolean"}}

# A field without a default can never be removed within wiredesk.v1: this list is a promise, and must not grow.
WITHOUT_DEFAULT = {
    "TaggedArticle": ["id", "revision", "processed_at", "provenance"],
    "ArticleEvents": ["id", "revision", "processed_at", "provenance"],
    "Span": ["start", "end", "text"],
    "Mention": ["start", "end", "text"],
    "DateMention": ["start", "end", "text", "value"],
    "Participant": ["start", "end", "text"],
    "Place": ["start", "end", "text"],
    "Moment": ["at"],
    "Dateline": ["text"],
    "CopyOf": ["id"],
    "Identifier": ["scheme", "id"],
    "Entity": ["name"],
    "Event": ["event_id", "trigger", "evidence"],
    "Count": ["min"],
    "Provenance": [],
}


def _agrees(kind: Any, schema: Any) -> bool:
    """Whether a Python type and an Avro type hold the same values."""
    if typing.get_origin(kind) is types.UnionType:
        inner = [each for each in typing.get_args(kind) if each is not type(None)]
        return isinstance(schema, list) and len(schema) == 2 and schema[0] == "null" and _agrees(inner[0], schema[1])
    if typing.get_origin(kind) is tuple:
        return (
            isinstance(schema, dict)
            and schema["type"] == "array"
            and _agrees(typing.get_args(kind)[0], schema["items"])
        )
    if kind is datetime:
        return bool(schema == {"type": "long", "logicalType": "timestamp-micros"})
    if is_dataclass(kind) or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return bool(schema == f"wiredesk.v1.{kind.__name__}")
    return schema in PRIMITIVE[kind]


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_named_after_the_type_and_documented(name: str) -> None:
    definition = DEFINITIONS[name]
    assert f"{definition['namespace']}.{definition['name']}" == name
    assert definition["doc"].strip()


@pytest.mark.parametrize("name", [name for name in NAMES if DEFINITIONS[name]["type"] == "record"])
def test_the_fields_are_those_of_the_dataclass_in_its_order(name: str) -> None:
    kind = getattr(model, DEFINITIONS[name]["name"])
    hints = typing.get_type_hints(kind)
    schema_fields = DEFINITIONS[name]["fields"]
    assert [field["name"] for field in schema_fields] == [field.name for field in fields(kind)]
    for field in schema_fields:
        assert _agrees(hints[field["name"]], field["type"]), f"{name}.{field['name']}: {field['type']}"


@pytest.mark.parametrize("name", [name for name in NAMES if DEFINITIONS[name]["type"] == "enum"])
def test_the_symbols_are_those_of_the_enum_and_it_can_grow(name: str) -> None:
    definition = DEFINITIONS[name]
    assert definition["symbols"] == list(getattr(model, definition["name"]))
    assert definition["default"] == "UNKNOWN"
    assert "UNKNOWN" in definition["symbols"]


@pytest.mark.parametrize("name", [name for name in NAMES if DEFINITIONS[name]["type"] == "record"])
def test_only_what_no_record_can_do_without_has_no_default(name: str) -> None:
    definition = DEFINITIONS[name]
    without = [field["name"] for field in definition["fields"] if "default" not in field]
    assert without == WITHOUT_DEFAULT[definition["name"]]


def test_every_type_is_used_by_a_record_that_is_sent() -> None:
    used: set[str] = set()

    def walk(name: str) -> None:
        if name not in used:
            used.add(name)
            for reference in NAMES:
                if f"'{reference}'" in repr(DEFINITIONS[name].get("fields", "")):
                    walk(reference)

    for record in avro.RECORDS:
        walk(record)
    assert used == set(NAMES)
