"""The only maker of dead letters: a `Failure` becomes one Kafka record with the original bytes.

Header names and text values are Kafka Connect's (KIP-298), which operators and their tools already know; what Connect
has no name for begins with ``wiredesk.``. A header that the original already carries is never overwritten.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from pipeline import __version__
from pipeline.model import Failure, Message, RawRecord

MAX_TRACE_CHARS = 8192
MAX_MESSAGE_CHARS = 1024
# Two lengths, as variable-length numbers (KIP-98: at most 5 bytes each).
HEADER_OVERHEAD_BYTES = 10


def dead_letter(failure: Failure, *, topic: str, job: str, max_bytes: int, now: datetime | None = None) -> Message:
    """Make the dead letter of a failed part.

    Args:
        failure: what failed, with the record it came from.
        topic: the dead-letter topic.
        job: the name of the job, written as ``connector.name``.
        max_bytes: what key, headers and value of the original may take together. Headers or a key that take more than
            a quarter are cut, then the value to what is left; its size and SHA-256 are kept.
        now: the time to write, UTC (default: the clock).

    Returns:
        A message with the original key, headers, timestamp and, unless it had to be cut, value.
    """
    record = failure.source.record
    key, headers, value, cut = _fitting(record, max_bytes)
    if value is None and key is None:
        value = b""  # kafka-python sends no record that has neither key nor value
    names = {name for name, _ in headers}
    added = [(name, text) for name, text in _headers(failure, job, now or datetime.now(UTC)) if name not in names]
    headers += tuple((name, text.encode()) for name, text in added + cut)
    return Message(topic, key, value, headers, record.timestamp_ms)


def _fitting(
    record: RawRecord, max_bytes: int
) -> tuple[bytes | None, tuple[tuple[str, bytes], ...], bytes | None, list[tuple[str, str]]]:
    """Key, headers and value of the original, cut to ``max_bytes``, and headers that say what was cut."""
    key, headers, value = record.key, record.headers, record.value
    cut: list[tuple[str, str]] = []
    if key is not None and len(key) > max_bytes // 4:
        cut.append(("wiredesk.truncated.key-size", str(len(key))))
        key = key[: max_bytes // 4]
    headers_bytes = sum(len(name.encode()) + len(text or b"") + HEADER_OVERHEAD_BYTES for name, text in headers)
    if headers_bytes > max_bytes // 4:
        cut.append(("wiredesk.truncated.headers", str(len(headers))))
        headers, headers_bytes = (), 0
    left = max_bytes - len(key or b"") - headers_bytes
    if value is not None and len(value) > left:
        cut += [
            ("wiredesk.truncated.size", str(len(value))),
            ("wiredesk.truncated.sha256", hashlib.sha256(value).hexdigest()),
        ]
        value = value[:left]
    return key, headers, value, cut


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
