"""Any record that the dataclasses can hold survives Avro, and has the JSON form of the contract."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest
from any_record import TAGGED_ARTICLES
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import avro
from pipeline.model import TaggedArticle
from pipeline.reader.json_form import to_json
from pipeline.reader.values import NotOurRecordError, decode_value
from pipeline.stages.encode import events_of, single_object


@settings(max_examples=60, deadline=None)
@given(TAGGED_ARTICLES)
def test_what_was_encoded_is_read_back_equal(article: TaggedArticle) -> None:
    assert decode_value(single_object(article)) == article
    assert decode_value(single_object(events_of(article))) == events_of(article)


@settings(max_examples=60, deadline=None)
@given(TAGGED_ARTICLES, st.data())
def test_a_value_cut_short_is_an_error_never_another_record(article: TaggedArticle, data: st.DataObject) -> None:
    value = single_object(article)
    with pytest.raises(NotOurRecordError):
        decode_value(value[: data.draw(st.integers(0, len(value) - 1))])


def in_json_form(value: Any) -> Any:
    """The contract's JSON form, said in another way than the code under test says it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, StrEnum):
        return value.name
    if isinstance(value, tuple):
        return [in_json_form(each) for each in value]
    if isinstance(value, dict):
        return {key: in_json_form(each) for key, each in value.items()}
    return value


@settings(max_examples=60, deadline=None)
@given(TAGGED_ARTICLES)
def test_the_json_form_is_the_record_in_the_schemas_order(article: TaggedArticle) -> None:
    for record, name in ((article, avro.TAGGED_ARTICLE), (events_of(article), avro.ARTICLE_EVENTS)):
        line = to_json(record)
        assert b"\n" not in line
        read = json.loads(line)
        assert list(read) == [field["name"] for field in avro.definition(name)["fields"]]
        assert read == in_json_form(asdict(record))
