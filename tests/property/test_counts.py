"""Whatever the bytes are, every part ends exactly one way; whatever the text is, every span points to what it says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.avro import Record
from pipeline.model import Dropped, EncodedRecord, Failure, Field, RawRecord, Span, Tagged, TaggedArticle
from pipeline.offline import record, tag_records
from pipeline.reader import decode_value
from pipeline.settings import Settings
from pipeline.stages.decode.record import decode_record
from pipeline.stages.encode import encode
from pipeline.stages.write.messages import messages

SETTINGS = Settings(max_article_bytes=3000)
MODEL = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])

CONTENT_TYPES = st.sampled_from(
    [None, "application/json", "application/x-ndjson", "text/plain", "text/plain; charset=latin-1", "text/html", "x"]
)
SENTENCES = st.sampled_from(
    [
        "Foreign Minister Anna Weiss’s office said on Monday that she had met President Tomas Berg in Oslo.",
        "Berg will sign the agreement with the European Union (EU) next week",
        "The EU denied it.",
        "At least 14 people were killed in the\u00a0attack near Nairobi on March\u20092.",
        "OSLO, March 5 (Reuters) - ",
        "\U0001f600\U0001f600 U.S.–Russia talks",
        "e\u0301te\u0301",
        "(Reporting by Jane Roe)",
        "\n",
        "• ",
        "<p>Weiss &amp; Berg</p>",
        " ",
    ]
)
TEXTS = st.lists(SENTENCES | st.text(max_size=30), max_size=8).map(" ".join)
ARTICLES = st.fixed_dictionaries(
    {"id": st.text(min_size=1, max_size=5) | st.none(), "headline": TEXTS | st.none(), "body": TEXTS},
    optional={
        "status": st.sampled_from(["usable", "withheld", 5]),
        "published_at": st.sampled_from(["2024-03-05T10:00:00Z", "2024-03-05", "then"]),
        "embargo_until": st.sampled_from(["2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "soon"]),
        "language": st.sampled_from(["en", "fr", ""]),
    },
)
LINES = st.lists(ARTICLES.map(lambda article: json.dumps(article).encode()) | st.binary(max_size=20), max_size=6)
VALUES = st.none() | st.binary(max_size=3100) | LINES.map(b"\n".join) | st.text(max_size=200).map(str.encode)


def ended(raw: list[RawRecord]) -> Iterator[EncodedRecord | Failure | Dropped]:
    """The chain from decode to encode, as `tag` and the pipeline have it."""
    for item in tag_records(raw, SETTINGS):
        yield encode(item, max_record_bytes=SETTINGS.max_record_bytes) if isinstance(item, Tagged) else item


@MODEL
@given(st.lists(st.tuples(VALUES, CONTENT_TYPES), min_size=1, max_size=8))
def test_every_part_of_every_record_ends_exactly_one_way(values: list[tuple[bytes | None, str | None]]) -> None:
    raw = [
        record(n, value, (("content-type", kind.encode()),) if kind else ()) for n, (value, kind) in enumerate(values)
    ]
    parts = [
        (n, part.source.part) for n, one in enumerate(raw) for part in decode_record(one, SETTINGS.max_article_bytes)
    ]
    ends = list(ended(raw))

    assert [(end.source.record.at.offset, end.source.part) for end in ends] == parts
    counts = Counter(type(end) for end in ends)
    assert counts[EncodedRecord] + counts[Failure] + counts[Dropped] == len(parts) >= len(raw)
    for end in ends:
        sent = messages(end, SETTINGS)
        topics = {
            EncodedRecord: [SETTINGS.output_topic, SETTINGS.events_topic],
            Failure: [SETTINGS.dead_letter_topic],
            Dropped: [],
        }
        assert [message.topic for message in sent] == topics[type(end)]
        for message in sent:
            assert dict(message.headers)["wiredesk.origin"].decode() == end.source.origin
            assert message.key is not None or message.value is not None, "kafka-python sends no record with neither"


def spans(value: Record) -> Iterator[Span]:
    """Every span of a record."""
    if isinstance(value, TaggedArticle):
        for entity in value.entities:
            assert entity.mentions
            yield from entity.mentions
        yield from value.dates
    for event in value.events:
        yield from (event.trigger, event.evidence, *event.other_evidence, *event.actors, *event.recipients)
        yield from (span for span in (event.place, event.date_text, event.attributed_to) if span is not None)
        yield from event.other_places


@MODEL
@given(TEXTS | st.none(), TEXTS, st.sampled_from(["jsonl", "ninjs", "text"]))
@example(
    "Weiss meets Berg", "\U0001f600 Weiss met Berg in Oslo on Monday.\nThe EU (\U0001f600) criticized Berg.", "jsonl"
)
def test_every_span_is_the_text_it_points_to(headline: str | None, body: str, form: str) -> None:
    if form == "text":
        (end,) = ended([record(0, f"{headline or ''}\n\n{body}".encode(), (("content-type", b"text/plain"),))])
    elif form == "jsonl":
        (end,) = ended([record(0, json.dumps({"id": "1", "headline": headline, "body": body}).encode())])
    else:
        bodies = [{"contentType": "text/html", "value": body}]
        item = {"uri": "1", "headlines": [{"value": headline}] if headline else [], "bodies": bodies}
        (end,) = ended([record(0, json.dumps(item).encode(), (("content-type", b"application/json"),))])
    if not isinstance(end, EncodedRecord):
        return
    article, events = decode_value(end.tagged), decode_value(end.events)
    assert isinstance(article, TaggedArticle)
    assert article.events == events.events
    for span in [*spans(article), *spans(events)]:
        text = article.headline if span.field is Field.HEADLINE else article.body
        assert text is not None
        assert 0 <= span.start < span.end
        assert text[span.start : span.end] == span.text
    for event in article.events:
        assert all(0 <= one.entity < len(article.entities) for one in event.actors if one.entity is not None)
    assert not {"ENTITIES_FAILED", "DATES_FAILED", "EVENTS_FAILED"} & set(article.problems)
