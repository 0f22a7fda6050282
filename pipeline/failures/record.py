"""The only maker of dead letters: a `Failure` becomes one Kafka record with the original bytes.

Header names and text values are Kafka Connect's (KIP-298), which operators and their tools already know; what Connect
has no name for begins with ``wiredesk.``. A header that the original already carries is never overwritten.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from pipeline import __version__
from pipeline.model import Failure, Message

MAX_TRACE_CHARS = 8192
MAX_MESSAGE_CHARS = 1024


def dead_letter(failure: Failure, *, topic: str, job: str, max_bytes: int, now: datetime | None = None) -> Message:
    """Make the dead letter of a failed part.

    Args:
        failure: what failed, with the record it came from.
        topic: the dead-letter topic.
        job: the name of the job, written as ``connector.name``.
        max_bytes: the largest value that may be sent; a larger one is cut, and its size and SHA-256 are kept.
        now: the time to write, UTC (default: the clock).

    Returns:
        A message with the original key, headers, timestamp and, unless it had to be cut, value.
    """
    record = failure.source.record
    value, cut = record.value, False
    if value is not None and len(value) > max_bytes:
        value, cut = value[:max_bytes], True
    if value is None and record.key is None:
        value = b""  # kafka-python sends no record that has neither key nor value
    names = {name for name, _ in record.headers}
    added = [(name, text) for name, text in _headers(failure, job, now or datetime.now(UTC)) if name not in names]
    if cut and record.value is not None:
        added += [
            ("wiredesk.truncated.size", str(len(record.value))),
            ("wiredesk.truncated.sha256", hashlib.sha256(record.value).hexdigest()),
        ]
    headers = record.headers + tuple((name, text.encode()) for name, text in added)
    return Message(topic, record.key, value, headers, record.timestamp_ms)


def _headers(failure: Failure, job: str, now: datetime) -> list[tuple[str, str]]:
    at = failure.source.record.at
    first = failure.problems[0]
    problems = [{"reason": p.reason.value, "message": p.message[:MAX_MESSAGE_CHARS]} for p in failure.problems]
    headers = [
        ("__connect.errors.topic", at.topic),
        ("__connect.errors.partition", str(at.partition)),
        ("__connect.errors.offset", str(at.offset)),
        ("__connect.errors.connector.name", job),
        ("__connect.errors.task.id", str(at.partition)),
        ("__connect.errors.stage", failure.stage),
        ("__connect.errors.class.name", f"pipeline.stages.{failure.stage}"),
        ("__connect.errors.exception.class.name", failure.exception_class or first.reason.value),
        ("__connect.errors.exception.message", first.message[:MAX_MESSAGE_CHARS]),
        ("wiredesk.origin", failure.source.origin),
        ("wiredesk.reason", first.reason.value),
        ("wiredesk.problems", json.dumps(problems, ensure_ascii=False)),
        ("wiredesk.failed-at", now.isoformat().replace("+00:00", "Z")),
        ("wiredesk.pipeline-version", __version__),
    ]
    if failure.trace:
        headers.append(("__connect.errors.exception.stacktrace", failure.trace[-MAX_TRACE_CHARS:]))
    return headers
