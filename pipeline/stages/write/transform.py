"""The Beam side of `write`: send in `process`, hear of every send in `finish_bundle`, only then say `Done`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import Timestamp
from apache_beam.utils.windowed_value import WindowedValue

from pipeline.model import Done, Dropped, EncodedRecord, Failure, Gap
from pipeline.observe import metrics
from pipeline.observe.logs import about
from pipeline.settings import Settings
from pipeline.stages.write.messages import messages
from pipeline.stages.write.sender import Sender, producer_of

log = logging.getLogger(__name__)


class WriteRecords(beam.PTransform):
    """Send what each part ended as."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, items: beam.PCollection) -> beam.PCollection:
        return items | beam.ParDo(SendAndConfirm(self._settings)).with_output_types(Done)


class SendAndConfirm(beam.DoFn):
    """Counts every part exactly once, by how it ended: ``tagged + dead_letters + dropped == parts``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def start_bundle(self) -> None:
        settings = self._settings
        self._sender = Sender(producer_of(settings.connection, settings.max_request_bytes, settings.compression))
        self._done: list[tuple[Done, Timestamp]] = []

    def process(
        self,
        item: EncodedRecord | Failure | Dropped | Gap,
        timestamp: Timestamp = beam.DoFn.TimestampParam,
    ) -> None:
        if isinstance(item, Gap):
            self._done.append((Done(item.at, 0, 1), timestamp))
            return
        count(item)
        for message in messages(item, self._settings):
            self._sender.send(message)
        source = item.source
        self._done.append((Done(source.record.at, source.part, source.parts), timestamp))

    def finish_bundle(self) -> Iterator[Any]:
        if not self._done:
            return  # an idle partition makes bundles too
        with metrics.timed("write"):
            self._sender.flush()
        for done, timestamp in self._done:
            yield WindowedValue(done, timestamp, [GlobalWindow()])
        self._done = []


def count(item: EncodedRecord | Failure | Dropped) -> None:
    """Count a part by how it ended."""
    Metrics.counter("write", "parts").inc()
    if isinstance(item, EncodedRecord):
        Metrics.counter("write", "tagged").inc()
        metrics.part_tagged()
    elif isinstance(item, Failure):
        Metrics.counter("write", "dead_letters").inc()
        at, reason = item.source.record.at, item.problems[0].reason
        Metrics.counter(item.stage, f"dead_letters_{reason}").inc()
        metrics.part_failed(item.stage, reason)
        # Its code only: the message may quote the article.
        log.info("dead letter: %s on %s", reason, item.source.origin, extra=about(at, stage=item.stage, reason=reason))
    else:
        Metrics.counter("write", "dropped").inc()
        Metrics.counter(item.stage, f"dropped_{item.reason}").inc()
        metrics.part_dropped(item.stage, item.reason)
