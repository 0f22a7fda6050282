"""The embedded broker is a broker, its ends are right, and it never outlives us."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import TopicPartition

from pipeline.broker import clients
from pipeline.broker.clients import BrokerError, Connection
from pipeline.broker.embedded import EmbeddedBroker


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with EmbeddedBroker() as broker:
        yield broker.connection


def _topic(connection: Connection, name: str, partitions: int) -> list[TopicPartition]:
    admin = clients.admin(connection)
    admin.create_topics({name: {"num_partitions": partitions, "replication_factor": 1}})
    admin.close()
    return clients.partitions_of(connection, name)


def test_what_is_produced_is_consumed_from_both_partitions(connection: Connection) -> None:
    partitions = _topic(connection, "round-trip", 2)
    producer = clients.producer(connection)
    sent = [
        producer.send("round-trip", str(n).encode(), key=b"k", headers=[("h", b"v")], partition=n % 2)
        for n in range(20)
    ]
    assert sorted(future.get(10).offset for future in sent) == sorted([*range(10), *range(10)])
    producer.close()
    consumer = clients.consumer(connection)
    consumer.assign(partitions)
    for at in partitions:
        consumer.seek(at, 0)
    got: list[bytes] = []
    while len(got) < 20:
        for records in consumer.poll(timeout_ms=1000).values():
            assert all(list(record.headers) == [("h", b"v")] for record in records)
            got += [record.value for record in records]
    consumer.close()
    assert sorted(got, key=int) == [str(n).encode() for n in range(20)]


def test_end_offsets_are_right_for_none_one_and_many_records_in_several_batches(connection: Connection) -> None:
    counts = [0, 1, 2, 1000]
    partitions = _topic(connection, "ends", len(counts))
    producer = clients.producer(connection)
    for at, count in zip(partitions, counts, strict=True):
        for n in range(count):
            producer.send(at.topic, b"x" * 500, partition=at.partition)
            if n % 300 == 299:
                producer.flush()
        producer.flush()
    producer.close()
    expected = dict(zip(partitions, counts, strict=True))
    assert clients.end_offsets(connection, partitions) == expected
    consumer = clients.consumer(connection)
    consumer.assign(partitions[3:])
    consumer.seek(partitions[3], 17)
    assert clients.end_offsets(consumer, partitions) == expected
    assert consumer.position(partitions[3]) == 17
    consumer.close()


def test_it_is_told_from_a_real_cluster_and_a_missing_topic_is_named(connection: Connection) -> None:
    _topic(connection, "here", 1)
    assert clients.is_embedded(connection)
    (problem,) = clients.check_topics(connection, ["here", "not-here"])
    assert "not-here" in problem


def test_a_mechanism_that_is_not_offered_is_one_plain_sentence_without_the_password(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(clients._COMMON, "bootstrap_timeout_ms", 1000)
    wrong = Connection(connection.brokers, "SASL_PLAINTEXT", "PLAIN", "alice", "sentinel-password")
    with pytest.raises(BrokerError, match="SASL mechanism") as caught:
        clients.consumer(wrong)
    assert "sentinel-password" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_tls_against_a_port_without_it_ends_and_says_so(connection: Connection) -> None:
    with pytest.raises(BrokerError, match="does not speak TLS"):
        clients.admin(Connection(connection.brokers, "SSL"))


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # A killed orphan is a zombie until init takes it.
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z"


def _wait_until_gone(pid: int) -> bool:
    tick = threading.Event()
    return any(_is_gone(pid) or tick.wait(0.05) for _ in range(200))


def test_after_the_block_nothing_is_left() -> None:
    with EmbeddedBroker() as broker:
        pid, log_file = broker.pid, broker.log_file
        assert pid is not None
        assert not _is_gone(pid)
        assert log_file is not None
    assert _is_gone(pid)
    assert not log_file.exists()
    with pytest.raises(BrokerError):
        _ = broker.connection


def test_after_an_exception_and_with_a_client_still_open_nothing_is_left(tmp_path: Path) -> None:
    seen: list[int | None] = []

    def break_off(broker: EmbeddedBroker) -> None:
        seen.append(broker.pid)
        clients.consumer(broker.connection)
        raise KeyError

    with pytest.raises(KeyError), EmbeddedBroker(tmp_path / "broker.log") as broker:
        break_off(broker)
    (pid,) = seen
    assert pid is not None
    assert _is_gone(pid)
    assert (tmp_path / "broker.log").read_text()


PARENT = """
import sys, threading
from pipeline.broker.embedded import EmbeddedBroker
with EmbeddedBroker() as broker:
    print(broker.pid, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.skipif(sys.platform != "linux", reason="needs prctl")),
        pytest.param(signal.SIGKILL, marks=pytest.mark.skipif(sys.platform != "linux", reason="needs prctl")),
    ],
)
def test_when_we_are_killed_the_broker_goes_too(number: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert not _is_gone(pid)
    parent.send_signal(number)
    parent.communicate(timeout=30)
    assert _wait_until_gone(pid)


def test_one_that_dies_at_start_is_an_error_with_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = tmp_path / "broker"
    binary.write_text("#!/bin/sh\necho no room on this ship\nexit 7\n")
    binary.chmod(0o755)
    monkeypatch.setenv("CALF_TANSU_BIN", str(binary))
    with pytest.raises(BrokerError, match=r"exit code 7(.|\n)*no room on this ship"), EmbeddedBroker():
        pass
