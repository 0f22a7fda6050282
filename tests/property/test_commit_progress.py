"""Any order and repetition of `Done` and `Gap`: what may be committed is the contiguous prefix of what has ended."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Coordinates, Done
from pipeline.progress import advance


@st.composite
def partitions(draw):
    """A base, and seamless ranges from it, each with its number of parts."""
    base = draw(st.integers(0, 1000))
    ranges, at = [], base
    for length, parts in draw(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=12)):
        ranges.append((at, at + length, parts))
        at += length
    return base, ranges


def dones(base, ranges):
    return [Done(Coordinates("t", 0, start, end, base), p, parts) for start, end, parts in ranges for p in range(parts)]


def contiguous(base, ranges, seen):
    position = base
    for start, end, parts in ranges:
        if any((start, p) not in seen for p in range(parts)):
            break
        position = end
    return position


@given(data=st.data())
def test_the_commit_is_the_contiguous_prefix_after_every_single_done(data):
    base, ranges = data.draw(partitions())
    everything = dones(base, ranges)
    order = data.draw(st.lists(st.sampled_from(everything), max_size=60)) + data.draw(st.permutations(everything))
    progress, seen, before = None, set(), base
    for done in order:
        progress = advance(progress, done)
        seen.add((done.at.start, done.part))
        assert progress.next == contiguous(base, ranges, seen)
        assert progress.next >= before
        before = progress.next
    assert progress.next == ranges[-1][1]
    assert not progress.ended
    assert not progress.open


def test_a_new_base_begins_anew():
    progress = advance(None, Done(Coordinates("t", 0, 5, 6, 5), 0, 1))
    progress = advance(progress, Done(Coordinates("t", 0, 2, 3, 2), 0, 1))
    assert (progress.base, progress.next) == (2, 3)


@given(data=st.data())
def test_the_last_reading_counts_and_what_comes_late_of_one_before_changes_nothing(data):
    """Whatever the bases: a topic that was recreated may begin at its old one."""
    readings = [data.draw(partitions()) for _ in range(data.draw(st.integers(1, 3)))]
    everything = [
        Done(replace(done.at, reading=number), done.part, done.parts)
        for number, (base, ranges) in enumerate(readings)
        for done in dones(base, ranges)
    ]
    progress, seen = None, set()
    for done in data.draw(st.permutations(everything)):
        progress = advance(progress, done)
        last = max([done.at.reading, *(reading for reading, _, _ in seen)])
        seen.add((done.at.reading, done.at.start, done.part))
        base, ranges = readings[last]
        assert (progress.reading, progress.base) == (last, base)
        of_last = {(start, part) for reading, start, part in seen if reading == last}
        # What came of it before a `Done` of its own began it is nothing: there is none.
        assert progress.next == contiguous(base, ranges, of_last)


@given(data=st.data())
def test_a_restored_checkpoint_and_all_that_came_after_it_once_more(data):
    """A runner goes back to an older state, and the ranges after it come again, in any other order."""
    base, ranges = data.draw(partitions())
    everything = dones(base, ranges)
    order = data.draw(st.permutations(everything))
    at = data.draw(st.integers(0, len(order)))
    restored = None
    for done in order[:at]:
        restored = advance(restored, done)
    again = data.draw(st.permutations(order[at:]))
    repeated = data.draw(st.lists(st.sampled_from(everything), max_size=10))
    for done in [*repeated, *again]:
        before = restored
        restored = advance(restored, done)
        assert before is None or restored.next >= before.next
    assert restored is not None
    assert (restored.next, restored.ended, restored.open) == (ranges[-1][1], {}, {})
