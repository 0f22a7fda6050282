"""`wiredesk run`: the streaming job."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext

from pipeline import options

HELP = "the streaming job: input topic -> tagged articles, events and dead letters"
EPILOG = """examples:
  wiredesk run --kafka_brokers=localhost:9092 --check
  wiredesk run --kafka_brokers=localhost:9092 --stop_at_end --avro_dir=out
  WIREDESK_KAFKA_PASSWORD=... wiredesk run --config=deploy/config/minimal.toml

exit codes: 0 done, 1 the pipeline failed, 2 usage or configuration, 3 done but some input became dead letters"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    parser.epilog = EPILOG
    parser.add_argument("--check", action="store_true", help="configuration, access, topics and lag, then exit")
    options.add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Check everything that can be checked, then run until the end, an error or Ctrl-C."""
    beam_flags = options.beam_flags(getattr(args, "leftover", []))
    settings = options.load(args)
    from pipeline import preflight  # Kafka and Beam take seconds to import: a wrong flag is told before

    found = preflight.check(settings)
    if found.problems:
        raise options.ConfigError(found.problems)
    if args.check:
        print(preflight.summary(settings, found))
        return 0
    from pipeline import runners
    from pipeline.reader.archive import running_archive

    archive = running_archive(settings) if settings.avro_dir else nullcontext()
    with archive:
        report = runners.run(settings, sorted(found.partitions), beam_flags)
    print(runners.in_words(report), file=sys.stderr)
    return 3 if report.dead_letters else 0
