"""From the bytes of a Kafka value to a typed record, whichever released schema it was written with."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import fastavro

from pipeline import avro
from pipeline.avro import Record


class NotOurRecordError(ValueError):
    """A value that is not Avro single-object encoding of a schema released with this version."""


def decode_value(value: bytes) -> Record:
    """The record in a Kafka value.

    Args:
        value: Avro single-object encoding of any released schema.

    Returns:
        The record in the current form; fields that the writer did not know have their defaults.

    Raises:
        NotOurRecordError: other bytes, an unknown fingerprint, or a damaged body.
    """
    name, fields = decode_fields(value)
    return avro.from_fields(name, fields)


def decode_fields(value: bytes) -> tuple[str, dict[str, Any]]:
    """As `decode_value`, but the record's full name and its fields as plain values, for writing it on."""
    if value[:2] != avro.SINGLE_OBJECT_MARKER or len(value) < 10:
        msg = f"not an Avro single-object value: it begins with {value[:10].hex() or 'nothing'}, not with c301"
        raise NotOurRecordError(msg)
    release = avro.released().get(value[2:10])
    if release is None:
        msg = f"the schema with the fingerprint {value[2:10].hex()} is unknown here: a newer wiredesk wrote this value"
        raise NotOurRecordError(msg)
    body = BytesIO(value)
    body.seek(10)
    try:
        fields: Any = fastavro.schemaless_reader(body, release.schema, avro.current(release.name))
    except (EOFError, IndexError, OverflowError, ValueError) as error:
        msg = f"damaged {release.name}: {error!r}"
        raise NotOurRecordError(msg) from error
    if body.tell() != len(value):
        msg = f"damaged {release.name}: {len(value) - body.tell()} bytes too many"
        raise NotOurRecordError(msg)
    return release.name, fields
