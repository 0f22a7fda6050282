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
from pipeline.broker.connection import BrokerError
from pipeline.model import Gap, RawRecord
from pipeline.observe import metrics
from pipeline.settings import Settings
from pipeline.stages.read import partition as partitions
from pipeline.stages.read.in_flight import room
from pipeline.stages.read.offsets import NO_MORE, Offsets, OffsetsTracker
from pipeline.stages.read.start import anew, complaint, first_offsets
from pipeline.stages.read.watermark import watermark_ms

# A bundle is what is tagged, sent and committed together: large enough for the model to work in batches, small enough
# that a crash repeats little.
MAX_RECORDS_PER_CALL = 64
MAX_SECONDS_PER_CALL = 1.0
# DirectRunner ignores the delay of a checkpoint, so an idle partition waits here; those of a process take turns.
POLL_TIMEOUT_MS = 100
# Others keep the delay, and Prism spins on a full core while any bundle is in work: there the runner does the waiting.
SHORT_POLL_TIMEOUT_MS = 10
IDLE_DELAY_SECONDS = 0.25
# A new base waits so long for what is in work to end.
SETTLE_SECONDS = 10.0


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
        settings = self._settings
        if settings.delivery == "exactly_once":
            # First, since it ends the transaction of a run that was killed: only then is its offset settled.
            transactions.writer_of(settings)
        reader = self._reader(element)
        reader.look()
        return first_offsets(reader, settings)

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
        reader.seek(offsets)
        if reader.lost is not None and self._can_begin_anew(reader):
            tracker.try_claim(anew(reader, self._settings, offsets))
            tracker.defer_remainder()
            return
        until = time.monotonic() + MAX_SECONDS_PER_CALL
        left = MAX_RECORDS_PER_CALL
        while offsets.stop is None or reader.next_offset < offsets.stop:
            if stopping.reading_ends() or (self._is_away(reader) and offsets.stop is not None):
                tracker.try_claim(NO_MORE)
                return
            idle = True
            for item in self._poll(reader, offsets, left):
                if not tracker.try_claim(NO_MORE if stopping.reading_ends() else item.at.end - 1):
                    return
                idle = False
                left -= isinstance(item, RawRecord)
                yield TimestampedValue(item, self._timestamp(item))
            self._advance(watermark, reader)
            if idle and reader.absent_since_seconds is None:
                reader.check_alive(self._settings.max_outage_seconds)
            if idle or left <= 0 or time.monotonic() >= until:
                tracker.defer_remainder(Duration(IDLE_DELAY_SECONDS if idle else 0))
                return

    def _can_begin_anew(self, reader: partitions.PartitionReader) -> bool:
        """Whether what is in work has ended, so that its commits do not undo that of the new base; or waited enough.

        Raises:
            BrokerError: no policy says where to go on.
        """
        assert reader.lost is not None  # noqa: S101 - for the type checker
        if self._settings.offset_out_of_range == "error":
            raise BrokerError(complaint(reader.lost.why, self._settings))
        reader.look()
        return not reader.in_flight.records or time.monotonic() - reader.lost.at_seconds >= SETTLE_SECONDS

    def _is_away(self, reader: partitions.PartitionReader) -> bool:
        """Whether the partition is not there at present.

        The topics of a ``^pattern`` may come and go: the others are read on, as they are without the partitions of a
        topic that came back with fewer, where `offset_out_of_range` lets it. A topic that was named must be there: a
        run that reads nothing for ever would look well.

        Raises:
            BrokerError: it must be there, and was away for ``max_outage_seconds``.
        """
        since, settings = reader.absent_since_seconds, self._settings
        if since is None:
            return False
        may_go = not settings.input_topics or (reader.topic_is_there and settings.offset_out_of_range != "error")
        if not may_go and time.monotonic() - since >= settings.max_outage_seconds:
            msg = f"{reader.name} is not there any more, since {time.monotonic() - since:.0f} s (max_outage_seconds)"
            raise BrokerError(msg)
        return may_go

    def _poll(self, reader: partitions.PartitionReader, offsets: Offsets, left: int) -> Iterator[RawRecord | Gap]:
        settings = self._settings
        reader.look()
        free = room(partitions.in_flight_of_process(), settings.max_in_flight, settings.max_in_flight_bytes)
        most = min(left, free)
        if most <= 0 or reader.lost is not None or reader.absent_since_seconds is not None:
            time.sleep(self._poll_ms / 1000)  # nothing can be read: wait as long as a poll of an idle partition would
            return
        records, position = reader.poll(most, self._poll_ms)
        types = {record.offset: record.timestamp_type for record in records}
        for item in partitions.seamless(records, position, reader.partition, offsets, reader.next_offset):
            reader.next_offset = item.at.end
            if isinstance(item, RawRecord):
                reader.note(item)
                if item.timestamp_ms is not None:
                    reader.newest = reader.newest.with_record(item.timestamp_ms, types[item.at.offset])
            yield item

    def _timestamp(self, item: RawRecord | Gap) -> Timestamp:
        if isinstance(item, RawRecord) and item.timestamp_ms is not None:
            return Timestamp(micros=item.timestamp_ms * 1000)
        return Timestamp.now()

    def _advance(self, watermark: ManualWatermarkEstimator, reader: partitions.PartitionReader) -> None:
        backlog = reader.backlog_records()
        metrics.lag(reader.at, backlog)
        target_ms = watermark_ms(reader.newest, time.time_ns() // 1_000_000, caught_up=backlog == 0)
        current = watermark.current_watermark()
        if target_ms is not None and (current is None or Timestamp(micros=target_ms * 1000) > current):
            watermark.set_watermark(Timestamp(micros=target_ms * 1000))
