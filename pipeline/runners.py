"""Runs the chain on a Beam runner, and what this runner needs to do it well."""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import apache_beam as beam
import grpc  # type: ignore[import-untyped]
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_job_api_pb2
from apache_beam.runners import create_runner
from apache_beam.runners.portability.fn_api_runner import FnApiRunner, fn_runner
from apache_beam.runners.portability.portable_runner import PipelineResult

from pipeline import appearing, presets, stopping, topology
from pipeline import prism as prisms
from pipeline.broker import shared
from pipeline.broker.connection import BrokerError
from pipeline.prism import Prism
from pipeline.settings import Settings

LOOK_EVERY_SECONDS = 0.2
_BROKER_ERROR = re.compile(rf"^{re.escape(BrokerError.__module__)}\.BrokerError: (.*?)(?: \[while running .*)?$", re.M)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunReport:
    """How the parts of a finished run ended. ``reasons`` counts dead letters and drops by ``stage/what_REASON``."""

    parts: int = 0
    tagged: int = 0
    dead_letters: int = 0
    dropped: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def __add__(self, more: RunReport) -> RunReport:
        return RunReport(
            self.parts + more.parts,
            self.tagged + more.tagged,
            self.dead_letters + more.dead_letters,
            self.dropped + more.dropped,
            dict(Counter(self.reasons) + Counter(more.reasons)),
        )


def run(settings: Settings, partitions: Sequence[tuple[str, int]], beam_flags: Sequence[str] = ()) -> RunReport:
    """Run the chain until the topic is read (``stop_at_end``), somebody asks to finish, or for ever.

    A worker that is this process finishes what is in flight when `stopping` is asked to; a job whose workers are
    elsewhere is cancelled. Where the worker is this process, a run without end begins anew when partitions appear: it
    reads those from their beginning, and the others on. A job on Dataflow is only sent: it needs nobody to wait for it,
    and the report is empty.

    Args:
        settings: of the run.
        partitions: the (topic, partition) pairs to read.
        beam_flags: from `pipeline.presets.flags`; none: the presets alone.

    Raises:
        BrokerError: a stage could not use the broker.
        PrismError: Prism did not start, or was ended under the job.
        RuntimeError: the job failed otherwise.
    """
    flags = list(beam_flags) or presets.flags(settings, [])
    if settings.stop_at_end or not presets.worker_is_here(settings.runner, flags):
        return _run_once(settings, partitions, flags)
    report = RunReport()
    while True:
        with appearing.watched(settings, partitions) as appeared:
            report += _run_once(settings, partitions, list(flags))
        if stopping.requested() or not appeared.partitions:
            return report
        settings, partitions = replace(settings, start_offset="committed"), appeared.partitions


def _run_once(settings: Settings, partitions: Sequence[tuple[str, int]], flags: list[str]) -> RunReport:
    with _quiet_threads(), _beam_runner(settings.runner, flags) as (runner, prism):
        pipeline = beam.Pipeline(runner=runner, options=PipelineOptions(flags))
        topology.build(pipeline, settings, partitions)
        try:
            result = pipeline.run()
            if settings.runner == "DataflowRunner":
                return RunReport()
            _watch_without_deadline(result)
            _wait(result, prism, cancel_on_wish=not presets.worker_is_here(settings.runner, flags))
            return _report(result)
        finally:
            shared.close_all()  # for workers that were this process


@contextmanager
def _quiet_threads() -> Iterator[None]:
    """Threads of Beam die with traces when their job server does; what happened to that is told once, elsewhere."""
    before = threading.excepthook

    def note(ended: threading.ExceptHookArgs) -> None:
        if isinstance(ended.exc_value, grpc.RpcError):
            log.info("thread %s: %s", ended.thread and ended.thread.name, ended.exc_value)
        else:
            before(ended)

    threading.excepthook = note
    try:
        yield
    finally:
        threading.excepthook = before


@contextmanager
def _beam_runner(name: str, flags: list[str]) -> Iterator[tuple[Any, Prism | None]]:
    """Beam's runner, and the Prism that is started for it; where it takes jobs is added to ``flags``."""
    if name == "DirectRunner":
        consume_monitoring_infos_at_once()
        yield FnApiRunner(), None  # by name: Beam's own switch would try to download Prism first
    elif presets.starts_prism(name, flags):
        with prisms.running(prisms.find(presets.prism_location(flags))) as prism:
            flags.append(f"--job_endpoint={prism.endpoint}")
            yield create_runner(name), prism
    else:
        yield create_runner(name), None


def _watch_without_deadline(result: Any) -> None:
    """Cure a fault of Beam 2.77: a job on a job server that runs for more than `--job_server_timeout`, 300 s, fails.

    That is the limit of a request, but the streams by which Beam hears of the job are opened with it too, and their end
    is taken for the job's. Opened anew, they begin with the state as it is. `tests/integration/test_prism.py` shows
    what happens without this.
    """
    if isinstance(result, PipelineResult):
        asked, job = result._job_service, result._job_id  # noqa: SLF001 - there is no public way
        result._state_stream = asked.GetStateStream(beam_job_api_pb2.GetJobStateRequest(job_id=job))  # noqa: SLF001
        result._message_stream = asked.GetMessageStream(beam_job_api_pb2.JobMessagesRequest(job_id=job))  # noqa: SLF001


def _wait(result: Any, prism: Prism | None, *, cancel_on_wish: bool) -> None:
    """Wait for the end of a job. What it ended with is raised, unless it was cancelled as wished."""
    ended: list[BaseException | None] = []

    def wait() -> None:
        try:
            result.wait_until_finish()
            ended.append(None)
        except BaseException as error:  # raised below, in the thread that asked
            ended.append(error)

    # In a thread of its own: Beam waits where no signal is heard.
    waiting = threading.Thread(target=wait, name="job", daemon=True)
    waiting.start()
    cancelled = False
    try:
        while waiting.is_alive():
            waiting.join(LOOK_EVERY_SECONDS)
            if prism is not None and (death := prism.death()):
                raise death
            if cancel_on_wish and stopping.requested() and not cancelled:
                cancelled = True
                result.cancel()
    except KeyboardInterrupt:
        _cancel(result)
        raise
    if ended[0] is not None and not cancelled:
        raise _plain(ended[0])


def _cancel(result: Any) -> None:
    try:
        result.cancel()
    except Exception as error:  # whoever runs the job may be gone; we are going too
        log.info("the job could not be cancelled: %s", error)


def _plain(error: BaseException) -> BaseException:
    """What a stage said of the broker, out of the trace that a portable job fails with; else the error as it is."""
    found = _BROKER_ERROR.findall(str(error))
    return BrokerError(found[-1]) if found else error


def _report(result: Any) -> RunReport:
    counts: dict[str, int] = {}
    result._metrics = None  # noqa: SLF001 - a portable result asks once and keeps the answer for ever
    for counter in result.metrics().query()["counters"]:
        name = f"{counter.key.metric.namespace}/{counter.key.metric.name}"
        counts[name] = counts.get(name, 0) + (counter.committed or counter.attempted or 0)
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
