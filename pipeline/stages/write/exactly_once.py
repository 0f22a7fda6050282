"""`write` and `commit` in one step: outputs and offsets in one transaction of this process."""

from __future__ import annotations

import apache_beam as beam

from pipeline.broker import transactions
from pipeline.model import Done, Dropped, EncodedRecord, Failure, Gap
from pipeline.settings import Settings
from pipeline.stages.write.messages import messages
from pipeline.stages.write.transform import count


class WriteAndCommit(beam.PTransform):
    """Hand every part to the process's transactional writer, which lets them out in the order of their offsets."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, items: beam.PCollection) -> beam.PCollection:
        return items | beam.ParDo(HandToWriter(self._settings))


class HandToWriter(beam.DoFn):
    """The writer commits by itself too, every 100 parts or half a second: Prism may make one bundle of all there is."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def start_bundle(self) -> None:
        self._writer = transactions.writer_of(self._settings)

    def process(self, item: EncodedRecord | Failure | Dropped | Gap) -> None:
        if isinstance(item, Gap):
            self._writer.add(Done(item.at, 0, 1), [])
            return
        count(item)
        source = item.source
        self._writer.add(Done(source.record.at, source.part, source.parts), messages(item, self._settings))

    def finish_bundle(self) -> None:
        self._writer.flush()
