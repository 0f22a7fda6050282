"""Runs the chain on a Beam runner, and what this runner needs to do it well."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner, fn_runner

from pipeline import topology
from pipeline.broker import shared
from pipeline.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunReport:
    """How the parts of a finished run ended. ``reasons`` counts dead letters and drops by ``stage/what_REASON``."""

    parts: int = 0
    tagged: int = 0
    dead_letters: int = 0
    dropped: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


def run(settings: Settings, partitions: Sequence[tuple[str, int]], beam_flags: Sequence[str] = ()) -> RunReport:
    """Run the chain until the topic is read (``stop_at_end``) or for ever.

    ``DirectRunner`` is FnApiRunner by name: Beam's own switch would try to download Prism first.
    """
    consume_monitoring_infos_at_once()
    options = PipelineOptions([*beam_flags, "--streaming"])
    pipeline = beam.Pipeline(runner=FnApiRunner(), options=options)
    topology.build(pipeline, settings, partitions)
    try:
        result = pipeline.run()
        result.wait_until_finish()
    finally:
        shared.close_all()  # the workers were this process
    return _report(result)


def _report(result: Any) -> RunReport:
    counts: dict[str, int] = {}
    for counter in result.metrics().query()["counters"]:
        name = f"{counter.key.metric.namespace}/{counter.key.metric.name}"
        counts[name] = counts.get(name, 0) + counter.committed
    return RunReport(
        parts=counts.pop("write/parts", 0),
        tagged=counts.pop("write/tagged", 0),
        dead_letters=counts.pop("write/dead_letters", 0),
        dropped=counts.pop("write/dropped", 0),
        reasons={name: n for name, n in sorted(counts.items()) if "/dead_letters_" in name or "/dropped_" in name},
    )


def consume_monitoring_infos_at_once() -> None:
    """Cure a fault of FnApiRunner in Beam 2.77: without it a run of some thousand bundles ends in a RecursionError.

    The runner wraps the same lazy generator once a bundle and consumes it only at the end, which also keeps about 47 KB
    a bundle for ever. `tests/integration/test_fn_api_runner.py` fails when a newer Beam no longer needs this.
    """
    lazy = fn_runner.consolidate_monitoring_infos
    if hasattr(lazy, "lazy"):
        return  # done already

    def consolidate(*args: Any, **kwargs: Any) -> list[Any]:
        return list(lazy(*args, **kwargs))

    consolidate.lazy = lazy  # type: ignore[attr-defined]
    fn_runner.consolidate_monitoring_infos = consolidate


def in_words(report: RunReport) -> str:
    """One line for people: how many parts ended how."""
    line = f"{report.parts} parts: {report.tagged} tagged, {report.dead_letters} dead letters, {report.dropped} dropped"
    return " · ".join([line, *(f"{name}: {count}" for name, count in report.reasons.items())])
