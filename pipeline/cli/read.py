"""`wiredesk read`: a downstream reader of the output topics."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from pipeline import options
from pipeline.reader import projections

HELP = "records of an output topic -> JSON lines or tables"
EPILOG = """examples:
  wiredesk read --kafka_brokers=localhost:9092
  wiredesk read --topic=news.events.v1 --follow | jq .events
  wiredesk read --from=2024-03-04T06:00:00Z --format=table
  wiredesk read --format=polecat > events.tsv

exit codes: 0 done, 1 the broker failed or a value is no record of Wiredesk,
2 usage or configuration"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    parser.epilog = EPILOG
    parser.add_argument("--topic", help="default: the setting output_topic, for events alone events_topic")
    parser.add_argument(
        "--from",
        dest="start",
        default="earliest",
        metavar="earliest|latest|TIME",
        help="where to begin: a time is ISO 8601 with its zone; default: earliest",
    )
    parser.add_argument("--follow", action="store_true", help="go on with what arrives, until Ctrl-C")
    parser.add_argument(
        "--format",
        choices=["json", "table", *projections.FORMATS],
        default="json",
        help="default: json, one a line; the last four are of events alone, in the forms of other event data",
    )
    options.add_settings(parser, only=options.KAFKA_SETTINGS)


def run(args: argparse.Namespace) -> int:
    """Print the records of a topic; commits nothing."""
    settings, start = options.load(args), _start(args.start)
    # The Kafka client takes its time to import: a wrong flag is told before.
    from pipeline.cli import printing
    from pipeline.reader.topic import records

    of_events = args.format in projections.FORMATS
    topic = args.topic or (settings.events_topic if of_events else settings.output_topic)
    with printing.printer(args.format) as show:
        for received in records(settings.connection, topic, start=start, follow=args.follow):
            show(received.record)
            if args.follow:
                sys.stdout.flush()
    return 0


def _start(text: str) -> str | datetime:
    if text in {"earliest", "latest"}:
        return text
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        problem = f"--from: {text!r} is none of earliest, latest, or a time such as 2024-03-04T06:00:00Z"
        raise options.ConfigError([problem]) from None
    if time.tzinfo is None:
        raise options.ConfigError([f"--from: {text!r} has no time zone: add Z or an offset such as +02:00"])
    return time
