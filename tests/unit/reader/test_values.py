from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import fastavro
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire import article

from pipeline import avro
from pipeline.reader.values import NotOurRecordError, decode_value, encoded_value
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


def test_a_value_of_an_older_release_gets_the_defaults_of_what_its_writer_did_not_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    older = avro.self_contained(avro.TAGGED_ARTICLE)
    older["fields"] = [field for field in older["fields"] if field["name"] not in {"byline", "problems"}]
    schema = avro.parsed(older)
    release = avro.Release(avro.TAGGED_ARTICLE, 0, avro.fingerprint(schema), schema, Path("0.avsc"))
    monkeypatch.setattr(avro, "released", lambda: {release.fingerprint: release})
    out = io.BytesIO()
    written = dataclasses.replace(article(1), byline="By A Writer", problems=("BAD_TIME",))
    fastavro.schemaless_writer(out, schema, avro.to_fields(written))
    value = avro.SINGLE_OBJECT_MARKER + release.fingerprint + out.getvalue()
    assert decode_value(value) == article(1)
    body = io.BytesIO(encoded_value(value).body)
    in_file = fastavro.schemaless_reader(body, avro.current(avro.TAGGED_ARTICLE), None)
    assert isinstance(in_file, dict)
    assert avro.from_fields(avro.TAGGED_ARTICLE, in_file) == article(1)


@pytest.mark.parametrize("hours", [3, None])
def test_an_encoded_value_keeps_its_body_and_tells_when_it_was_received_or_else_made(hours: int | None) -> None:
    record = article(1, hours)
    encoded = encoded_value(single_object(record))
    assert encoded.name == avro.TAGGED_ARTICLE
    assert avro.SINGLE_OBJECT_MARKER + avro.fingerprint(avro.current(encoded.name)) + encoded.body == single_object(
        record
    )
    assert encoded.time == (record.received_at or record.processed_at)
