from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from wire import article, send, send_bytes

from pipeline.broker.connection import BrokerError, Connection
from pipeline.reader.topic import records
from pipeline.reader.values import NotOurRecordError


def test_a_topic_is_read_to_where_it_ends_in_the_order_of_each_partition(connection: Connection, topic: str) -> None:
    first, second = [article(n) for n in range(7)], [article(n) for n in range(7, 10)]
    send(connection, topic, first, partition=0)
    send(connection, topic, second, partition=1)
    read = list(records(connection, topic))
    assert [each.record for each in read if each.partition == 0] == first
    assert [each.record for each in read if each.partition == 1] == second
    assert [each.offset for each in read if each.partition == 0] == list(range(7))
    assert read[0].topic == topic
    assert {each.origin for each in read} == {f"in/0/{n}/0" for n in range(10)}


def test_an_empty_topic_has_no_records_and_ends(connection: Connection, topic: str) -> None:
    assert list(records(connection, topic)) == []


def test_from_latest_only_what_arrives_later_is_read(connection: Connection, topic: str) -> None:
    send(connection, topic, [article(0)])
    assert list(records(connection, topic, start="latest")) == []


def test_following_goes_on_with_what_arrives_until_it_is_stopped(connection: Connection, topic: str) -> None:
    stop = threading.Event()
    send(connection, topic, [article(0)])
    read = []
    for each in records(connection, topic, follow=True, stop=stop):
        read.append(each.record.id)
        if len(read) == 1:
            send(connection, topic, [article(1), article(2)], partition=1)
        if len(read) == 3:
            stop.set()
    assert read == ["a-0", "a-1", "a-2"]


def test_from_a_time_leaves_out_what_is_older(connection: Connection, topic: str) -> None:
    send(connection, topic, [article(0), article(1)])
    hour = timedelta(hours=1)
    assert len(list(records(connection, topic, start=datetime.now(UTC) - hour))) == 2
    assert list(records(connection, topic, start=datetime.now(UTC) + hour)) == []


def test_a_value_that_is_no_record_is_an_error_that_says_where_it_stands(connection: Connection, topic: str) -> None:
    send(connection, topic, [article(0)])
    send_bytes(connection, topic, b'{"id": "a"}')
    with pytest.raises(NotOurRecordError, match=f"{topic}, partition 0, offset 1: not an Avro single-object value"):
        list(records(connection, topic))


def test_a_topic_that_does_not_exist_is_an_error(connection: Connection) -> None:
    with pytest.raises(BrokerError, match="there is no topic nowhere"):
        list(records(connection, "nowhere"))
