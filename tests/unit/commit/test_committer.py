"""Offsets are sent when they moved, again when they are old, and again when the broker did not take them.

And never where somebody else, or an older reading of the partition, would be overwritten.
"""

from dataclasses import dataclass, field

import pytest
from kafka import OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError, KafkaTimeoutError

from pipeline.broker.connection import BrokerError
from pipeline.progress import Progress
from pipeline.stages.commit import committer
from pipeline.stages.commit.committer import Committer, Standing

A, B = ("raw", 0), ("raw", 1)


def reached(**offsets: int) -> dict[tuple[str, int], Progress]:
    """How far the first reading of the partitions a and b has come."""
    return {{"a": A, "b": B}[name]: Progress(0, offset) for name, offset in offsets.items()}


@dataclass
class Group:
    """Stands for the broker's side, so that it can refuse: takes commits but for the errors it is given."""

    errors: list[KafkaError] = field(default_factory=list)
    taken: list[dict[tuple[str, int], int]] = field(default_factory=list)
    tries: int = 0
    stands: dict[tuple[str, int], OffsetAndMetadata] = field(default_factory=dict)
    topics: set[str] = field(default_factory=lambda: {"raw"})
    config: dict[str, str] = field(default_factory=lambda: {"group_id": "desk"})

    def commit(self, offsets):
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)
        assert all(isinstance(at, TopicPartition) for at in offsets)
        self.taken.append({tuple(at): offset.offset for at, offset in offsets.items()})
        self.stands |= {tuple(at): offset for at, offset in offsets.items()}

    def committed(self, at, *, metadata, timeout_ms):
        assert metadata
        assert timeout_ms
        return self.stands.get(tuple(at))

    def partitions_for_topic(self, topic):
        return {0, 1} if topic in self.topics else None

    def reset(self, at, offset, metadata=""):
        self.stands[at] = OffsetAndMetadata(offset, metadata, -1)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(committer, "RETRY_SECONDS", 0)


def test_only_what_moved_is_sent():
    group = Group()
    ours = Committer(group)
    ours.commit(reached(a=5, b=2))
    ours.commit(reached(a=5, b=3))
    ours.commit(reached(a=5, b=3))
    ours.commit({})
    assert group.taken == [{A: 5, B: 2}, {B: 3}]


def test_what_a_runner_that_went_back_sends_again_moves_nothing_backwards():
    group = Group()
    ours = Committer(group)
    ours.commit(reached(a=5))
    for offset in (1, 4, 5):
        ours.commit(reached(a=offset))
    ours.commit(reached(a=6))
    assert group.taken == [{A: 5}, {A: 6}]


def test_a_process_that_takes_over_an_older_state_commits_only_beyond_the_group():
    group = Group()
    group.reset(A, 5, "wiredesk")
    ours = Committer(group)
    for offset in (1, 4, 5):
        ours.commit(reached(a=offset))
    assert group.taken == []
    ours.commit(reached(a=6))
    assert group.taken == [{A: 6}]


def test_an_offset_of_a_new_reading_is_sent_although_it_is_smaller_and_the_old_one_no_more():
    group = Group()
    ours = Committer(group)
    ours.commit(reached(a=5))
    group.reset(A, 0, "wiredesk")  # as `read` does before it begins anew
    ours.commit(reached(a=6))  # still in work then
    assert group.stands[A].offset == 0
    ours.commit({A: Progress(0, 1, reading=1)})
    ours.commit(reached(a=7))
    assert group.taken == [{A: 5}, {A: 1}]


def test_who_moves_the_group_under_a_live_run_stops_it():
    group = Group()
    ours = Committer(group)
    ours.commit(reached(a=5, b=2))
    group.reset(A, 0)
    ours.commit(reached(b=3))
    with pytest.raises(BrokerError, match="somebody else moved the group 'desk' on raw/0 from offset 5 to 0"):
        ours.commit(reached(a=6))
    assert group.stands[A].offset == 0


def test_what_another_process_of_the_job_has_committed_is_gone_on_from():
    group = Group()
    ours = Committer(group)
    ours.commit(reached(a=5))
    group.reset(A, 8, "wiredesk")
    ours.commit(reached(a=6))
    ours.commit(reached(a=8))
    ours.commit(reached(a=9))
    assert group.taken == [{A: 5}, {A: 9}]


def test_an_offset_that_was_forgotten_is_committed_again_while_its_topic_is_there():
    group = Group()
    ours = Committer(group)
    ours.commit(reached(a=5))
    group.stands.clear()
    ours.commit(reached(a=6))
    assert group.taken == [{A: 5}, {A: 6}]
    group.stands.clear()
    group.topics.clear()
    ours.commit(reached(a=7))
    assert group.taken == [{A: 5}, {A: 6}]


def test_what_the_broker_may_forget_is_sent_again_and_then_is_fresh():
    group = Group()
    ours = Committer(group)
    ours.commit(reached(a=5, b=2))
    ours.committed[A] = Standing((0, 0), 5, 1000.0)
    ours.committed[B] = Standing((0, 0), 2, 1050.0)
    ours.commit_again(older_than_seconds=100, now=1099.0)
    assert len(group.taken) == 1
    ours.commit_again(older_than_seconds=100, now=1100.0)
    assert group.taken[1:] == [{A: 5}]
    assert ours.committed[A].when > 0
    assert ours.committed[A].when != 1000.0
    ours.committed[B] = Standing((0, 0), 2, 900.0)
    group.reset(B, 1)
    with pytest.raises(BrokerError, match="somebody else moved"):
        ours.commit_again(older_than_seconds=100, now=1000.0)


def test_a_commit_that_fails_is_tried_again():
    group = Group([KafkaTimeoutError(), KafkaTimeoutError()])
    Committer(group).commit(reached(a=5))
    assert (group.taken, group.tries) == ([{A: 5}], 3)


def test_a_commit_that_keeps_failing_raises_and_counts_as_not_done(monkeypatch):
    monkeypatch.setattr(committer, "GIVE_UP_SECONDS", 0)
    group = Group([KafkaTimeoutError("gone")])
    ours = Committer(group)
    with pytest.raises(BrokerError, match=r"could not be committed.*gone"):
        ours.commit(reached(a=5))
    assert not ours.committed
    ours.commit(reached(a=5))
    assert group.taken == [{A: 5}]


def test_any_other_error_is_raised_at_once():
    class BugError(Exception):
        pass

    group = Group([BugError()])
    with pytest.raises(BugError):
        Committer(group).commit(reached(a=5))
    assert group.tries == 1
