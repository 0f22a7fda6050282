"""The Beam side of `read`: a splittable DoFn, one restriction a partition."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import apache_beam as beam
from apache_beam.io.iobase import RestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp
from kafka import TopicPartition

from pipeline import stopping
from pipeline.broker import transactions
from pipeline.model import Gap, RawRecord
from pipeline.observe import metrics
from pipeline.settings import Settings
from pipeline.stages.read import partition as partitions
from pipeline.stages.read.in_flight import room
from pipeline.stages.read.offsets import NO_MORE, Offsets, OffsetsTracker
from pipeline.stages.read.start import commit_start, first_offsets

# A bundle is what is tagged, sent and committed together: large enough for the model to work in batches, small enough
# that a crash repeats little.
MAX_RECORDS_PER_CALL = 64
MAX_SECONDS_PER_CALL = 1.0
# DirectRunner ignores the delay of a checkpoint, so an idle partition waits here; those of a process take turns.
POLL_TIMEOUT_MS = 100
# Others keep the delay, and Prism spins on a full core while any bundle is in work: there the runner does the waiting.
SHORT_POLL_TIMEOUT_MS = 10
IDLE_DELAY_SECONDS = 0.25
# An idle partition holds its watermark this far behind the clock, for records that are on their way.
IDLE_WATERMARK_LAG_SECONDS = 2.0


class ReadTopic(beam.PTransform):
    """Read the partitions named, each from where the group stands."""

    def __init__(self, settings: Settings, found: Sequence[tuple[str, int]]) -> None:
        super().__init__()
        self._settings = settings
        self._partitions = list(found)

    def expand(self, root: beam.Pipeline) -> beam.PCollection:
        found = root | beam.Create(self._partitions, reshuffle=False)
        if self._settings.runner in {"FlinkRunner", "DataflowRunner"}:
            found = found | beam.Reshuffle()  # else one worker reads them all
        return found | beam.ParDo(ReadPartition(self._settings))


class ReadPartition(beam.DoFn, RestrictionProvider):
    """Reads ``(topic, partition)`` from its restriction's start; emits, then moves the watermark, then checkpoints."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._poll_ms = POLL_TIMEOUT_MS if settings.runner == "DirectRunner" else SHORT_POLL_TIMEOUT_MS

    def _reader(self, element: tuple[str, int]) -> partitions.PartitionReader:
        settings = self._settings
        return partitions.reader_of(settings.connection, settings.consumer_group, TopicPartition(*element))

    def initial_restriction(self, element: tuple[str, int]) -> Offsets:
        if self._settings.delivery == "exactly_once":
            # First, since it ends the transaction of a run that was killed: only then is its offset settled.
            transactions.writer_of(self._settings)
        reader = self._reader(element)
        settings = self._settings
        offsets = first_offsets(
            reader.consumer, reader.partition, settings.start_offset, stop_at_end=settings.stop_at_end
        )
        if settings.start_offset != "committed":
            commit_start(reader.consumer, reader.partition, offsets.base)
        return offsets

    def create_tracker(self, restriction: Offsets) -> OffsetsTracker:
        return OffsetsTracker(restriction)

    def restriction_size(self, element: tuple[str, int], restriction: Offsets) -> int:
        if restriction.stop is not None:
            return restriction.stop - restriction.start
        return self._reader(element).backlog_records()

    def truncate(self, _element: tuple[str, int], restriction: Offsets) -> Offsets | None:
        return None if restriction.stop is None else restriction

    # The runner gives these by keyword, and in this order only (a parameter without default after them is a TypeError).
    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        element: tuple[str, int],
        tracker: RestrictionTracker = beam.DoFn.RestrictionParam(),
        watermark: ManualWatermarkEstimator = beam.DoFn.WatermarkEstimatorParam(
            ManualWatermarkEstimator.default_provider()
        ),
    ) -> Iterator[TimestampedValue]:
        reader = self._reader(element)
        offsets: Offsets = tracker.current_restriction()
        reader.seek(offsets.start)
        until = time.monotonic() + MAX_SECONDS_PER_CALL
        left = MAX_RECORDS_PER_CALL
        while offsets.stop is None or reader.next_offset < offsets.stop:
            settings = self._settings
            reader.in_flight.forget_committed()
            free = room(partitions.in_flight_of_process(), settings.max_in_flight, settings.max_in_flight_bytes)
            idle = True
            if stopping.requested():
                tracker.try_claim(NO_MORE)
                return
            for item in self._poll(reader, offsets, min(left, free)):
                if not tracker.try_claim(NO_MORE if stopping.requested() else item.at.end - 1):
                    return
                idle = False
                left -= isinstance(item, RawRecord)
                yield TimestampedValue(item, self._timestamp(reader, item))
            self._advance(watermark, reader)
            if idle:
                reader.check_alive(self._settings.max_outage_seconds)
            if idle or left <= 0 or time.monotonic() >= until:
                tracker.defer_remainder(Duration(IDLE_DELAY_SECONDS if idle else 0))
                return

    def _poll(self, reader: partitions.PartitionReader, offsets: Offsets, most: int) -> Iterator[RawRecord | Gap]:
        if most <= 0:
            time.sleep(self._poll_ms / 1000)  # too much in flight: wait as long as a poll of an idle partition would
            return
        records = reader.poll(most, self._poll_ms)
        for item in partitions.seamless(records, reader.position(), reader.partition, offsets, reader.next_offset):
            reader.next_offset = item.at.end
            if isinstance(item, RawRecord):
                reader.note(item)
            yield item

    def _timestamp(self, reader: partitions.PartitionReader, item: RawRecord | Gap) -> Timestamp:
        if isinstance(item, RawRecord) and item.timestamp_ms is not None:
            reader.highest_timestamp_ms = max(reader.highest_timestamp_ms, item.timestamp_ms)
            return Timestamp(micros=item.timestamp_ms * 1000)
        return Timestamp.now()

    def _advance(self, watermark: ManualWatermarkEstimator, reader: partitions.PartitionReader) -> None:
        """Move the watermark: to the newest record's time or, when all is read, on with the clock.

        The second also where no record ever came: an idle partition must not hold back the others.
        """
        now = Timestamp.now()
        backlog = reader.backlog_records()
        metrics.lag(reader.at, backlog)
        if backlog == 0:
            target = now - Duration(IDLE_WATERMARK_LAG_SECONDS)
        else:
            target = min(now, Timestamp(micros=reader.highest_timestamp_ms * 1000))
        current = watermark.current_watermark()
        if current is None or target > current:
            watermark.set_watermark(target)
