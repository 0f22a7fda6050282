"""The tracker: only a checkpoint splits, nothing is lost or read twice."""

import pytest

from pipeline.stages.read.offsets import NO_MORE, Offsets, OffsetsTracker


def test_a_checkpoint_hands_over_exactly_what_was_not_claimed():
    tracker = OffsetsTracker(Offsets(base=3, start=10, stop=None))
    assert tracker.try_claim(10)
    assert tracker.try_claim(14)
    assert tracker.try_split(0) == (Offsets(3, 10, 15), Offsets(3, 15, None))
    assert tracker.check_done()


def test_a_checkpoint_before_any_claim_hands_over_everything():
    tracker = OffsetsTracker(Offsets(0, 5, None))
    assert tracker.try_split(0) == (Offsets(0, 5, 5), Offsets(0, 5, None))
    assert tracker.check_done()


@pytest.mark.parametrize("fraction", [0.1, 0.5, 1.0])
def test_a_runner_cannot_make_a_second_reader(fraction):
    tracker = OffsetsTracker(Offsets(0, 0, None))
    assert tracker.try_claim(0)
    assert tracker.try_split(fraction) is None


def test_after_a_checkpoint_nothing_more_is_claimed():
    tracker = OffsetsTracker(Offsets(0, 0, None))
    assert tracker.try_claim(0)
    tracker.try_split(0)
    assert not tracker.try_claim(1)


def test_the_end_of_a_bounded_range_is_not_claimed_and_leaves_nothing_to_split():
    tracker = OffsetsTracker(Offsets(0, 0, 2))
    assert tracker.try_claim(1)
    assert not tracker.try_claim(2)
    assert tracker.check_done()
    assert tracker.try_split(0) is None


def test_returning_with_unread_offsets_is_an_error():
    tracker = OffsetsTracker(Offsets(0, 0, 2))
    assert tracker.try_claim(0)
    with pytest.raises(ValueError, match="offsets from 1 to 2"):
        tracker.check_done()


def test_claiming_backwards_is_an_error():
    tracker = OffsetsTracker(Offsets(0, 0, None))
    assert tracker.try_claim(4)
    with pytest.raises(ValueError, match="after 4"):
        tracker.try_claim(4)


def test_only_a_range_with_an_end_is_bounded():
    assert OffsetsTracker(Offsets(0, 0, 5)).is_bounded()
    assert not OffsetsTracker(Offsets(0, 0, None)).is_bounded()


def test_a_reader_that_stops_ends_its_range_at_what_it_claimed():
    for stop in (None, 20):
        tracker = OffsetsTracker(Offsets(0, 5, stop))
        assert tracker.try_claim(7)
        assert not tracker.try_claim(NO_MORE)
        assert tracker.current_restriction() == Offsets(0, 5, 8)
        assert tracker.check_done()
        assert tracker.try_split(0) is None
        assert not tracker.try_claim(8)


def test_a_reader_that_stops_before_its_first_record_has_read_nothing():
    tracker = OffsetsTracker(Offsets(0, 5, None))
    assert not tracker.try_claim(NO_MORE)
    assert tracker.current_restriction() == Offsets(0, 5, 5)
    assert tracker.check_done()


def test_the_progress_is_a_number_whatever_beam_makes_of_it():
    """Beam puts its estimate of the bytes in for what is completed: not a number while no output was sampled.

    With a progress that is none, Prism's request for a split is an error, and it fails the bundle.
    """
    for stop in (None, 5, 9):
        tracker = OffsetsTracker(Offsets(0, 5, stop))
        assert 0 <= tracker.current_progress().with_completed(float("nan")).fraction_completed <= 1
        tracker.try_split(0)  # idle: a checkpoint before any claim
        assert tracker.current_progress().with_completed(float("nan")).fraction_completed == 1


def test_the_progress_grows_with_what_is_claimed():
    tracker = OffsetsTracker(Offsets(0, 10, 20))
    assert tracker.current_progress().fraction_completed == 0
    assert tracker.try_claim(14)
    assert tracker.current_progress().fraction_completed == 0.5
    assert tracker.try_claim(19)
    assert tracker.current_progress().fraction_completed == 1


def test_a_partition_that_is_read_anew_hands_the_new_range_to_the_checkpoint():
    for stop in (None, 20):
        tracker = OffsetsTracker(Offsets(0, 5, stop))
        assert tracker.try_claim(7)
        anew = Offsets(base=2, start=2, stop=stop, reading=1)
        assert tracker.try_claim(anew)
        with pytest.raises(ValueError, match="not read"):  # a return without the checkpoint would lose it
            tracker.check_done()
        assert tracker.try_split(0.5) is None
        assert tracker.try_split(0) == (Offsets(0, 5, 8), anew)
        assert tracker.check_done()
        assert tracker.try_split(0) is None
