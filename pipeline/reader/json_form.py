"""The JSON form of a record, as `tag`, `read` and `demo` print it.

Times are ISO 8601 with ``Z``; what is absent is null; lists are never null; enums by symbol; no union wrappers; fields
in the order of the schema.
"""

from __future__ import annotations

from datetime import UTC, datetime

import orjson

from pipeline.avro import Record


def to_json(record: Record) -> bytes:
    """The record as one line of JSON, UTF-8, without a newline at its end. Its times are aware."""
    return orjson.dumps(record, default=_time, option=orjson.OPT_PASSTHROUGH_DATETIME)


def _time(value: object) -> str:
    # orjson writes an offset other than zero as it is; ours is always Z.
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    msg = f"a record holds no {type(value).__name__}"
    raise TypeError(msg)
