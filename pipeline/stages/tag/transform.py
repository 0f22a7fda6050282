"""The Beam side of `tag`: one model a process, one batch of articles after the other.

Whether the alias table has changed is asked once a bundle, so that all articles of a batch see the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import Timestamp
from apache_beam.utils.windowed_value import WindowedValue

from pipeline.model import CleanArticle
from pipeline.observe import metrics
from pipeline.settings import Settings
from pipeline.stages.tag.batch import Incoming, is_full, tag_batch, tagger_of
from pipeline.stages.tag.events import Coding, Drop
from pipeline.stages.tag.tagger import Tagger


class TagArticles(beam.PTransform):
    """Every `CleanArticle` becomes a `Tagged` (or a `Failure`); all else passes, in the order in which it came."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, items: beam.PCollection) -> beam.PCollection:
        return items | beam.ParDo(TagBatches(self._settings))


class TagBatches(beam.DoFn):
    """Tags whenever a batch is full and, at the end of a bundle, what is left."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def setup(self) -> None:
        metrics.discards_begin(Drop)

    def start_bundle(self) -> None:
        # Made when there is something to tag: a bundle may begin long before its first article comes.
        self._tagger: Tagger | None = None
        self._waiting: list[Incoming] = []
        self._timestamps: list[Timestamp] = []

    def process(self, item: Incoming, timestamp: Timestamp = beam.DoFn.TimestampParam) -> Iterator[Any]:
        self._waiting.append(item)
        self._timestamps.append(timestamp)
        if is_full(self._waiting):
            yield from self._tag()

    def finish_bundle(self) -> Iterator[Any]:
        yield from self._tag()

    def _tag(self) -> Iterator[Any]:
        waiting, timestamps = self._waiting, self._timestamps
        self._waiting, self._timestamps = [], []
        if not waiting:
            return
        self._tagger = self._tagger or tagger_of(self._settings, count_discards)
        with metrics.timed("tag"):
            tagged = list(tag_batch(self._tagger, waiting))
        for item, timestamp in zip(tagged, timestamps, strict=True):
            yield WindowedValue(item, timestamp, [GlobalWindow()])


def count_discards(article: CleanArticle, coding: Coding) -> None:
    """Count what could have told of an event in the article and did not, by reason."""
    for code, number in coding.discards().items():
        Metrics.counter("tag", f"discarded_{code}").inc(number)
        metrics.events_discarded(code, number)
