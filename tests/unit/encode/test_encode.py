from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pipeline.failures.reasons import Reason
from pipeline.model import (
    Action,
    Change,
    Coordinates,
    EncodedRecord,
    Failure,
    Part,
    Provenance,
    RawRecord,
    Tagged,
    TaggedArticle,
)
from pipeline.stages.encode import encode, single_object

SOURCE = Part(RawRecord(Coordinates("in", 0, 4, 5, 0), b"key", b"value"))
ARTICLE = TaggedArticle(
    id="a-1",
    version=None,
    revision=1,
    action=Action.PUBLISH,
    change=Change.NEW,
    headline="Talks resume",
    body="The talks resumed on Monday. " * 40,
    byline=None,
    language="en",
    source=None,
    url=None,
    dateline=None,
    urgency=None,
    published_at=None,
    updated_at=None,
    received_at=None,
    processed_at=datetime(2024, 3, 4, 5, 6, 7, 890123, tzinfo=UTC),
    embargo_until=None,
    copy_of=None,
    entities=(),
    dates=(),
    events=(),
    provenance=Provenance("1", "1.1", "model", "3", "x", "in", 0, 4, 0),
    problems=(),
)


def test_both_records_of_a_part_are_encoded_under_its_id() -> None:
    encoded = encode(Tagged(SOURCE, ARTICLE), max_record_bytes=1_000_000)
    assert isinstance(encoded, EncodedRecord)
    assert (encoded.source, encoded.article_id) == (SOURCE, "a-1")
    assert b"The talks resumed" in encoded.tagged
    assert b"The talks resumed" not in encoded.events


def test_a_record_of_exactly_the_limit_may_be_sent() -> None:
    size = len(single_object(ARTICLE))
    assert isinstance(encode(Tagged(SOURCE, ARTICLE), max_record_bytes=size), EncodedRecord)


def test_one_byte_more_is_a_failure_that_names_both_sizes_and_the_setting() -> None:
    size = len(single_object(ARTICLE))
    failure = encode(Tagged(SOURCE, ARTICLE), max_record_bytes=size - 1)
    assert isinstance(failure, Failure)
    assert (failure.source, failure.stage) == (SOURCE, "encode")
    (problem,) = failure.problems
    assert problem.reason is Reason.RECORD_TOO_LARGE
    for part in (f"{size:,}", f"{size - 1:,}", "max_article_bytes", "'a-1'", "TaggedArticle"):
        assert part in problem.message


def test_where_both_records_are_too_large_both_are_named() -> None:
    failure = encode(Tagged(SOURCE, replace(ARTICLE, url="https://example.org/" + "x" * 500)), max_record_bytes=400)
    assert isinstance(failure, Failure)
    assert [("ArticleEvents" in problem.message) for problem in failure.problems] == [False, True]
