"""The Avro schemas in ``schemas/``: what is in force, what was released, and how records turn into Avro's values.

``python -m pipeline.avro wiredesk.v1.TaggedArticle`` prints the self-contained copy that a release is made of.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import fastavro
from fastavro.schema import fingerprint as fastavro_fingerprint
from fastavro.schema import to_parsing_canonical_form
from pydantic import TypeAdapter

from pipeline.model import ArticleEvents, TaggedArticle
from pipeline.resources import folder

Record = TaggedArticle | ArticleEvents

TAGGED_ARTICLE = "wiredesk.v1.TaggedArticle"
ARTICLE_EVENTS = "wiredesk.v1.ArticleEvents"
RECORDS = (TAGGED_ARTICLE, ARTICLE_EVENTS)

#: The number of the namespace and of the newest release, as written into ``provenance.schema_version``.
SCHEMA_VERSION = "1.1"

#: A value begins with this and 8 bytes of fingerprint (Avro 1.12 specification, "Single-object encoding").
SINGLE_OBJECT_MARKER = b"\xc3\x01"

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Release:
    """A released schema: ``schemas/released/<name>/<number>.avsc``, never edited. ``fingerprint``: 8 bytes."""

    name: str
    number: int
    fingerprint: bytes
    schema: Schema
    path: Path


def definition(name: str, schemas: Path | None = None) -> Schema:
    """The JSON of ``<name>.avsc`` as it stands there: other named types by reference."""
    path = (schemas or folder("schemas")) / f"{name}.avsc"
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    return schema


def self_contained(name: str, schemas: Path | None = None) -> Schema:
    """The schema of a record with every named type written out where it is first used.

    Raises:
        FileNotFoundError: a type is referred to that has no file.
    """
    schemas = schemas or folder("schemas")
    seen: set[str] = set()

    def resolve(node: Any) -> Any:
        if isinstance(node, str) and "." in node:
            return node if node in seen else define(node)
        if isinstance(node, list):
            return [resolve(each) for each in node]
        if isinstance(node, dict):
            return {key: resolve(value) if key in {"type", "items"} else value for key, value in node.items()}
        return node

    def define(full_name: str) -> Schema:
        seen.add(full_name)
        schema = definition(full_name, schemas)
        if "fields" in schema:
            schema["fields"] = [resolve(field) for field in schema["fields"]]
        return schema

    return define(name)


@cache
def current(name: str) -> Schema:
    """The schema in force, parsed for fastavro."""
    return parsed(self_contained(name))


def parsed(schema: Schema) -> Schema:
    """The schema parsed for fastavro, without a trace in fastavro's memory of named types."""
    result: Schema = fastavro.parse_schema(schema, named_schemas={})
    return result


def fingerprint(schema: Schema) -> bytes:
    """CRC-64-AVRO of the parsing canonical form: 8 bytes, little-endian, as they stand in a single-object value."""
    return bytes.fromhex(fastavro_fingerprint(to_parsing_canonical_form(schema), "CRC-64-AVRO"))


def read_releases(schemas: Path | None = None) -> tuple[Release, ...]:
    """Every released schema, by name and number."""
    paths = ((schemas or folder("schemas")) / "released").glob("*/*.avsc")
    found = []
    for path in paths:
        schema = parsed(json.loads(path.read_text(encoding="utf-8")))
        found.append(Release(path.parent.name, int(path.stem), fingerprint(schema), schema, path))
    return tuple(sorted(found, key=lambda release: (release.name, release.number)))


@lru_cache(maxsize=1)
def released() -> dict[bytes, Release]:
    """Every released schema of this installation by its fingerprint."""
    return {release.fingerprint: release for release in read_releases()}


def name_of(record: Record) -> str:
    """The full name of a record's schema."""
    return TAGGED_ARTICLE if isinstance(record, TaggedArticle) else ARTICLE_EVENTS


def to_fields(record: Record) -> dict[str, Any]:
    """The record as fastavro writes it."""
    fields: dict[str, Any] = _adapter(name_of(record)).dump_python(record)
    return fields


def from_fields(name: str, fields: dict[str, Any]) -> Record:
    """The record of that full name, from its fields as fastavro reads them with the schema in force."""
    record: Record = _adapter(name).validate_python(fields)
    return record


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(TaggedArticle if name == TAGGED_ARTICLE else ArticleEvents)


def as_json(schema: Schema) -> str:
    """The text of a schema file: indented JSON, but each list of names on one line."""
    text = json.dumps(schema, ensure_ascii=False, indent=2)
    return re.sub(r"\[\s+((?:\"[^\"]*\",?\s+)+)\]", lambda m: "[" + " ".join(m[1].split()) + "]", text) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_json(self_contained(sys.argv[1])))
