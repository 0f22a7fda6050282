"""What tests of this folder stand on.

`broker`: one embedded broker for all of them · `desk`: topics of a test's own on it · `kafka`: one node of Apache
Kafka, skipped where it cannot be had · `real_desk`: topics on that. What `ON_BOTH` names runs with a `desk` on each.
`prism`: Beam's runner for one machine, built the first time, skipped where it cannot be.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from kafka_cluster import KafkaCluster, KafkaUnavailableError, libraries

from pipeline.broker.embedded import EmbeddedBroker

ROOT = Path(__file__).parents[2]
ON_BOTH = {"test_pipeline", "test_kill", "test_order_of_effects"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "desk" in metafunc.fixturenames and metafunc.module.__name__ in ON_BOTH:
        metafunc.parametrize("desk", ["embedded", "kafka"], indirect=True)


@pytest.fixture(scope="session")
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as running:
        yield running


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Desk:
    running = request.getfixturevalue("kafka" if getattr(request, "param", "") == "kafka" else "broker")
    return Desk(running.connection.brokers)


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


@pytest.fixture(scope="session")
def prism() -> Path:
    program = ROOT / "bin" / "prism"
    if not program.exists():
        if shutil.which("go") is None:
            pytest.skip("Prism is built with Go, and there is neither go nor bin/prism here")
        built = subprocess.run(["make", "prism"], cwd=ROOT, capture_output=True, text=True, check=False)
        if built.returncode:
            pytest.skip(f"Prism could not be built: {built.stderr[-300:]}")
    return program
