"""From the bytes of a Kafka value to a typed record, whichever released schema it was written with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

import fastavro

from pipeline import avro
from pipeline.avro import Record

# The marker and the fingerprint.
_HEAD = 10


class NotOurRecordError(ValueError):
    """A value that is not Avro single-object encoding of a schema released with this version."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A record as it goes into a file: full name, Avro body by the schema in force, when it was received or made."""

    name: str
    body: bytes
    time: datetime


def decode_value(value: bytes) -> Record:
    """The record in a Kafka value.

    Args:
        value: Avro single-object encoding of any released schema.

    Returns:
        The record in the current form; fields that the writer did not know have their defaults.

    Raises:
        NotOurRecordError: other bytes, an unknown fingerprint, or a damaged body.
    """
    release = _release(value)
    return avro.from_fields(release.name, _fields(value, release, avro.current(release.name)))


def encoded_value(value: bytes) -> Encoded:
    """The record in a Kafka value without decoding more of it than its times, which is several times as fast.

    Raises:
        NotOurRecordError: other bytes, an unknown fingerprint, or a damaged body.
    """
    release = _release(value)
    current, current_fingerprint, times = _schemas(release.name)
    fields = _fields(value, release, times)
    body = value[_HEAD:]
    if release.fingerprint != current_fingerprint:
        out = BytesIO()
        fastavro.schemaless_writer(out, current, _fields(value, release, current))
        body = out.getvalue()
    return Encoded(release.name, body, fields["received_at"] or fields["processed_at"])


def _release(value: bytes) -> avro.Release:
    if value[:2] != avro.SINGLE_OBJECT_MARKER or len(value) < _HEAD:
        msg = f"not an Avro single-object value: it begins with {value[:_HEAD].hex() or 'nothing'}, not with c301"
        raise NotOurRecordError(msg)
    release = avro.released().get(value[2:_HEAD])
    if release is None:
        msg = (
            f"the schema with the fingerprint {value[2:_HEAD].hex()} is unknown here: a newer wiredesk wrote this value"
        )
        raise NotOurRecordError(msg)
    return release


def _fields(value: bytes, release: avro.Release, reader_schema: avro.Schema) -> dict[str, Any]:
    source = BytesIO(value)
    source.seek(_HEAD)
    try:
        fields: Any = fastavro.schemaless_reader(source, release.schema, reader_schema)
    except (EOFError, IndexError, OverflowError, ValueError) as error:
        msg = f"damaged {release.name}: {error!r}"
        raise NotOurRecordError(msg) from error
    if source.tell() != len(value):
        msg = f"damaged {release.name}: {len(value) - source.tell()} bytes too many"
        raise NotOurRecordError(msg)
    return dict(fields)


@cache
def _schemas(name: str) -> tuple[avro.Schema, bytes, avro.Schema]:
    """The schema in force, its fingerprint, and a reader's schema that has nothing but the times."""
    schema = avro.self_contained(name)
    times = [field for field in schema["fields"] if field["name"] in {"received_at", "processed_at"}]
    current = avro.current(name)
    return current, avro.fingerprint(current), avro.parsed({"type": "record", "name": name, "fields": times})
