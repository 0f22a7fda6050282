"""`wiredesk archive`: the output topics as Avro files."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline import options

HELP = "output topics -> Avro files, each record exactly once"
EPILOG = """Files are AVRO_DIR/date=YYYY-MM-DD/hour=HH/TOPIC-PARTITION-FIRST-LAST.avro, by
the hour (UTC) the article was received in. A file is closed after 64 MB or one
minute. Offsets are committed under CONSUMER_GROUP-archive: killed at any
moment, the next start goes on without a gap or a repeat.

examples:
  wiredesk archive --kafka_brokers=localhost:9092 --avro_dir=out
  wiredesk archive --kafka_brokers=localhost:9092 --avro_dir=out --stop_at_end

exit codes: 0 done or stopped, 1 the broker, the folder or a record failed,
2 usage or configuration"""

SETTINGS = (*options.KAFKA_SETTINGS, "output_topic", "events_topic", "consumer_group", "avro_dir", "stop_at_end")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    parser.epilog = EPILOG
    options.add_settings(parser, only=SETTINGS)


def run(args: argparse.Namespace) -> int:
    """Archive until the end of the topics (``stop_at_end``), or until Ctrl-C or a terminate."""
    settings = options.load(args)
    # The Kafka client takes its time to import: a wrong flag is told before.
    from pipeline.reader.archive import archive, archive_group, folder_problems

    if settings.avro_dir is None:
        raise options.ConfigError(["avro_dir: say where the files shall be, such as --avro_dir=out"])
    if problems := folder_problems(settings.avro_dir):
        raise options.ConfigError(problems)
    finish = threading.Event()
    if settings.stop_at_end:
        finish.set()
    with _stopped_by_signals() as stop:
        report = archive(
            settings.connection,
            (settings.output_topic, settings.events_topic),
            Path(settings.avro_dir),
            archive_group(settings.consumer_group),
            stop=stop,
            finish=finish,
        )
    print(f"{report.records} records in {report.files} files in {settings.avro_dir}", file=sys.stderr)
    return 0


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C or terminate sets, so that open files are closed; a second one has its effect."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def handle(*_: object) -> None:
        stop.set()
        restore()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, handle)
    try:
        yield stop
    finally:
        restore()
