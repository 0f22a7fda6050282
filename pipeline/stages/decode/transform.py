"""The Beam side of `decode`."""

from __future__ import annotations

from collections.abc import Iterable

import apache_beam as beam

from pipeline.model import Article, Dropped, Failure, Gap, RawRecord
from pipeline.observe import metrics
from pipeline.settings import Settings
from pipeline.stages.decode.record import decode_record


class DecodeRecords(beam.PTransform):
    """Every record becomes its parts; a `Gap` passes."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._max_article_bytes = settings.max_article_bytes

    def expand(self, records: beam.PCollection) -> beam.PCollection:
        return records | beam.FlatMap(decode_item, self._max_article_bytes)


def decode_item(item: RawRecord | Gap, max_article_bytes: int) -> Iterable[Article | Failure | Dropped | Gap]:
    """Decode a record; let a gap pass."""
    if isinstance(item, Gap):
        return (item,)
    with metrics.timed("decode"):
        return decode_record(item, max_article_bytes)
