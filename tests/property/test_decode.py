"""Whatever comes in, something countable goes out; whatever an article says, it still says after decoding."""

from __future__ import annotations

import json
import string
import unicodedata
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Article, CleanArticle, Coordinates, Dropped, Failure, Part, RawRecord
from pipeline.stages.clean import clean
from pipeline.stages.decode import decode

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CONTENT_TYPES = st.sampled_from(
    [None, "", "application/json", "application/x-ndjson", "text/plain", "text/html", "application/xml", "image/png"]
)
KEYS = st.sampled_from(
    [
        "id",
        "uri",
        "guid",
        "headline",
        "body",
        "headlines",
        "bodies",
        "body_text",
        "body_html",
        "type",
        "status",
        "pubStatus",
        "embargoed",
        "embargo_until",
        "version",
        "urgency",
        "language",
        "by",
        "published_at",
        "firstCreated",
        "infoSources",
        "role",
        "contentType",
        "value",
    ]
)
STRINGS = st.text() | st.sampled_from(["usable", "text/html", "main", "2016-04-05"])
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["usable", "text/html", "main", "2016-04-05"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=6),
    max_leaves=20,
)
JSON_BYTES = JSON.map(lambda value: json.dumps(value).encode())
LINES = st.lists(JSON_BYTES | st.binary(max_size=20), max_size=5).map(b"\n".join)
NEARLY_JSON = st.text(alphabet='{}[]",:\\u0d8 \n"ae1', max_size=60).map(str.encode)


def read(value: bytes | None, content_type: str | None) -> tuple[Article | Failure | Dropped, ...]:
    headers = () if content_type is None else (("content-type", content_type.encode()),)
    record = RawRecord(Coordinates("t", 0, 0, 1, 0), None, value, headers)
    return decode(record, max_article_bytes=1000, now=NOW)


@settings(max_examples=400)
@given(st.none() | st.binary(max_size=1100) | JSON_BYTES | LINES | NEARLY_JSON, CONTENT_TYPES)
def test_any_bytes_become_at_least_one_part_and_all_are_numbered(value: bytes | None, content_type: str | None) -> None:
    outcomes = read(value, content_type)
    assert [(outcome.source.part, outcome.source.parts) for outcome in outcomes] == [
        (number, len(outcomes)) for number in range(len(outcomes))
    ]
    assert outcomes
    for outcome in outcomes:
        assert isinstance(outcome, Article | Failure | Dropped)
        assert isinstance(outcome, Article | Dropped) or outcome.problems


WORDS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\u2028\u2029\ufffe\uffff"),
    min_size=1,
)


@given(
    WORDS.filter(str.strip),
    WORDS.filter(str.strip),
    st.none() | WORDS,
    st.none() | st.integers(1, 9),
    st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
)
def test_a_flat_article_gives_back_its_fields(
    article_id: str, body: str, headline: str | None, urgency: int | None, published_at: datetime
) -> None:
    item: dict[str, Any] = {
        "id": article_id,
        "body": body,
        "headline": headline,
        "urgency": urgency,
        "published_at": published_at.isoformat(),
    }
    record = RawRecord(Coordinates("t", 0, 0, 1, 0), None, json.dumps(item).encode(), ())
    (found,) = decode(record, max_article_bytes=1_000_000, now=NOW)
    assert isinstance(found, Article)
    assert (found.id, found.body, found.headline, found.urgency) == (article_id.strip(), body, headline, urgency)
    assert found.published_at is not None
    assert found.published_at.at == published_at
    assert found.problems == ()


PIECES = st.sampled_from(
    [
        "\n",
        "MOSCOW, April 5 (Reuters) - ",
        "(Reporting by ",
        ")",
        "By Jane Roe",
        "• ",
        "-- ",
        "<p>",
        "</div>",
        "<br>",
        "<!--",
        "<script>",
        "&#3;",
        "&amp;",
        "&",
        "Read more: ",
        " Reuter",
        "\x03",
        "\x00",
        "\u2028",
        "Copyright 2016",
        "@",
        "(",
        "[",
        "!",
        "Tuesday",
        "\ud800",
    ]
)
TEXTS = st.lists(
    PIECES | st.text(max_size=20) | st.text(alphabet=string.ascii_letters + " ", max_size=30), max_size=12
).map("".join)


@settings(max_examples=400)
@given(TEXTS, TEXTS | st.none(), st.booleans(), st.booleans(), st.none() | st.sampled_from(["en", "ru"]))
def test_any_text_can_be_cleaned_and_holds_no_control_character(
    body: str, headline: str | None, is_html: bool, find_headline: bool, language: str | None
) -> None:
    record = RawRecord(Coordinates("t", 0, 0, 1, 0), None, b"", ())
    found = clean(
        Article(Part(record), "1", headline, body, body_is_html=is_html, find_headline=find_headline, language=language)
    )
    assert isinstance(found, CleanArticle | Failure)
    if isinstance(found, CleanArticle):
        text = f"{found.headline or ''}{found.body}"
        assert text
        assert {character for character in text if unicodedata.category(character) == "Cc"} <= {"\n", "\t"}
        assert all(line == line.strip() and line for line in found.body.split("\n") if found.body)
        assert found.headline != ""
        assert found.language
