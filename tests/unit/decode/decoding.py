"""One record in, its parts out, at a fixed time."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from pipeline.model import Article, Coordinates, Dropped, Failure, RawRecord
from pipeline.stages.decode import decode

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MAX_ARTICLE_BYTES = 5_000_000


def raw(value: bytes | None, content_type: str | None = None, **headers: str) -> RawRecord:
    pairs = [(name.replace("__", ".").replace("_", "-"), text.encode()) for name, text in headers.items()]
    if content_type is not None:
        pairs.append(("content-type", content_type.encode()))
    return RawRecord(Coordinates("news.articles.raw", 0, 7, 8, 0), b"key", value, tuple(pairs))


def parts(
    value: bytes | None, content_type: str | None = None, **headers: str
) -> tuple[Article | Failure | Dropped, ...]:
    return decode(raw(value, content_type, **headers), max_article_bytes=MAX_ARTICLE_BYTES, now=NOW)


def article(value: bytes | dict[str, Any], content_type: str | None = None, **headers: str) -> Article:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    (only,) = parts(data, content_type, **headers)
    assert isinstance(only, Article), only
    return only


def reasons(value: bytes | dict[str, Any] | None, content_type: str | None = None) -> list[str]:
    """The codes of the one dead letter, or drop, that a record becomes."""
    data = json.dumps(value).encode() if isinstance(value, dict) else value
    (only,) = parts(data, content_type)
    assert not isinstance(only, Article), only
    return [only.reason.value] if isinstance(only, Dropped) else [problem.reason.value for problem in only.problems]
