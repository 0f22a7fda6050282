"""FnApiRunner of Beam 2.77 needs a cure for long runs; when a newer Beam does not, this says so."""

import apache_beam as beam
import pytest
from apache_beam.io.iobase import RestrictionTracker
from apache_beam.runners.portability.fn_api_runner import FnApiRunner, fn_runner
from apache_beam.transforms.core import RestrictionProvider

from pipeline import runners
from pipeline.stages.read.offsets import Offsets, OffsetsTracker

BUNDLES = 3000


class OneOffsetABundle(beam.DoFn, RestrictionProvider):
    """A source that checkpoints after every offset."""

    def initial_restriction(self, _element):
        return Offsets(0, 0, BUNDLES)

    def create_tracker(self, restriction):
        return OffsetsTracker(restriction)

    def restriction_size(self, _element, restriction):
        return restriction.stop - restriction.start

    @beam.DoFn.unbounded_per_element()
    def process(self, _element, tracker: RestrictionTracker = beam.DoFn.RestrictionParam()):
        position = tracker.current_restriction().start
        if tracker.try_claim(position):
            yield position
            tracker.defer_remainder()


def read_in_many_bundles() -> None:
    pipeline = beam.Pipeline(runner=FnApiRunner())
    _ = pipeline | beam.Create([0], reshuffle=False) | beam.ParDo(OneOffsetABundle())
    pipeline.run().metrics().query()


@pytest.fixture
def uncured(monkeypatch):
    cured = fn_runner.consolidate_monitoring_infos
    monkeypatch.setattr(fn_runner, "consolidate_monitoring_infos", getattr(cured, "lazy", cured))


def test_beam_still_fails_after_some_thousand_bundles(uncured):
    with pytest.raises(RecursionError):
        read_in_many_bundles()


def test_with_the_cure_it_does_not(uncured):
    runners.consume_monitoring_infos_at_once()
    read_in_many_bundles()
