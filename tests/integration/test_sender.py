"""Sends to a real broker: never too many unheard of, all of them acknowledged after a flush, a refusal raises."""

import pytest
from desk import Desk
from kafka import KafkaProducer

from pipeline.broker import clients, shared
from pipeline.broker.connection import BrokerError
from pipeline.broker.embedded import EmbeddedBroker
from pipeline.model import Message
from pipeline.stages.write import sender
from pipeline.stages.write.sender import Sender, producer_of


@pytest.fixture
def producer(desk: Desk):
    found = clients.producer(desk.settings.connection, max_request_size=100_000)
    yield found
    found.close(timeout=5)


def test_no_more_records_wait_than_may(desk: Desk, producer: KafkaProducer, monkeypatch):
    monkeypatch.setattr(sender, "MAX_UNACKNOWLEDGED_RECORDS", 7)
    ours = Sender(producer)
    for n in range(100):
        ours.send(Message(desk.settings.output_topic, b"%d" % n, b"v", (("h", b"x"),), 1_700_000_000_000 + n))
        assert 0 < len(ours.waiting) <= 7
    ours.flush()
    assert not ours.waiting
    found = desk.records(desk.settings.output_topic)
    assert sorted(int(record.key) for record in found) == list(range(100))
    for record in found:
        assert record.timestamp == 1_700_000_000_000 + int(record.key)
        assert tuple(record.headers) == (("h", b"x"),)


def test_no_more_bytes_wait_than_may_but_one_record_always_goes(desk: Desk, producer: KafkaProducer, monkeypatch):
    monkeypatch.setattr(sender, "MAX_UNACKNOWLEDGED_BYTES", 1000)
    ours = Sender(producer)
    for size in (400, 500, 600, 5000, 10, 10):
        ours.send(Message(desk.settings.output_topic, b"k", b"x" * size))
        assert ours.waiting_bytes <= 1000 or len(ours.waiting) == 1
    ours.flush()
    assert ours.waiting_bytes == 0
    assert len(desk.records(desk.settings.output_topic)) == 6


def test_a_record_that_is_not_accepted_raises_and_names_its_topic_and_size(desk: Desk, producer: KafkaProducer):
    ours = Sender(producer)
    with pytest.raises(BrokerError, match=rf"200000 bytes for topic {desk.settings.output_topic}"):
        ours.send(Message(desk.settings.output_topic, b"k", b"x" * 200_000))


def test_a_process_has_one_producer_until_all_is_closed(desk: Desk):
    first = producer_of(desk.settings.connection, 100_000)
    assert producer_of(desk.settings.connection, 100_000) is first
    shared.close_all()
    second = producer_of(desk.settings.connection, 100_000)
    assert second is not first
    shared.close_all()


@pytest.mark.timeout(60)  # it would wait without end
def test_a_producer_whose_broker_is_gone_is_closed_all_the_same(monkeypatch):
    monkeypatch.setattr(sender, "SEND_TIMEOUT_SECONDS", 1)
    monkeypatch.setattr(sender, "CLOSE_SECONDS", 1)
    with EmbeddedBroker() as broker:
        desk = Desk(broker.connection.brokers)
        ours = Sender(producer_of(desk.settings.connection, 100_000))
        ours.send(Message(desk.settings.output_topic, b"k", b"v"))
        ours.flush()
    ours.send(Message(desk.settings.output_topic, b"k", b"v"))
    with pytest.raises(BrokerError, match="did not acknowledge"):
        ours.flush()
    shared.close_all()
