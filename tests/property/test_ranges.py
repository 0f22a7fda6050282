"""What a poll returns becomes ranges without a hole, whatever is missing between the records."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st
from kafka import TopicPartition

from pipeline.model import Gap, RawRecord
from pipeline.stages.read.offsets import Offsets
from pipeline.stages.read.partition import seamless

AT = TopicPartition("t", 0)


@dataclass
class Polled:
    """The fields of kafka-python's ConsumerRecord that are read."""

    offset: int
    key: bytes | None = None
    value: bytes | None = b"x"
    headers: list = field(default_factory=list)
    timestamp: int = 1


@given(
    start=st.integers(0, 50),
    offsets=st.sets(st.integers(0, 60)),
    behind=st.integers(0, 5),
    stop=st.none() | st.integers(0, 70),
)
def test_ranges_are_seamless_and_every_record_before_the_stop_is_in(start, offsets, behind, stop):
    found = sorted(o + start for o in offsets)
    position = (found[-1] + 1 if found else start) + behind
    if stop is not None:
        stop += start
    items = list(seamless([Polled(o) for o in found], position, AT, Offsets(7, start, stop), start))

    expected_end = position if stop is None else min(position, stop)
    ends = [start, *(item.at.end for item in items)]
    assert [item.at.start for item in items] == ends[:-1]
    assert ends[-1] == max(start, expected_end)
    assert all(item.at.base == 7 for item in items)
    assert [i.at.offset for i in items if isinstance(i, RawRecord)] == [o for o in found if stop is None or o < stop]
    assert all(i.at.end > i.at.start for i in items if isinstance(i, Gap))
