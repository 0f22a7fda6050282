"""Back-pressure counts what is read and not committed, and never stops the stream for good."""

from pipeline.stages.read.in_flight import InFlight, room


def asked(offsets):
    """A broker that answers these offsets, one a question."""
    answers = iter(offsets)
    return InFlight(lambda: next(answers))


def test_room_is_what_is_left_of_the_limit():
    part = asked([None])
    for end in (1, 2, 3):
        part.add(end, 10)
    assert room([part], max_records=5, max_bytes=1000) == 2


def test_committed_records_make_room_again():
    part = asked([2])
    for end in (1, 2, 3):
        part.add(end, 10)
    assert room([part], 3, 1000) == 0
    part.forget_committed()
    assert room([part], 3, 1000) == 2
    assert part.size_bytes == 10


def test_the_limit_in_bytes_stops_too():
    part = asked([None])
    part.add(1, 1000)
    assert room([part], 500, 1000) == 0


def test_all_partitions_of_the_process_share_the_limit():
    parts = [asked([None]), asked([None])]
    parts[0].add(1, 1)
    parts[1].add(1, 1)
    assert room(parts, 2, 1000) == 0


def test_something_always_passes_when_nothing_is_in_flight():
    assert room([asked([])], max_records=0, max_bytes=0) == 1


def test_the_broker_is_asked_at_most_once_a_second():
    part = asked([None])  # a second question would end the iterator with an error
    part.add(1, 1)
    part.forget_committed()
    part.forget_committed()
    assert len(part.records) == 1
