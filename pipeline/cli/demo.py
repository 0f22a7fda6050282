"""`wiredesk demo`: the main job, start to end, on a broker that it starts and stops itself."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pipeline.model import TaggedArticle

HELP = "the main job on this machine: seeds -> Kafka -> Beam -> Avro, no set-up"
EPILOG = """Starts the embedded broker on a free port, makes the topics, replays seeds/ into
the input topic, runs the pipeline until the topic is read, archives, reads
back, prints what was tagged, and stops the broker.

examples:
  wiredesk demo
  wiredesk demo --output json --keep

exit codes: 0 done, 1 failed, 3 done but some input became dead letters"""

STEPS = 3  # broker, replay, run


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    parser.epilog = EPILOG
    parser.add_argument("--output", choices=["table", "json"], default="table", help="default: table")
    parser.add_argument("--keep", action="store_true", help="leave the Avro files and the broker's log, and say where")


def run(args: argparse.Namespace) -> int:
    """Run the demo in a folder of its own, which goes away again unless it is to be kept."""
    folder = Path(tempfile.mkdtemp(prefix="wiredesk-demo-"))
    try:
        return _run(folder, args.output, keep=args.keep)
    finally:
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, output: str, *, keep: bool) -> int:
    # Beam and spaCy take seconds to import: --help does not wait for them.
    from pipeline import resources, runners
    from pipeline.broker import topics
    from pipeline.broker.embedded import EmbeddedBroker
    from pipeline.cli import printing
    from pipeline.reader.archive import running_archive
    from pipeline.reader.files import read_files
    from pipeline.replay import replay
    from pipeline.settings import Settings

    with _steps() as say, EmbeddedBroker(folder / "broker.log") as broker:
        settings = Settings(kafka_brokers=broker.connection.brokers, stop_at_end=True, avro_dir=str(folder / "avro"))
        say(f"broker   {broker.connection.brokers} (embedded, pid {broker.pid})")
        topics.create(settings)
        sent = replay(settings.connection, settings.input_topic, [resources.folder("seeds")])
        say(f"replay   {sent} records -> {settings.input_topic}")
        outputs = (settings.output_topic, settings.events_topic)
        with running_archive(settings.connection, outputs, folder / "avro", settings.consumer_group):
            inputs = [(at.topic, at.partition) for at in topics.inputs(settings)]
            report = runners.run(settings, inputs)
        say(f"run      {runners.in_words(report)}")
    records = [record for record in read_files(folder / "avro") if isinstance(record, TaggedArticle)]
    with printing.printer(output) as show:
        for record in records:
            show(record)
    where = "" if keep else " (removed; --keep leaves them)"
    for path in sorted((folder / "avro").rglob("*.avro")):
        print(f"avro     {path if keep else path.relative_to(folder)}{where}", file=sys.stderr)
    return 3 if report.dead_letters else 0


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """What says how a step went; on a terminal with a bar of the steps below it."""
    if not sys.stderr.isatty():
        yield partial(print, file=sys.stderr)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.completed} of {task.total} steps"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=STEPS)

        def say(line: str) -> None:
            bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
            bar.advance(task)

        yield say
