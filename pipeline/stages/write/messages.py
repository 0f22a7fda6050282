"""Which Kafka records a part ends as."""

from __future__ import annotations

from pipeline.failures.record import dead_letter
from pipeline.model import Dropped, EncodedRecord, Failure, Message
from pipeline.settings import Settings


def messages(item: EncodedRecord | Failure | Dropped, settings: Settings) -> list[Message]:
    """The records to be sent for one part: article and events, or a dead letter, or none for a dropped part."""
    if isinstance(item, Dropped):
        return []
    if isinstance(item, Failure):
        return [
            dead_letter(
                item,
                topic=settings.dead_letter_topic,
                job=settings.consumer_group,
                max_bytes=settings.max_request_bytes - HEADROOM_BYTES,
            )
        ]
    headers = (("content-type", b"application/avro"), ("wiredesk.origin", item.source.origin.encode()))
    key = item.article_id.encode()
    return [
        Message(settings.output_topic, key, item.tagged, headers),
        Message(settings.events_topic, key, item.events, headers),
    ]


# What a dead letter adds to the original: its own headers, most of all problems and a trace; and the batch's fields.
HEADROOM_BYTES = 262_144
