"""`wiredesk run`: the streaming job."""

from __future__ import annotations

import argparse
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from pipeline import options
from pipeline.broker.connection import BrokerError

HELP = "the streaming job: input topic -> tagged articles, events and dead letters"
EPILOG = """examples:
  wiredesk run --kafka_brokers=localhost:9092 --check
  wiredesk run --kafka_brokers=localhost:9092 --stop_at_end --avro_dir=out
  WIREDESK_KAFKA_PASSWORD=... wiredesk run --config=deploy/config/minimal.toml

Ctrl-C or a terminate finishes what is in flight, commits and exits with 0; a
second one stops at once, and the next run begins at the last commit.

exit codes: 0 done or stopped, 1 the pipeline failed, 2 usage or configuration,
3 done but some input became dead letters, 130 stopped at once"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    parser.epilog = EPILOG
    parser.add_argument("--check", action="store_true", help="configuration, access, topics and lag, then exit")
    options.add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Check everything that can be checked, then run until the end, an error, a terminate or Ctrl-C."""
    settings = options.load(args)
    beam_flags = options.beam_flags(getattr(args, "leftover", []))
    # Kafka and Beam take seconds to import: a wrong flag is told before.
    from pipeline import preflight
    from pipeline.reader.archive import folder_problems

    problems = folder_problems(settings.avro_dir) if settings.avro_dir else []
    try:
        found = preflight.check(settings, begin=not args.check)
    except BrokerError as error:  # before anything runs, it is a matter of configuration
        raise options.ConfigError([*problems, str(error)]) from error
    if problems or found.problems:
        raise options.ConfigError([*problems, *found.problems])
    if args.check:
        print(preflight.summary(settings, found))
        return 0
    return _run(replace(settings, delivery=found.delivery), sorted(found.lag), beam_flags)


def _watched(settings: options.Settings, partitions: list[tuple[str, int]]) -> AbstractContextManager[object]:
    if not settings.metrics_port:
        return nullcontext()
    from pipeline.observe import endpoint, metrics

    metrics.IN_WORK.expect(partitions)
    return endpoint.serving(settings.metrics_port, settings.metrics_host)


def _run(settings: options.Settings, partitions: list[tuple[str, int]], beam_flags: list[str]) -> int:
    from pipeline import runners, stopping
    from pipeline.reader.archive import running_archive

    outputs = (settings.output_topic, settings.events_topic)
    archive: AbstractContextManager[None] = nullcontext()
    if settings.avro_dir:
        archive = running_archive(settings.connection, outputs, Path(settings.avro_dir), settings.consumer_group)
    with _watched(settings, partitions), stopping.on_signals(), archive:
        report = runners.run(settings, partitions, beam_flags)
        stopped = stopping.requested()
    print(f"{'stopped: ' if stopped else ''}{runners.in_words(report)}", file=sys.stderr)
    return 3 if report.dead_letters and not stopped else 0
