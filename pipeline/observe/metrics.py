"""What this process counts and measures, for Prometheus. All names are here; the table for people: docs/operations.md.

Stages call the functions below, where they know what happened. Nothing here knows Beam or Kafka. The numbers are those
of this process: where a runner puts the stages into other processes, its own metrics (Beam's counters) hold the sums.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.process_collector import ProcessCollector

from pipeline import __version__
from pipeline.failures.reasons import MEANING, Outcome, Reason
from pipeline.observe.unfinished import At, InWork, Unfinished

STAGES = ("decode", "clean", "tag", "encode", "write")
OUTCOMES = ("tagged", "dead_letter", "dropped", "held")
_SHORT = (0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0)
_LONG = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
_AT = ("topic", "partition")

REGISTRY = CollectorRegistry()
# Of the process that starts the pipeline anew with `run --restart`; it does nothing else.
SUPERVISOR = CollectorRegistry()

RECORDS_READ = Counter("wiredesk_records_read", "Kafka records read", _AT, registry=REGISTRY)
PARTS = Counter("wiredesk_parts", "Parts of records, by how they ended", ["outcome"], registry=REGISTRY)
DEAD_LETTERS = Counter(
    "wiredesk_dead_letters", "Parts that became dead letters", ["stage", "reason"], registry=REGISTRY
)
DROPPED = Counter("wiredesk_dropped", "Parts that were dropped", ["stage", "reason"], registry=REGISTRY)
PROBLEMS = Counter("wiredesk_problems", "Codes in `problems` of tagged articles", ["code"], registry=REGISTRY)
EVENTS_DISCARDED = Counter(
    "wiredesk_events_discarded", "Words that could tell of an event and gave none", ["reason"], registry=REGISTRY
)
STAGE_SECONDS = Histogram(
    "wiredesk_stage_seconds",
    "Time in a stage: decode of a record, clean and encode of a part, tag of a batch, write of a bundle or transaction",
    ["stage"],
    buckets=_SHORT,
    registry=REGISTRY,
)
END_TO_END_SECONDS = Histogram(
    "wiredesk_end_to_end_seconds",
    "From a record's timestamp until all it led to is acknowledged and its offset committed",
    buckets=_LONG,
    registry=REGISTRY,
)
IN_FLIGHT_RECORDS = Gauge("wiredesk_in_flight_records", "Records read and not yet committed", registry=REGISTRY)
IN_FLIGHT_BYTES = Gauge("wiredesk_in_flight_bytes", "Bytes read and not yet committed", registry=REGISTRY)
OLDEST_UNFINISHED_SECONDS = Gauge(
    "wiredesk_oldest_unfinished_seconds", "Age of the oldest record read and not yet committed", registry=REGISTRY
)
LAG_RECORDS = Gauge("wiredesk_lag_records", "Offsets between what was read and the end", _AT, registry=REGISTRY)
COMMITTED_OFFSET = Gauge("wiredesk_committed_offset", "Offset the group has committed", _AT, registry=REGISTRY)
COMMITS = Counter("wiredesk_commits", "Commits of offsets, alone or in a transaction", registry=REGISTRY)
COMMIT_FAILURES = Counter("wiredesk_commit_failures", "Commits that failed and were tried again", registry=REGISTRY)
OFFSETS_SKIPPED = Counter(
    "wiredesk_offsets_skipped", "Offsets passed over unread: the topic had lost them", _AT, registry=REGISTRY
)
ALIAS_TABLES = Counter(
    "wiredesk_alias_tables", "New versions of the alias table, by what became of them", ["outcome"], registry=REGISTRY
)
RESTARTS = Counter("wiredesk_restarts", "Times the pipeline was started anew", registry=SUPERVISOR)

IN_WORK = InWork()


def _set_up() -> None:
    """Let every series that is known before begin at 0: a rate needs a first value to see the first event."""
    for outcome in OUTCOMES:
        PARTS.labels(outcome)
    for outcome in ("taken", "refused"):
        ALIAS_TABLES.labels(outcome)
    for stage in STAGES:
        STAGE_SECONDS.labels(stage)
    for reason, (stages, outcome, _) in MEANING.items():
        if outcome is Outcome.PROBLEM:
            PROBLEMS.labels(reason.value)
            continue
        counter = DEAD_LETTERS if outcome is Outcome.DEAD_LETTER else DROPPED
        for stage in STAGES[:-1] if stages == "any" else stages.split(", "):
            counter.labels(stage, reason.value)
    IN_FLIGHT_RECORDS.set_function(IN_WORK.count)
    IN_FLIGHT_BYTES.set_function(IN_WORK.size_bytes)
    OLDEST_UNFINISHED_SECONDS.set_function(IN_WORK.oldest_seconds)
    Info("wiredesk_build", "Version of this program", registry=REGISTRY).info(
        {"version": __version__, "python": platform.python_version()}
    )
    ProcessCollector(registry=REGISTRY)


_set_up()


def timed(stage: str) -> AbstractContextManager[object]:
    """Measure what a stage does, as a with-statement around it."""
    return STAGE_SECONDS.labels(stage).time()


def reading(at: At) -> None:
    """A partition is read from some offset on: at the beginning, or anew."""
    IN_WORK.begin(at)
    RECORDS_READ.labels(*at)
    OFFSETS_SKIPPED.labels(*at)


def record_read(at: At, end_offset: int, size_bytes: int, timestamp_ms: int | None) -> None:
    """A record was handed to the chain; ``timestamp_ms`` is its own, Unix time."""
    RECORDS_READ.labels(*at).inc()
    timestamp_seconds = None if timestamp_ms is None else timestamp_ms / 1000
    IN_WORK.add(at, Unfinished(end_offset, size_bytes, time.monotonic(), timestamp_seconds))


def offsets_skipped(at: At, count: int) -> None:
    """So many offsets of the partition will never be read."""
    OFFSETS_SKIPPED.labels(*at).inc(count)


def lag(at: At, records: int) -> None:
    """So many offsets of the partition are not read yet."""
    LAG_RECORDS.labels(*at).set(records)


def part_tagged() -> None:
    """A part ended as a tagged article."""
    PARTS.labels("tagged").inc()


def part_failed(stage: str, reason: Reason) -> None:
    """A part ended as a dead letter."""
    PARTS.labels("dead_letter").inc()
    DEAD_LETTERS.labels(stage, reason.value).inc()


def part_dropped(stage: str, reason: Reason) -> None:
    """A part was dropped."""
    PARTS.labels("dropped").inc()
    DROPPED.labels(stage, reason.value).inc()


def problem(code: str) -> None:
    """A tagged article carries this code."""
    PROBLEMS.labels(code).inc()


def discards_begin(codes: Iterable[str]) -> None:
    """These are the reasons for which an event may be discarded: their series begin at 0."""
    for code in codes:
        EVENTS_DISCARDED.labels(code)


def events_discarded(code: str, number: int) -> None:
    """So many events of an article were discarded for this reason."""
    EVENTS_DISCARDED.labels(code).inc(number)


def alias_table_read(*, refused: bool) -> None:
    """A new version of the alias table was read during the run."""
    ALIAS_TABLES.labels("refused" if refused else "taken").inc()


def committed(offsets: Mapping[At, int]) -> None:
    """One commit: all before these offsets is finished."""
    if not offsets:
        return
    COMMITS.inc()
    now = time.time()
    for at, offset in offsets.items():
        COMMITTED_OFFSET.labels(*at).set(offset)
        for record in IN_WORK.finish(at, offset):
            if record.timestamp_seconds is not None:
                END_TO_END_SECONDS.observe(max(0.0, now - record.timestamp_seconds))
