"""`wiredesk topics`: makes the topics of a pipeline, or says what is wrong with them."""

from __future__ import annotations

import argparse
import sys

from pipeline import options

HELP = "make the topics of a pipeline, or say what is wrong with them"
EPILOG = """examples:
  wiredesk topics create --kafka_brokers=localhost:9092 --partitions=6
  wiredesk topics check --config=deploy/config/minimal.toml

exit codes: 0 done, 1 the broker failed, 2 usage or configuration, or a topic
that a run cannot use"""

SETTINGS = (
    *options.KAFKA_SETTINGS,
    "input_topic",
    "output_topic",
    "events_topic",
    "dead_letter_topic",
    "max_article_bytes",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    parser.epilog = EPILOG
    parser.add_argument(
        "action",
        choices=["create", "check"],
        help="create: make those that are missing, leave the others as they are;"
        " check: whether they exist, and are as create would make them",
    )
    parser.add_argument("--partitions", type=positive, default=2, metavar="N", help="of each new topic; default: 2")
    parser.add_argument(
        "--replication_factor", type=positive, default=-1, metavar="N", help="of each new topic; default: the broker's"
    )
    options.add_settings(parser, only=SETTINGS)


def run(args: argparse.Namespace) -> int:
    """Make or check the topics."""
    settings = options.load(args)
    from pipeline.broker import topics  # takes a while: a wrong flag is told before

    if args.action == "create":
        made = topics.create(settings, partitions=args.partitions, replication_factor=args.replication_factor)
        for topic in topics.wanted(settings):
            print(f"{topic.name}: {'made' if topic.name in made else 'exists'}")
    problems, advice = topics.check(settings), topics.advice(settings)
    for line in advice:
        print(line, file=sys.stderr)
    if problems:
        raise options.ConfigError(problems)
    if args.action == "check":
        print(f"all topics can be used on {settings.kafka_brokers}")
    return 0


def positive(text: str) -> int:
    """A whole number from 1, for argparse."""
    number = int(text)
    if number < 1:
        msg = f"{text} is less than 1"
        raise argparse.ArgumentTypeError(msg)
    return number
