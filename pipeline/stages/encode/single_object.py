"""A record as the bytes of a Kafka value: ``C3 01``, the schema's fingerprint, the Avro body."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from io import BytesIO

import fastavro

from pipeline import avro
from pipeline.failures.reasons import Reason
from pipeline.model import ArticleEvents, EncodedRecord, Failure, Problem, Tagged, TaggedArticle

_EVENT_FIELDS = tuple(field.name for field in fields(ArticleEvents))


def encode(tagged: Tagged, *, max_record_bytes: int) -> EncodedRecord | Failure:
    """Encode one tagged part and its events.

    Args:
        tagged: the finished record; its times are aware.
        max_record_bytes: the largest value, in bytes, that the producer may send: twice `max_article_bytes`.

    Returns:
        The bytes of both records, or a failure RECORD_TOO_LARGE if one of them is larger than that.
    """
    article = tagged.article
    both = {avro.TAGGED_ARTICLE: single_object(article), avro.ARTICLE_EVENTS: single_object(events_of(article))}
    problems = tuple(
        Problem(
            Reason.RECORD_TOO_LARGE,
            f"the {name} of article {article.id!r} is {len(value):,} bytes and at most {max_record_bytes:,} may be"
            " sent: raise max_article_bytes (twice that may be sent) and the topic's max.message.bytes",
        )
        for name, value in both.items()
        if len(value) > max_record_bytes
    )
    if problems:
        return Failure(tagged.source, "encode", problems)
    return EncodedRecord(tagged.source, article.id, both[avro.TAGGED_ARTICLE], both[avro.ARTICLE_EVENTS])


def events_of(article: TaggedArticle) -> ArticleEvents:
    """The same revision without its text."""
    return ArticleEvents(**{name: getattr(article, name) for name in _EVENT_FIELDS})


def single_object(record: avro.Record) -> bytes:
    """The Avro single-object encoding of a record: 10 bytes that name the schema, then the body."""
    schema, head = _schema(avro.name_of(record))
    out = BytesIO()
    out.write(head)
    fastavro.schemaless_writer(out, schema, avro.to_fields(record))
    return out.getvalue()


@cache
def _schema(name: str) -> tuple[avro.Schema, bytes]:
    schema = avro.current(name)
    return schema, avro.SINGLE_OBJECT_MARKER + avro.fingerprint(schema)
