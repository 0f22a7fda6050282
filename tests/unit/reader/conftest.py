"""A real broker for the tests of the reader."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from wire import make_topic

from pipeline.broker.connection import Connection
from pipeline.broker.embedded import EmbeddedBroker


@pytest.fixture(scope="session")
def connection() -> Iterator[Connection]:
    with EmbeddedBroker() as broker:
        yield broker.connection


@pytest.fixture
def topic(connection: Connection) -> str:
    """A new topic with two partitions."""
    return new_topic(connection)


@pytest.fixture
def other_topic(connection: Connection) -> str:
    """Another one."""
    return new_topic(connection)


def new_topic(connection: Connection) -> str:
    name = f"tagged.{uuid.uuid4().hex[:8]}"
    make_topic(connection, name, partitions=2)
    return name
