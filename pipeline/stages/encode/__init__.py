"""Tagged part in, its Avro bytes out: the whole record and its events, in Avro single-object encoding.

In: `Tagged`. Out: `EncodedRecord`. Can fail with: RECORD_TOO_LARGE.
"""

from __future__ import annotations

from pipeline.stages.encode.single_object import encode, events_of, single_object

__all__ = ["encode", "events_of", "single_object"]
