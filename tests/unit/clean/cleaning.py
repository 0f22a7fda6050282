"""One article in, its clean form out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pipeline.model import Article, CleanArticle, Coordinates, Failure, Moment, Part, Precision, RawRecord
from pipeline.stages.clean import clean

PUBLISHED = Moment(datetime(2016, 4, 5, 10, tzinfo=UTC), Precision.SECOND)  # a Tuesday


def attempt(body: str, **fields: Any) -> CleanArticle | Failure:
    record = RawRecord(Coordinates("t", 0, 0, 1, 0), None, b"")
    values = {"headline": None, "published_at": PUBLISHED, **fields}
    return clean(Article(Part(record), "1", body=body, **values))


def cleaned(body: str, **fields: Any) -> CleanArticle:
    found = attempt(body, **fields)
    assert isinstance(found, CleanArticle), found
    return found
