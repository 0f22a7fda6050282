"""The seed article: both forms give one text, and it is the text that `expected.json` promises."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.model import Article, CleanArticle, Coordinates, RawRecord
from pipeline.stages.clean import clean
from pipeline.stages.decode import decode

SEEDS = Path(__file__).parents[3] / "seeds"
EXPECTED = json.loads((SEEDS / "expected.json").read_text(encoding="utf-8"))


def seed(name: str, headers: dict[str, str]) -> CleanArticle:
    pairs = tuple((key, value.encode()) for key, value in headers.items())
    record = RawRecord(Coordinates("t", 0, 0, 1, 0), None, (SEEDS / name).read_bytes(), pairs)
    (article,) = decode(record, max_article_bytes=5_000_000, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert isinstance(article, Article)
    found = clean(article)
    assert isinstance(found, CleanArticle)
    return found


TEXT = seed("lavrov_de_mistura.txt", json.loads((SEEDS / "lavrov_de_mistura.headers.json").read_text(encoding="utf-8")))
NINJS = seed("lavrov_de_mistura.ninjs3.json", {"content-type": "application/json"})


@pytest.mark.parametrize("article", [TEXT, NINJS], ids=["text", "ninjs3"])
def test_either_form_gives_the_promised_text(article: CleanArticle) -> None:
    assert article.headline == EXPECTED["headline"]
    assert article.body.startswith(EXPECTED["body_starts"])
    assert article.body.endswith(EXPECTED["body_ends"])
    assert not [words for words in EXPECTED["not_in_body"] if words in article.body]
    assert article.published_at is not None
    assert article.published_at.at.date().isoformat() == EXPECTED["published_at"]["value"]
    assert article.published_at.precision == EXPECTED["published_at"]["precision"]
    assert article.language == EXPECTED["language"]
    assert article.problems == ()


def test_both_forms_are_one_story_under_two_ids() -> None:
    assert NINJS.body == TEXT.body
    assert sorted([TEXT.id, NINJS.id]) == sorted(EXPECTED["records"])


@pytest.mark.parametrize("event", EXPECTED["events"], ids=lambda event: event["about"])
def test_what_is_expected_can_be_found_in_the_text(event: dict[str, object]) -> None:
    assert str(event["evidence"]) in TEXT.body
