from __future__ import annotations

import io

import fastavro
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire import article

from pipeline import avro
from pipeline.reader.values import NotOurRecordError, decode_value
from pipeline.stages.encode import single_object


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(avro.RECORDS))
def test_any_bytes_behind_a_right_head_give_a_record_or_our_error(body: bytes, name: str) -> None:
    head = avro.SINGLE_OBJECT_MARKER + avro.fingerprint(avro.current(name))
    try:
        record = decode_value(head + body)
    except NotOurRecordError:
        return
    assert decode_value(single_object(record)) == record


@pytest.mark.parametrize("value", [b"", b"\xc3", b"\xc3\x01", b'{"id": "a"}', b"\x00\x00\x00\x00\x01abcdefgh"])
def test_other_bytes_are_refused_with_what_they_begin_with(value: bytes) -> None:
    with pytest.raises(NotOurRecordError, match=r"not an Avro single-object value"):
        decode_value(value)


def test_an_unknown_fingerprint_is_named() -> None:
    with pytest.raises(NotOurRecordError, match="fingerprint 0102030405060708 is unknown"):
        decode_value(b"\xc3\x01" + bytes(range(1, 9)) + b"x")


def test_a_time_that_no_calendar_holds_is_damage() -> None:
    head = single_object(article(1))[:10]
    fields = {**avro.to_fields(article(1)), "processed_at": 2**62}
    out = io.BytesIO()
    fastavro.schemaless_writer(out, avro.current(avro.TAGGED_ARTICLE), fields)
    with pytest.raises(NotOurRecordError, match="damaged"):
        decode_value(head + out.getvalue())
