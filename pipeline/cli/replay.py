"""`wiredesk replay`: files into the input topic."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline import options
from pipeline.cli.topics import positive
from pipeline.model import Message

HELP = "files or folders of articles -> input topic"
EPILOG = """A file is sent by its name: .jsonl and .ndjson one record a line, .json and .txt
one record. NAME.headers.json beside NAME.txt holds headers for it, such
as {"wiredesk.id": "a-1", "wiredesk.published-at": "2016-04-05"}.

examples:
  wiredesk replay --kafka_brokers=localhost:9092 seeds/
  wiredesk replay --kafka_brokers=localhost:9092 --rate=20 --loop=endless wire.jsonl

exit codes: 0 done, 1 the broker failed, 2 usage or configuration"""

ENDLESS = "endless"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    parser.epilog = EPILOG
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders")
    parser.add_argument("--rate", type=_rate, metavar="N", help="records a second at most; default: as fast as it goes")
    parser.add_argument("--loop", type=_loop, default=1, metavar="N|endless", help="how often; default: 1")
    options.add_settings(parser, only=(*options.KAFKA_SETTINGS, "input_topic", "max_article_bytes"))


def run(args: argparse.Namespace) -> int:
    """Send the files, with a progress bar on a terminal, and say how many records went."""
    settings = options.load(args)
    if len(settings.input_topics) != 1:
        raise options.ConfigError([f"input_topic: {settings.input_topic} is not one topic; say which one to send to"])
    (topic,) = settings.input_topics
    # The Kafka client takes its time to import: a wrong flag is told before.
    from pipeline import replay as sending
    from pipeline.broker import clients

    found = sending.find(args.paths)
    if found.passed_over:
        print("passed over: " + ", ".join(map(str, found.passed_over)), file=sys.stderr)
    if missing := clients.check_topics(settings.connection, [topic]):
        raise options.ConfigError(missing)
    rounds = None if args.loop == ENDLESS else args.loop
    size_bytes = sum(file.path.stat().st_size for file in found.files)
    sent = 0

    def count(message: Message) -> None:
        nonlocal sent
        sent += 1
        show(message)

    try:
        with _progress(rounds and size_bytes * rounds) as show:
            sending.replay(
                settings.connection,
                topic,
                args.paths,
                records_per_second=args.rate,
                rounds=rounds,
                max_request_bytes=settings.max_request_bytes,
                on_sent=count,
            )
    except KeyboardInterrupt:
        print(f"{sent} records -> {topic}", file=sys.stderr)
        raise
    print(f"{sent} records -> {topic}", file=sys.stderr)
    return 0


@contextmanager
def _progress(total_bytes: int | None) -> Iterator[Callable[[Message], None]]:
    """A bar on a terminal, nothing elsewhere; without an end where ``total_bytes`` is None."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.fields[records]} records"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task, records = bar.add_task("", total=total_bytes, records=0), 0

        def show(message: Message) -> None:
            nonlocal records
            records += 1
            bar.update(task, advance=len(message.value or b""), records=records)

        yield show


def _rate(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        msg = f"{text} is not more than 0"
        raise argparse.ArgumentTypeError(msg)
    return number


def _loop(text: str) -> int | str:
    return ENDLESS if text == ENDLESS else positive(text)
