"""For those who read what Wiredesk writes: typed records from topics and files, the JSON form, the archive. No Beam.

    from pipeline.reader import decode_value, to_json

`values` bytes to records · `json_form` records to JSON · `projections` events as POLECAT, ICEWS,
Phoenix and PLOVER have them · `topic` records of a topic · `files` records of Avro files ·
`archive` topics to files.
"""

from __future__ import annotations

from pipeline.avro import Record
from pipeline.reader.json_form import to_json
from pipeline.reader.values import NotOurRecordError, decode_value

__all__ = ["NotOurRecordError", "Record", "decode_value", "to_json"]
