"""The topics of a pipeline: what each must be like, making them, and what is wrong with those that exist.

Why they are as they are:

* An article of 2016 that is replayed with its own time would be deleted by the first clean-up of a topic with a time
  limit. So the input topic stamps records with the time they arrive, and dead letters, which keep the stamp of the
  original, have no time limit.
* A tagged article is larger than the article, and a dead letter carries the original and its history. So every topic
  takes twice `max_article_bytes`, the input topic too: what is too large must get in to become a dead letter.
* Each record of the events topic replaces the one before for that article: compacted.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError, TopicAlreadyExistsError

from pipeline.broker import clients
from pipeline.broker.connection import BrokerError
from pipeline.settings import Settings

DEFAULT_PARTITIONS = 2
BROKERS_OWN_REPLICATION = -1

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it should be; ``configs`` are Kafka's topic settings."""

    name: str
    configs: dict[str, str]


def wanted(settings: Settings) -> list[Topic]:
    """The topics that these settings need, input first."""
    size = {"max.message.bytes": str(settings.max_request_bytes)}
    stamped = {**size, "message.timestamp.type": "LogAppendTime"}
    return [
        *(Topic(name, stamped) for name in settings.input_topics),
        Topic(settings.output_topic, stamped),
        Topic(settings.events_topic, {**stamped, "cleanup.policy": "compact"}),
        Topic(settings.dead_letter_topic, {**size, "retention.ms": "-1"}),
    ]


def create(
    settings: Settings, *, partitions: int = DEFAULT_PARTITIONS, replication_factor: int = BROKERS_OWN_REPLICATION
) -> list[str]:
    """Make the topics that do not exist yet; those that exist stay as they are.

    Returns:
        The names of those that were made.

    Raises:
        BrokerError: the broker cannot be reached or refuses one; those before it are made.
    """
    made = []
    admin = clients.admin(settings.connection)
    try:
        replicas = 1 if clients.is_embedded(admin) else replication_factor
        for topic in wanted(settings):
            spec = {
                "num_partitions": partitions,
                "replication_factor": replicas,
                "configs": topic.configs,
            }
            try:
                admin.create_topics({topic.name: spec}, wait_for_metadata=True)
            except TopicAlreadyExistsError:
                continue
            made.append(topic.name)
    except KafkaError as error:
        raise BrokerError(clients.explain(error, settings.connection.brokers)) from error
    finally:
        admin.close()
    return made


def check(settings: Settings) -> list[str]:
    """What stands in the way of a run, one sentence each: topics that are missing, or take only smaller records.

    Raises:
        BrokerError: the broker cannot be asked.
    """
    return _ask(settings, blocking=True)


def advice(settings: Settings) -> list[str]:
    """What a run can live with, but its owner should know: topics that are not as `create` would make them.

    Raises:
        BrokerError: the broker cannot be asked.
    """
    return _ask(settings, blocking=False)


def inputs(settings: Settings) -> list[TopicPartition]:
    """The partitions to be read, in order. Topics that appear later under a ``^pattern`` are not among them.

    Raises:
        BrokerError: the broker cannot be asked.
    """
    consumer = clients.consumer(settings.connection)
    try:
        names = _matching(settings.input_topic, consumer.topics()) or settings.input_topics
        return [at for name in names for at in clients.partitions_of(consumer, name)]
    finally:
        consumer.close(autocommit=False)


def _matching(pattern: str, names: set[str]) -> list[str]:
    """The topics of a ``^pattern``, which fits from the beginning of a name, as Kafka's subscriptions do."""
    if not pattern.startswith("^"):
        return []
    return sorted(name for name in names if re.fullmatch(pattern, name) and not name.startswith("__"))


def _ask(settings: Settings, *, blocking: bool) -> list[str]:
    admin = clients.admin(settings.connection)
    try:
        existing = set(admin.list_topics())
        if blocking:
            return [*_missing(settings, existing), *_too_small(settings, _configs(admin, settings, existing))]
        return list(_differences(settings, _configs(admin, settings, existing)))
    except KafkaError as error:
        raise BrokerError(clients.explain(error, settings.connection.brokers)) from error
    finally:
        admin.close()


def _missing(settings: Settings, existing: set[str]) -> Iterator[str]:
    for name in [*settings.input_topics, *settings.output_topics]:
        if name not in existing:
            yield f"topic {name} does not exist{_or_hidden(settings)}: wiredesk topics create makes it"
    if settings.input_topic.startswith("^"):
        found = _matching(settings.input_topic, existing)
        if not found:
            yield f"no topic fits the pattern {settings.input_topic}"
        for name in sorted(set(found) & set(settings.output_topics)):
            yield f"topic {name} is written and fits the pattern {settings.input_topic} too: it would come round again"


def _or_hidden(settings: Settings) -> str:
    """Kafka names to a user only the topics that it is allowed to use."""
    return ", or this user is not allowed to use it" if settings.kafka_username or settings.kafka_cert_file else ""


def _configs(admin: KafkaAdminClient, settings: Settings, existing: set[str]) -> dict[str, dict[str, str]]:
    """The topic settings of those that exist; none from a broker that does not say, or not to this user."""
    names = [topic.name for topic in wanted(settings) if topic.name in existing]
    if not names or clients.is_embedded(admin):
        return {}
    try:
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        answer = admin.describe_configs(resources, config_filter="all")
    except KafkaError as error:
        log.info("the settings of the topics cannot be read, so they are not checked: %s", error)
        return {}
    return {name: {key: item["value"] for key, item in found.items()} for name, found in answer["topic"].items()}


def _too_small(settings: Settings, configs: dict[str, dict[str, str]]) -> Iterator[str]:
    for name in settings.output_topics:
        limit = int(configs.get(name, {}).get("max.message.bytes", settings.max_request_bytes))
        if limit < settings.max_request_bytes:
            yield (
                f"topic {name} takes records of {limit:,} bytes and must take {settings.max_request_bytes:,}: raise its"
                " max.message.bytes, or lower max_article_bytes"
            )


def _differences(settings: Settings, configs: dict[str, dict[str, str]]) -> Iterator[str]:
    for topic in wanted(settings):
        for key, value in topic.configs.items():
            actual = configs.get(topic.name, {}).get(key, value)
            if actual != value:
                yield f"topic {topic.name} has {key}={actual}; wiredesk topics create would set {value}"
