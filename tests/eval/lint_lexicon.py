"""Looks through the event lexicon: ``make lexicon``, or ``make lexicon STORIES=wire.jsonl``.

Tells what is wrong with the tables (exit code 1), which lines clash, and which have no example. With a file of articles
(flat jsonl) it codes them and tells which lines of the lexicon are taken most, and which never.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import test_lexicon_examples
from rich.console import Console
from rich.progress import track

from pipeline.model import CleanArticle, RawRecord
from pipeline.offline import record, tag_records
from pipeline.settings import Settings
from pipeline.stages.tag.events import Coding, checks
from pipeline.stages.tag.events.lexicon import Trigger, lexicon

MOST = 40


def triggers() -> list[Trigger]:
    """All lines of ``triggers.tsv`` in its order."""
    return sorted((t for found in lexicon().triggers.values() for t in found), key=lambda t: t.line)


def hits(stories: Path) -> tuple[Counter[Trigger], Counter[Trigger]]:
    """How often each line is taken in these articles, and how often it gives an event of its own.

    Raises:
        OSError: the file cannot be read.
    """
    taken: Counter[Trigger] = Counter()
    emitted: Counter[Trigger] = Counter()

    def listen(_: CleanArticle, coding: Coding) -> None:
        candidates = [c for reading in coding.readings for c in reading.candidates]
        taken.update(c.rule for c in candidates)
        emitted.update(c.rule for c in candidates if c.dropped is None)

    for _ in tag_records(_shown(_records(stories)), Settings(), listener=listen):
        pass
    return taken, emitted


def _records(stories: Path) -> list[RawRecord]:
    lines = [line for line in stories.read_bytes().splitlines() if line.strip()]
    return [record(n, line, (("content-type", b"application/x-ndjson"),)) for n, line in enumerate(lines)]


def _shown(records: list[RawRecord]) -> Iterable[RawRecord]:
    """The records, with a bar on a terminal and nothing elsewhere."""
    if not sys.stderr.isatty():
        return records
    return track(records, "coding", console=Console(stderr=True), transient=True)


def report(stories: Path | None) -> Iterator[str]:
    """What there is to say of a lexicon whose tables are well formed."""
    lines = triggers()
    yield from _listed("never taken, since a wider line is tried before", checks.unreachable(lines))
    yield from _listed("clash: of these the one that stands first is taken", checks.clashes(lines))
    failed, shown = test_lexicon_examples.examined()
    yield from _listed("examples that fire nothing of their kind", failed)
    yield from _listed("lines without an example", (t.line for t in lines if t not in shown))
    if stories is not None:
        yield from _of_hits(lines, *hits(stories))


def _of_hits(lines: list[Trigger], taken: Counter[Trigger], emitted: Counter[Trigger]) -> Iterator[str]:
    most = (f"{number} taken, {emitted[t]} events: {t.line}" for t, number in taken.most_common(MOST))
    yield from _listed("taken most", most)
    yield from _listed("never taken in these articles", (t.line for t in lines if t not in taken))


def _listed(title: str, found: Iterable[str]) -> Iterator[str]:
    items = list(found)
    yield f"{title}: {len(items)}"
    yield from (f"  {item}" for item in items)


def main() -> int:
    """Print the report; 1 where the tables are not well formed."""
    parser = argparse.ArgumentParser(description="Look through the event lexicon.")
    parser.add_argument("stories", nargs="?", type=Path, help="articles, flat jsonl: which lines do they take?")
    stories = parser.parse_args().stories
    if stories is not None and not stories.is_file():
        parser.error(f"{stories}: no such file")
    wrong = checks.problems(checks.tables())
    sys.stdout.writelines(f"{line}\n" for line in wrong or report(stories))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
