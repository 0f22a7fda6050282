"""Memory of a process as articles go through it, seen from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bench.kafka import fill, follow, running, settings_of
from bench.machine import progress, rss_mb, say
from pipeline.broker.embedded import EmbeddedBroker

Sample = tuple[int, float]

# So many articles go in beyond the last mark, so that the process is still at work when it is looked at.
MORE = 100
# Records of ``wiredesk tag`` between two looks; marks are rounded up to it.
LOOK_EVERY = 10


def of_tag(articles: Iterable[bytes], marks: Sequence[int]) -> None:
    """Resident memory of ``wiredesk tag`` when so many records have come out, and how it ended."""
    with tempfile.TemporaryDirectory(prefix="wiredesk-bench-") as folder:
        path = Path(folder) / "articles.jsonl"
        path.write_bytes(b"".join(line + b"\n" for line in articles))
        command = [sys.executable, "-m", "pipeline", "tag", "--input_format=jsonl", "--output=json", os.fspath(path)]
        say("memory of wiredesk tag, RSS")
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            _print(_tagging(process), marks)
        say(f"  exit code {process.returncode}")


def of_run(articles: Sequence[bytes], marks: Sequence[int]) -> None:
    """Resident memory of ``wiredesk run`` when so many records are committed."""
    with EmbeddedBroker() as broker:
        settings = settings_of(broker.connection.brokers, "bench")
        fill(settings, articles)
        say("memory of wiredesk run, RSS (the broker is a process of its own)")
        with running(settings) as process:
            samples = ((done, rss_mb(process.pid)) for done in follow(process, settings, marks[-1]))
            _print(samples, marks)


def _tagging(process: subprocess.Popen[bytes]) -> Iterator[Sample]:
    assert process.stdout is not None
    for count, _ in enumerate(process.stdout, 1):
        if count % LOOK_EVERY == 0 and process.poll() is None:
            yield count, rss_mb(process.pid)


def _print(samples: Iterable[Sample], marks: Sequence[int]) -> None:
    """Print the first sample at or after each mark, with the change since the first of them."""
    left = list(marks)
    first: float | None = None
    for count, size_mb in samples:
        progress(f"memory: {count} of {marks[-1]} articles, {size_mb:.0f} MB")
        while left and count >= left[0]:
            first = size_mb if first is None else first
            change = "" if left[0] == marks[0] else f"   {size_mb - first:+.1f} MB since {marks[0]:,}"
            say(f"  after {left.pop(0):>6,} articles     {size_mb:7.1f} MB{change}")
