"""Whatever a record holds, its rows have the columns of the heading and are lines of text."""

from __future__ import annotations

import json

import pytest
from any_record import TAGGED_ARTICLES
from hypothesis import HealthCheck, given, settings

from pipeline.model import TaggedArticle
from pipeline.reader import projections


@pytest.mark.parametrize("form", projections.TABLES)
@given(record=TAGGED_ARTICLES)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_rows_fit_the_heading(form: str, record: TaggedArticle) -> None:
    width = len(projections.heading(form).split(b"\t"))
    for line in projections.lines(form, record):
        text = line.decode()
        assert len(text.split("\t")) == width
        assert len(text.splitlines()) == 1
        assert '"' not in text


@given(record=TAGGED_ARTICLES)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_each_object_is_a_line(record: TaggedArticle) -> None:
    for line in projections.lines(projections.PLOVER, record):
        assert b"\n" not in line
        assert json.loads(line)["event"]
