"""What Kafka says of topics while they are read: a topic that was deleted, or deleted and made anew, shows by its id.

A consumer does not show it: its poll of a topic that is gone is merely empty, and one that was made anew it reads on in
the middle, as soon as that holds more than the old one did.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from kafka import KafkaAdminClient
from kafka.errors import UnknownTopicOrPartitionError, for_code

from pipeline.broker import clients, shared
from pipeline.broker.connection import Connection

MAX_AGE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class TopicSeen:
    """A topic as the brokers describe it; ``id`` is another one for each topic that ever had the name."""

    id: str
    partitions: frozenset[int]


@dataclass
class TopicWatch:
    """Asks about topics, for all who read in this process."""

    admin: KafkaAdminClient
    _first_ids: dict[str, str] = field(default_factory=dict)
    _seen: dict[str, tuple[float, TopicSeen | None]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, topic: str, max_age_seconds: float = MAX_AGE_SECONDS) -> TopicSeen | None:
        """The topic as it was at most so long ago; None: there is none of that name.

        Raises:
            KafkaError: the brokers do not say.
        """
        with self._lock:
            asked_at_seconds, seen = self._seen.get(topic, (float("-inf"), None))
            if time.monotonic() - asked_at_seconds >= max_age_seconds:
                seen = _described(self.admin.describe_topics([topic]))
                self._seen[topic] = time.monotonic(), seen
                if seen is not None:
                    self._first_ids.setdefault(topic, seen.id)
            return seen

    def is_as_at_first(self, topic: str) -> bool:
        """Whether it is there and is the one that this process saw first; asks each time.

        Raises:
            KafkaError: the brokers do not say.
        """
        seen = self.look(topic, max_age_seconds=0)
        return seen is not None and seen.id == self._first_ids[topic]

    def close(self) -> None:
        """Close the client."""
        self.admin.close()


def _described(topics: Iterable[dict[str, object]]) -> TopicSeen | None:
    (topic,) = topics
    error = for_code(topic["error_code"])
    if error is UnknownTopicOrPartitionError:
        return None
    if topic["error_code"]:
        msg = f"topic {topic['name']}"
        raise error(msg)
    partitions = topic["partitions"]
    assert isinstance(partitions, list)  # noqa: S101 - for the type checker
    return TopicSeen(str(topic["topic_id"]), frozenset(int(p["partition_index"]) for p in partitions))


def watch_of(connection: Connection) -> TopicWatch:
    """The watch of this process."""
    return shared.once(TopicWatch, connection, lambda: TopicWatch(clients.admin(connection)))
