"""`wiredesk run`: the streaming job."""

from __future__ import annotations

import argparse
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from pipeline import options, presets
from pipeline.broker.connection import BrokerError

HELP = "the streaming job: input topic -> tagged articles, events and dead letters"
EPILOG = """examples:
  wiredesk run --kafka_brokers=localhost:9092 --check
  wiredesk run --kafka_brokers=localhost:9092 --stop_at_end --avro_dir=out
  wiredesk run --kafka_brokers=localhost:9092 --runner=PrismRunner --restart
  WIREDESK_KAFKA_PASSWORD=... wiredesk run --config=deploy/config/minimal.toml

Ctrl-C or a terminate finishes what is in flight, commits and exits with 0; a
second one stops at once, and the next run begins at the last commit.

exit codes: 0 done or stopped, 1 the pipeline failed, 2 usage or configuration,
3 done but some input became dead letters, 130 stopped at once"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    parser.epilog = EPILOG
    parser.add_argument("--check", action="store_true", help="configuration, access, topics and lag, then exit")
    parser.add_argument("--restart", action="store_true", help="in a process of its own, started anew when it fails")
    parser.add_argument("--restarted", action="store_true", help=argparse.SUPPRESS)  # what --restart adds the next time
    options.add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Check everything that can be checked, then run until the end, an error, a terminate or Ctrl-C."""
    settings = options.load(args)
    if args.restart:
        return _supervised(args, settings)
    beam_flags = presets.flags(settings, getattr(args, "leftover", []))
    # Kafka and Beam take seconds to import: a wrong flag is told before.
    from pipeline import preflight
    from pipeline.reader.archive import folder_problems
    from pipeline.stages.tag.alias_file import table_problems

    problems = folder_problems(settings.avro_dir) if settings.avro_dir else []
    problems += table_problems(settings.alias_table)
    try:
        # With exactly once, to begin is to end whoever runs under the same group.
        found = preflight.check(settings, begin=not (args.check or problems), anew=args.restarted)
    except BrokerError as error:
        if args.restarted:  # an outage: worth another try
            raise
        # Before anything runs, it is a matter of configuration.
        raise options.ConfigError([*problems, str(error)]) from error
    if problems or found.problems:
        raise options.ConfigError([*problems, *found.problems])
    if args.check:
        print(preflight.summary(settings, found))
        return 0
    settings = replace(settings, delivery=found.delivery, start_offset=found.start_offset)
    return _run(settings, sorted(found.lag), beam_flags)


def _supervised(args: argparse.Namespace, settings: options.Settings) -> int:
    """Run the same command in a process of its own, and again when it failed.

    The port for metrics is ours, so that it answers in between too; the pipeline has one on the loopback interface.
    """
    from pipeline import processes
    from pipeline.observe import endpoint, metrics
    from pipeline.supervisor import Supervisor

    command = [sys.executable, "-m", "pipeline", *(word for word in args.words if word != "--restart")]
    watched: AbstractContextManager[object] = nullcontext()
    if settings.metrics_port:
        port = processes.free_port()
        command += [f"--metrics_port={port}", f"--metrics_host={processes.HOST}"]
        pages = endpoint.pages_of_supervisor(port)
        watched = endpoint.serving(settings.metrics_port, settings.metrics_host, pages)
    with watched:
        return Supervisor(command, [*command, "--restarted"], metrics.RESTARTS.inc).run()


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
