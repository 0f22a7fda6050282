"""`broker`: one embedded broker for all tests of this folder · `desk`: topics of a test's own on it."""

from collections.abc import Iterator

import pytest
from desk import Desk

from pipeline.broker.embedded import EmbeddedBroker


@pytest.fixture(scope="session")
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as running:
        yield running


@pytest.fixture
def desk(broker: EmbeddedBroker) -> Desk:
    return Desk(broker.connection.brokers)
