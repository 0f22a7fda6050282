"""Records, and a topic to put them into."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from pipeline.broker import clients
from pipeline.broker.connection import Connection
from pipeline.model import Action, Change, Provenance, TaggedArticle
from pipeline.stages.encode import single_object

NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)


def article(number: int, hours: int | None = 0) -> TaggedArticle:
    """Article number so, received so many hours after noon of 4 March 2024 (None: not from Kafka)."""
    return TaggedArticle(
        id=f"a-{number}",
        version=None,
        revision=1,
        action=Action.PUBLISH,
        change=Change.NEW,
        headline=f"Headline {number}",
        body="The talks resumed on Monday. " * 20,
        byline=None,
        language="en",
        source=None,
        url=None,
        dateline=None,
        urgency=None,
        published_at=None,
        updated_at=None,
        received_at=None if hours is None else NOON + timedelta(hours=hours),
        processed_at=NOON + timedelta(days=1),
        embargo_until=None,
        copy_of=None,
        entities=(),
        dates=(),
        events=(),
        provenance=Provenance("1", "1.1", "model", "3", "x", "in", 0, number, 0),
        problems=(),
    )


def make_topic(connection: Connection, name: str, partitions: int) -> None:
    admin = clients.admin(connection)
    admin.create_topics({name: {"num_partitions": partitions, "replication_factor": 1}})
    admin.close()


def send(connection: Connection, topic: str, articles: Iterable[TaggedArticle], partition: int = 0) -> None:
    """Send articles in this order; all are acknowledged."""
    producer = clients.producer(connection)
    sent = []
    for each in articles:
        headers = [("wiredesk.origin", f"in/0/{each.provenance.offset}/0".encode())]
        sent.append(producer.send(topic, single_object(each), each.id.encode(), headers=headers, partition=partition))
    for future in sent:
        future.get(30)
    producer.close()


def send_bytes(connection: Connection, topic: str, value: bytes) -> None:
    producer = clients.producer(connection)
    producer.send(topic, value, partition=0).get(10)
    producer.close()
