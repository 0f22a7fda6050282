"""What each runner needs to run the chain well, and which Beam flags go with none of that.

Plain tables: Beam, which takes seconds to import, is asked only about flags that are its own.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline import prism
from pipeline.options import beam_flags
from pipeline.settings import ConfigError, Settings

LOOPBACK = "LOOPBACK"
# The port of Beam's worker pool, as its container's boot program has it.
WORKER_POOL = "localhost:50000"
# Flags of which the user's and ours both count.
LISTS = {"experiments"}


@dataclass(frozen=True, slots=True)
class Preset:
    """A Beam flag that is given unless the user gives it, and why."""

    flag: str
    value: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Runner:
    """A runner: its presets, the flags it cannot do without, and those that only its job server knows."""

    presets: tuple[Preset, ...]
    needs: tuple[str, ...] = ()
    job_server_flags: tuple[str, ...] = ()


_STREAMING = Preset("streaming", None, "the source has no end: a batch run would wait for one")

RUNNERS: dict[str, Runner] = {
    "DirectRunner": Runner(presets=(_STREAMING,)),
    "PrismRunner": Runner(
        presets=(
            _STREAMING,
            Preset("environment_type", LOOPBACK, "the worker is this process: it can finish what is in flight"),
        ),
    ),
    # Any job server, such as a Prism that runs already: only who started it knows where its workers are.
    "PortableRunner": Runner(presets=(_STREAMING,), needs=("job_endpoint", "environment_type")),
    "FlinkRunner": Runner(
        presets=(
            _STREAMING,
            Preset("environment_type", "EXTERNAL", "the worker pool is a sidecar of the task manager"),
            Preset("environment_config", WORKER_POOL, "where that sidecar listens"),
            Preset("checkpointing_interval", "10000", "ms; without checkpoints Flink keeps no state over a restart"),
        ),
        needs=("flink_master|job_endpoint",),
        # The job server tells Beam these when the job is sent; Beam itself does not know them.
        job_server_flags=(
            "allow_non_restored_state",
            "checkpointing_interval",
            "checkpointing_mode",
            "max_bundle_size",
            "max_bundle_time_mills",
            "retain_externalized_checkpoints_on_cancellation",
            "savepoint_path",
            "shutdown_sources_after_idle_ms",
            "state_backend",
            "state_backend_storage_path",
        ),
    ),
    "DataflowRunner": Runner(
        presets=(
            _STREAMING,
            Preset("enable_streaming_engine", None, "state outside the workers: they may come and go"),
            Preset("experiments", "use_runner_v2", "the only one that runs splittable sources in Python"),
            Preset("sdk_location", "container", "nothing is installed at the start of a worker: all is in the image"),
        ),
        needs=("project", "region", "temp_location", "sdk_container_image"),
    ),
}


def given(flags: Iterable[str]) -> dict[str, list[str]]:
    """The values of each flag, in order; that of a flag without one is the empty text."""
    found: dict[str, list[str]] = {}
    name = None
    for word in flags:
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            found.setdefault(name, []).append(value)
        elif name is not None:
            found[name][-1] = word
    return found


def flags(settings: Settings, leftover: Sequence[str]) -> list[str]:
    """The Beam flags of a run: the user's (``leftover``: what is no setting) and the presets they say nothing about.

    Raises:
        ConfigError: flags that nobody knows, that contradict the runner or each other, or a program that is missing.
    """
    runner = settings.runner
    of_job_server = [word for word in leftover if _name(word) in RUNNERS[runner].job_server_flags]
    user = beam_flags([word for word in leftover if word not in of_job_server]) + of_job_server
    names = set(given(user))
    if "environment_type" in names:  # the preset's address is that of another kind of worker
        names.add("environment_config")
    names -= LISTS
    missing = [preset for preset in RUNNERS[runner].presets if preset.flag not in names]
    both = [f"--{p.flag}" if p.value is None else f"--{p.flag}={p.value}" for p in missing] + user
    problems = list(_problems(settings, given(both)))
    if problems:
        raise ConfigError(problems)
    if starts_prism(runner, both):
        prism.find(prism_location(both))
    return both


def starts_prism(runner: str, words: Sequence[str]) -> bool:
    """Whether a Prism is to be started for the run; else one runs already, or none is needed."""
    return runner == "PrismRunner" and "job_endpoint" not in given(words)


def prism_location(words: Sequence[str]) -> str | None:
    """Where the user says that the program is."""
    return next(reversed(given(words).get("prism_location", [])), None)


def worker_is_here(runner: str, words: Sequence[str]) -> bool:
    """Whether the chain runs in this process, so that a wish to end reaches it."""
    return runner == "DirectRunner" or given(words).get("environment_type", [""])[-1] == LOOPBACK


def _name(word: str) -> str:
    return word.removeprefix("--").partition("=")[0]


def _problems(settings: Settings, flags: dict[str, list[str]]) -> Iterator[str]:
    runner = settings.runner
    last = {name: values[-1] for name, values in flags.items()}
    for need in RUNNERS[runner].needs:
        if not any(last.get(name) for name in need.split("|")):
            yield f"{runner} needs {' or '.join(f'--{name}' for name in need.split('|'))}"
    if settings.delivery == "exactly_once" and runner not in {"DirectRunner", "PrismRunner"}:
        yield f"delivery exactly_once needs the whole chain in one process, which {runner} does not promise"
    yield from _wrong_workers(runner, last)
    if runner == "DirectRunner":
        yield from _wrong_for_direct_runner(last)
    elif runner == "PrismRunner":
        yield from _wrong_for_prism(last)
    elif runner == "FlinkRunner":
        yield from _wrong_for_flink(last)
    elif runner == "DataflowRunner":
        yield from _wrong_for_dataflow(flags)


def _wrong_workers(runner: str, last: dict[str, str]) -> Iterator[str]:
    kind, config = last.get("environment_type"), last.get("environment_config")
    if runner in {"DirectRunner", "DataflowRunner"}:
        for name in ("environment_type", "environment_config", "job_endpoint"):
            if name in last:
                yield f"--{name}: {runner} has workers of its own"
        return
    if kind == "EXTERNAL" and not config:
        yield "--environment_type=EXTERNAL needs --environment_config=HOST:PORT, the address of the worker pool"
    if kind == LOOPBACK and config:
        yield "--environment_config: with LOOPBACK the worker is this process, there is no other to be found"


def _wrong_for_direct_runner(last: dict[str, str]) -> Iterator[str]:
    if last.get("direct_num_workers", "1") != "1":
        yield "--direct_num_workers: with more than one, DirectRunner loses what a source has not read yet"
    if last.get("direct_running_mode", "in_memory") != "in_memory":
        yield "--direct_running_mode: with other workers, DirectRunner loses what a source has not read yet"
    if "prism_location" in last:
        yield "--prism_location needs --runner=PrismRunner"


def _wrong_for_prism(last: dict[str, str]) -> Iterator[str]:
    if last.get("sdk_worker_parallelism", "1") not in {"0", "1"}:
        yield "--sdk_worker_parallelism: Prism has one worker process for a job"
    if "job_endpoint" in last and "prism_location" in last:
        yield "--job_endpoint and --prism_location: a Prism that runs already, or one that is started, not both"


def _wrong_for_flink(last: dict[str, str]) -> Iterator[str]:
    if not re.fullmatch(r"[1-9]\d*", last.get("checkpointing_interval", "")):
        yield "--checkpointing_interval is in ms and more than 0: without checkpoints a restart has no state"
    if last.get("environment_type") == LOOPBACK and last.get("flink_master") not in {"[local]", "[auto]"}:
        yield "--environment_type=LOOPBACK: the task managers of a cluster cannot reach this process"


def _wrong_for_dataflow(flags: dict[str, list[str]]) -> Iterator[str]:
    if any("disable_runner_v2" in value for value in flags.get("experiments", [])):
        yield "--experiments=disable_runner_v2: the older runner has no splittable sources in Python"
    if importlib.util.find_spec("apitools") is None:
        yield "DataflowRunner needs Beam's packages for it: install apache-beam[gcp]"
