"""Back-pressure counts what is read and not committed, and never stops the stream for good."""

from pipeline.stages.read.in_flight import InFlight, room


def in_work(*sizes: int) -> InFlight:
    """Records of these sizes from the beginning of a partition."""
    part = InFlight()
    for end, size in enumerate(sizes, start=1):
        part.add(end, size)
    return part


def test_room_is_what_is_left_of_the_limit():
    assert room([in_work(10, 10, 10)], max_records=5, max_bytes=1000) == 2


def test_committed_records_make_room_again():
    part = in_work(10, 10, 10)
    assert room([part], 3, 1000) == 0
    part.forget(2)
    assert room([part], 3, 1000) == 2
    assert part.size_bytes == 10


def test_the_limit_in_bytes_stops_too():
    assert room([in_work(1000)], 500, 1000) == 0


def test_all_partitions_of_the_process_share_the_limit():
    assert room([in_work(1), in_work(1)], 2, 1000) == 0


def test_something_always_passes_when_nothing_is_in_flight():
    assert room([in_work()], max_records=0, max_bytes=0) == 1
