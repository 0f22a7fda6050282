"""The oldest record that is not committed is what tells of a lost part."""

import time

import pytest

from pipeline.observe.unfinished import InWork, Unfinished

A, B = ("topic", 0), ("topic", 1)


def record(end: int, read_at: float = 0.0, size: int = 1) -> Unfinished:
    return Unfinished(end, size, read_at, None)


def test_a_commit_finishes_what_lies_before_it_and_nothing_else():
    work = InWork()
    for end in (1, 2, 3):
        work.add(A, record(end))
    work.add(B, record(1))
    assert [finished.end_offset for finished in work.finish(A, 2)] == [1, 2]
    assert work.count() == 2


def test_the_oldest_is_the_one_that_waits_longest_on_any_partition():
    work = InWork()
    now = time.monotonic()
    work.add(A, record(7, now - 10))
    work.add(B, record(3, now - 50))
    work.add(B, record(4, now))
    assert work.oldest() == (B, record(3, now - 50))
    assert work.oldest_seconds() >= 50
    work.finish(B, 3)
    assert 10 <= work.oldest_seconds() < 50


def test_nothing_in_work_has_no_age():
    work = InWork()
    assert work.oldest() is None
    assert (work.oldest_seconds(), work.count(), work.size_bytes()) == (0, 0, 0)


def test_a_partition_that_is_read_anew_counts_its_records_once():
    work = InWork()
    work.add(A, record(1, size=100))
    work.begin(A)
    work.add(A, record(1, size=100))
    assert work.size_bytes() == 100


def test_a_commit_of_a_partition_that_another_process_reads_is_no_error():
    assert InWork().finish(A, 5) == []


@pytest.mark.parametrize(("begun", "missing"), [([], [A, B]), ([B], [A]), ([A, B], [])])
def test_partitions_that_are_expected_and_not_read_yet_are_known(begun, missing):
    work = InWork()
    work.expect([A, B])
    for at in begun:
        work.begin(at)
    assert work.not_begun() == missing
