"""What tests of this folder stand on.

`broker`: one embedded broker for all of them · `desk`: topics of a test's own on it · `kafka`: one node of Apache
Kafka, skipped where it cannot be had · `real_desk`: topics on that.
"""

from collections.abc import Iterator

import pytest
from desk import Desk
from kafka_cluster import KafkaCluster, KafkaUnavailableError, libraries

from pipeline.broker.embedded import EmbeddedBroker


@pytest.fixture(scope="session")
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as running:
        yield running


@pytest.fixture
def desk(broker: EmbeddedBroker) -> Desk:
    return Desk(broker.connection.brokers)


@pytest.fixture(scope="session")
def kafka() -> Iterator[KafkaCluster]:
    try:
        libraries()
    except KafkaUnavailableError as error:
        pytest.skip(str(error))
    with KafkaCluster() as running:
        yield running


@pytest.fixture
def real_desk(kafka: KafkaCluster) -> Desk:
    return Desk(kafka.brokers)
