"""The Beam side of `encode`."""

from __future__ import annotations

import apache_beam as beam

from pipeline.failures.guard import guarded
from pipeline.model import Dropped, EncodedRecord, Failure, Gap, Tagged
from pipeline.observe import metrics
from pipeline.settings import Settings
from pipeline.stages.encode import encode


class EncodeArticles(beam.PTransform):
    """Every `Tagged` becomes an `EncodedRecord`; all else passes."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._max_record_bytes = settings.max_record_bytes

    def expand(self, items: beam.PCollection) -> beam.PCollection:
        return items | beam.Map(encode_article, self._max_record_bytes)


def encode_article(
    item: Tagged | Failure | Dropped | Gap, max_record_bytes: int
) -> EncodedRecord | Failure | Dropped | Gap:
    """Encode one article."""
    if not isinstance(item, Tagged):
        return item
    with metrics.timed("encode"):
        encoded = guarded("encode", item.source, lambda: encode(item, max_record_bytes=max_record_bytes))
    if isinstance(encoded, EncodedRecord):
        for code in item.article.problems:
            metrics.problem(code)
    return encoded
