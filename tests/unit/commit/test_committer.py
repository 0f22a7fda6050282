"""Offsets are sent when they moved, again when they are old, and again when the broker did not take them."""

from dataclasses import dataclass, field

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaError, KafkaTimeoutError

from pipeline.broker.connection import BrokerError
from pipeline.stages.commit import committer
from pipeline.stages.commit.committer import Committer

A, B = ("raw", 0), ("raw", 1)


@dataclass
class Group:
    """Stands for the broker's side, so that it can refuse: takes commits but for the errors it is given."""

    errors: list[KafkaError] = field(default_factory=list)
    taken: list[dict[tuple[str, int], int]] = field(default_factory=list)
    tries: int = 0

    def commit(self, offsets):
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)
        assert all(isinstance(at, TopicPartition) for at in offsets)
        self.taken.append({tuple(at): offset.offset for at, offset in offsets.items()})


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(committer, "RETRY_SECONDS", 0)


def test_only_what_moved_is_sent():
    group = Group()
    ours = Committer(group)
    ours.commit({A: 5, B: 2})
    ours.commit({A: 5, B: 3})
    ours.commit({A: 5, B: 3})
    ours.commit({})
    assert group.taken == [{A: 5, B: 2}, {B: 3}]


def test_an_offset_of_a_new_base_is_sent_although_it_is_smaller():
    group = Group()
    ours = Committer(group)
    ours.commit({A: 5})
    ours.commit({A: 1})
    assert group.taken == [{A: 5}, {A: 1}]


def test_what_the_broker_may_forget_is_sent_again_and_then_is_fresh():
    group = Group()
    ours = Committer(group)
    ours.commit({A: 5, B: 2})
    ours.committed[A] = (5, 1000.0)
    ours.committed[B] = (2, 1050.0)
    ours.commit_again(older_than_seconds=100, now=1099.0)
    assert len(group.taken) == 1
    ours.commit_again(older_than_seconds=100, now=1100.0)
    assert group.taken[1:] == [{A: 5}]
    assert ours.committed[A][1] > 0
    assert ours.committed[A] != (5, 1000.0)


def test_a_commit_that_fails_is_tried_again():
    group = Group([KafkaTimeoutError(), KafkaTimeoutError()])
    Committer(group).commit({A: 5})
    assert (group.taken, group.tries) == ([{A: 5}], 3)


def test_a_commit_that_keeps_failing_raises_and_counts_as_not_done(monkeypatch):
    monkeypatch.setattr(committer, "GIVE_UP_SECONDS", 0)
    group = Group([KafkaTimeoutError("gone")])
    ours = Committer(group)
    with pytest.raises(BrokerError, match=r"could not be committed.*gone"):
        ours.commit({A: 5})
    assert not ours.committed
    ours.commit({A: 5})
    assert group.taken == [{A: 5}]


def test_any_other_error_is_raised_at_once():
    class BugError(Exception):
        pass

    group = Group([BugError()])
    with pytest.raises(BugError):
        Committer(group).commit({A: 5})
    assert group.tries == 1
