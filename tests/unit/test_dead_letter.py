"""A dead letter is the original record, with what went wrong in headers that operators' tools know."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.failures.reasons import Reason
from pipeline.failures.record import MAX_MESSAGE_CHARS, MAX_TRACE_CHARS, dead_letter
from pipeline.model import Coordinates, Failure, Message, Part, Problem, RawRecord

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
VALUE = b'{"id": \xff'
PROBLEMS = (Problem(Reason.INVALID_UTF8, "not UTF-8: send “UTF-8”"), Problem(Reason.NO_ID, "id is missing"))


def letter_of(
    record: RawRecord, problems: tuple[Problem, ...] = PROBLEMS, max_bytes: int = 1000, trace: str | None = None
) -> Message:
    failure = Failure(Part(record, 2, 3), "decode", problems, trace=trace)
    return dead_letter(failure, topic="articles.dlq", job="wiredesk", max_bytes=max_bytes, now=NOW)


def record(value: bytes | None = VALUE, *headers: tuple[str, bytes]) -> RawRecord:
    return RawRecord(Coordinates("articles", 4, 40, 42, 7), b"key", value, headers, 1459852200000)


def test_the_original_bytes_headers_and_time_are_kept() -> None:
    original = record(VALUE, ("content-type", b"application/json"), ("trace", b"\xff\x00"), ("trace", b"2"))
    letter = letter_of(original)
    assert (letter.topic, letter.key, letter.value, letter.timestamp_ms) == (
        "articles.dlq",
        b"key",
        VALUE,
        1459852200000,
    )
    assert letter.headers[:3] == original.headers


def test_the_headers_are_those_of_kafka_connect() -> None:
    headers = dict(letter_of(record()).headers)
    assert headers["__connect.errors.topic"] == b"articles"
    assert headers["__connect.errors.partition"] == b"4"
    assert headers["__connect.errors.offset"] == b"41"
    assert headers["__connect.errors.stage"] == b"decode"
    assert headers["__connect.errors.connector.name"] == b"wiredesk"
    assert headers["__connect.errors.exception.message"].decode() == "not UTF-8: send “UTF-8”"
    assert headers["wiredesk.origin"] == b"articles/4/41/2"
    assert headers["wiredesk.reason"] == b"INVALID_UTF8"
    assert headers["wiredesk.failed-at"] == b"2026-03-01T12:30:00Z"


def test_every_problem_is_told_not_only_the_first() -> None:
    problems = json.loads(dict(letter_of(record()).headers)["wiredesk.problems"])
    assert [problem["reason"] for problem in problems] == ["INVALID_UTF8", "NO_ID"]


def test_a_tombstone_stays_one() -> None:
    assert letter_of(record(None)).value is None


def test_a_value_too_large_is_cut_and_its_size_and_hash_are_kept() -> None:
    value = VALUE * 100
    letter = letter_of(record(value), max_bytes=103)
    headers = dict(letter.headers)
    assert (letter.key, letter.value) == (b"key", value[:100])
    assert headers["wiredesk.truncated.size"] == b"800"
    assert headers["wiredesk.truncated.sha256"] == hashlib.sha256(value).hexdigest().encode()


def test_an_original_of_exactly_the_limit_is_not_cut() -> None:
    original = record(b"x" * 100, ("one", b"two"))
    assert letter_of(original, max_bytes=100 + len("key" + "one" + "two") + 10).value == original.value
    letter = letter_of(original, max_bytes=100 + len("key" + "one" + "two") + 9)
    assert letter.value == original.value[:99]
    assert letter.headers[0] == ("one", b"two")


def test_a_key_and_headers_that_leave_no_room_are_cut_too() -> None:
    original = record(b"v" * 100, ("a", b"x" * 200), ("b", b"y"))
    letter = letter_of(replace(original, key=b"k" * 200), max_bytes=400)
    headers = dict(letter.headers)
    assert (letter.key, letter.value) == (b"k" * 100, b"v" * 100)
    assert headers["wiredesk.truncated.key-size"] == b"200"
    assert headers["wiredesk.truncated.headers"] == b"2"
    assert not {"a", "b"} & set(headers)


def test_a_header_of_the_original_is_not_overwritten() -> None:
    letter = letter_of(record(VALUE, ("__connect.errors.topic", b"first.topic")))
    assert [value for name, value in letter.headers if name == "__connect.errors.topic"] == [b"first.topic"]


def test_messages_and_traces_are_bounded() -> None:
    problems = (Problem(Reason.UNEXPECTED, "m" * 5000),)
    headers = dict(letter_of(record(), problems, trace="t" * 50_000 + "last line").headers)
    assert len(headers["__connect.errors.exception.message"]) == MAX_MESSAGE_CHARS
    trace = headers["__connect.errors.exception.stacktrace"]
    assert len(trace) == MAX_TRACE_CHARS
    assert trace.endswith(b"last line")
