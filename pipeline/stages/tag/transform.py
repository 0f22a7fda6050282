"""The Beam side of `tag`: one model a process, one batch of articles after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.shared import Shared
from apache_beam.utils.timestamp import Timestamp
from apache_beam.utils.windowed_value import WindowedValue

from pipeline.observe import metrics
from pipeline.settings import Settings
from pipeline.stages.tag.batch import Incoming, is_full, tag_batch
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
        self._shared = Shared()

    def setup(self) -> None:
        settings = self._settings
        self._tagger: Tagger = self._shared.acquire(
            lambda: Tagger(settings.nlp_model, settings.max_tagged_chars, strict=settings.strict)
        )

    def start_bundle(self) -> None:
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
        with metrics.timed("tag"):
            tagged = list(tag_batch(self._tagger, waiting))
        for item, timestamp in zip(tagged, timestamps, strict=True):
            yield WindowedValue(item, timestamp, [GlobalWindow()])
