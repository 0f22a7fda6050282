"""The input changes under us: offsets that are gone, topics made anew, partitions that come and go, a group moved."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, Input, article
from kafka import OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError

from pipeline.broker import clients, topics
from pipeline.cli import main
from pipeline.observe import metrics

DELIVERIES = ["at_least_once", "exactly_once"]
PATIENCE_SECONDS = 120
# Looks around every second where the real one takes its time; nothing else differs.
WATCHFUL = [sys.executable, str(Path(__file__).with_name("watchful.py")), "run"]


def change(desk: Desk, **settings: object) -> None:
    desk.settings = replace(desk.settings, **settings)


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def tagged_ids(desk: Desk) -> Counter[str]:
    return Counter(record.key.decode() for record in desk.records(desk.settings.output_topic))


def ids(prefix: str, count: int) -> Counter[str]:
    return Counter(f"{prefix}{n}" for n in range(count))


def send(desk: Desk, prefix: str, count: int, partitions: int = 1) -> None:
    desk.send(Input(article(f"{prefix}{n}"), partition=n % partitions) for n in range(count))


def skipped(desk: Desk, partition: int = 0) -> float:
    labels = {"topic": desk.settings.input_topic, "partition": str(partition)}
    return metrics.REGISTRY.get_sample_value("wiredesk_offsets_skipped_total", labels) or 0.0


def delete_before(desk: Desk, offset: int) -> None:
    """What retention does: the first partition begins at ``offset`` from now on."""
    admin = clients.admin(desk.settings.connection)
    admin.delete_records({TopicPartition(desk.settings.input_topic, 0): offset})
    admin.close()


def commit(desk: Desk, offset: int) -> None:
    """What `kafka-consumer-groups --reset-offsets` does."""
    consumer = clients.consumer(desk.settings.connection, group_id=desk.settings.consumer_group)
    consumer.commit({TopicPartition(desk.settings.input_topic, 0): OffsetAndMetadata(offset, "", -1)})
    consumer.close(autocommit=False)


def delete_topic(desk: Desk) -> None:
    admin = clients.admin(desk.settings.connection)
    admin.delete_topics([desk.settings.input_topic])
    admin.close()


def make_topic(desk: Desk, name: str | None = None, partitions: int = 2) -> None:
    """Make the input topic (or that of another name); one that was just deleted may be there for a moment."""
    settings = replace(desk.settings, input_topic=name or desk.settings.input_topic)

    def made() -> bool:
        try:
            return bool(topics.create(settings, partitions=partitions))
        except (KafkaError, clients.BrokerError):
            return False

    wait_until(made, "the topic cannot be made")


@contextmanager
def running(desk: Desk, *flags: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([*WATCHFUL, *desk.flags(), *flags], stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def stop(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, said
    return said


def ended_with(process: subprocess.Popen[str], code: int) -> str:
    """The last line of what a run said that has to end by itself."""
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == code, said
    assert "Traceback" not in [line[:9] for line in said.splitlines()]
    return said.splitlines()[-1]


def until_committed(desk: Desk, process: subprocess.Popen[str], offsets: dict[int, int]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(desk.committed()[partition] != offset for partition, offset in offsets.items()):
        assert process.poll() is None, process.stderr.read()
        if time.monotonic() >= deadline:
            process.kill()
            pytest.fail(f"{desk.committed()} and not {offsets}; it said:\n{process.stderr.read()}")
        time.sleep(0.05)


# ------------------------------------------------------------------------------------------------ out of range


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_a_run_goes_on_where_it_was_told_when_retention_took_its_place(
    real_desk: Desk, delivery: str, capsys: pytest.CaptureFixture[str]
):
    desk = real_desk
    change(desk, delivery=delivery)
    send(desk, "read", 3)
    desk.run()
    send(desk, "gone", 4)
    send(desk, "kept", 5)
    delete_before(desk, 7)

    assert main(["run", "--stop_at_end", *desk.flags()]) == 2
    assert f"offset 3 of {desk.settings.input_topic}/0, where the group stands, is not there" in capsys.readouterr().err
    assert desk.committed()[0] == 3

    change(desk, offset_out_of_range="earliest")
    desk.run()
    assert tagged_ids(desk) == ids("read", 3) + ids("kept", 5)
    assert desk.committed()[0] == 12
    assert skipped(desk) == 4
    assert "is read on from offset 7; 4 offsets were skipped" in capsys.readouterr().err


def test_the_end_may_be_where_to_go_on(real_desk: Desk):
    desk = real_desk
    send(desk, "read", 3)
    desk.run()
    send(desk, "gone", 4)
    send(desk, "left", 5)
    delete_before(desk, 7)
    change(desk, offset_out_of_range="latest")
    assert desk.run().parts == 0
    assert desk.committed()[0] == 12
    assert skipped(desk) == 9


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_a_place_beyond_the_end_is_none(real_desk: Desk, delivery: str, capsys: pytest.CaptureFixture[str]):
    """As of a group that stood in a topic of the same name."""
    desk = real_desk
    change(desk, delivery=delivery)
    send(desk, "a", 5)
    commit(desk, 50)
    assert main(["run", "--stop_at_end", *desk.flags()]) == 2
    assert "it holds 0 to 5" in capsys.readouterr().err
    change(desk, offset_out_of_range="earliest")
    desk.run()
    assert tagged_ids(desk) == ids("a", 5)
    assert desk.committed()[0] == 5


def test_what_an_open_transaction_hides_is_not_beyond_the_end(real_desk: Desk):
    desk = real_desk
    send(desk, "a", 3)
    sender = clients.producer(desk.settings.connection, transactional_id=f"of-{desk.settings.input_topic}")
    sender.init_transactions()
    sender.begin_transaction()
    sender.send(desk.settings.input_topic, article("b"), partition=0).get(PATIENCE_SECONDS)
    try:
        commit(desk, 4)
        assert desk.ends()[0] == 3
        assert main(["run", "--check", *desk.flags()]) == 0
    finally:
        sender.abort_transaction()
        sender.close()


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_retention_overtakes_a_live_run(real_desk: Desk, delivery: str):
    """What was read is committed first; then the run goes on where the topic begins now."""
    desk = real_desk
    with running(desk, f"--delivery={delivery}", "--offset_out_of_range=earliest", "--max_in_flight=1") as process:
        send(desk, "a", 1)
        until_committed(desk, process, {0: 1})
        process.send_signal(signal.SIGSTOP)  # in whose time the topic gets rid of what comes
        send(desk, "early", 5)  # which may be on its way already: the broker answers a fetch that waits
        send(desk, "gone", 300)
        delete_before(desk, 306)
        send(desk, "kept", 3)
        process.send_signal(signal.SIGCONT)
        until_committed(desk, process, {0: 309})
        said = stop(process)
    found = tagged_ids(desk)
    gone = 309 - found.total()
    assert gone > 0, "it had read all before, so nothing was out of range"
    assert found - ids("early", 5) - ids("gone", 300) == ids("a", 1) + ids("kept", 3)
    assert f"is read on from offset 306; {gone} offsets were skipped" in said


# ------------------------------------------------------------------------------------------------ made anew, and gone


@pytest.mark.parametrize("count", [3, 12], ids=["fewer than before", "more than before"])
@pytest.mark.parametrize("delivery", DELIVERIES)
def test_a_topic_that_is_made_anew_is_read_from_its_beginning(real_desk: Desk, delivery: str, count: int):
    desk = real_desk
    send(desk, "old", 5)
    with running(desk, f"--delivery={delivery}", "--offset_out_of_range=earliest") as process:
        until_committed(desk, process, {0: 5})
        delete_topic(desk)
        make_topic(desk)
        send(desk, "new", count)
        until_committed(desk, process, {0: count})
        send(desk, "later", 2)
        until_committed(desk, process, {0: count + 2})
        said = stop(process)
    assert tagged_ids(desk) == ids("old", 5) + ids("new", count) + ids("later", 2)
    assert f"topic {desk.settings.input_topic} was deleted and made anew" in said


def test_work_in_flight_while_its_topic_is_made_anew_is_finished_and_the_new_topic_read_whole(real_desk: Desk):
    desk = real_desk
    send(desk, "old", 400)
    with running(desk, "--offset_out_of_range=earliest", "--max_in_flight=200") as process:
        wait_until(lambda: bool(desk.committed()[0]), "nothing was committed")
        delete_topic(desk)
        make_topic(desk)
        send(desk, "new", 60)
        until_committed(desk, process, {0: 60})
        stop(process)
    assert ids("new", 60) - tagged_ids(desk) == Counter()


def test_without_a_policy_a_topic_made_anew_ends_the_run_and_the_next_asks_where_to_begin(real_desk: Desk):
    desk = real_desk
    send(desk, "old", 5)
    with running(desk) as process:
        until_committed(desk, process, {0: 5})
        delete_topic(desk)
        make_topic(desk)
        send(desk, "new", 12)
        said = ended_with(process, 1)
    assert f"topic {desk.settings.input_topic} was deleted and made anew" in said
    assert "offset_out_of_range" in said
    assert tagged_ids(desk) == ids("old", 5)
    with running(desk) as process:
        assert "Give --start_offset" in ended_with(process, 2)
    with running(desk, "--start_offset=earliest", "--stop_at_end") as process:
        ended_with(process, 0)
    assert tagged_ids(desk) == ids("old", 5) + ids("new", 12)


def test_a_named_topic_that_stays_away_ends_the_run(real_desk: Desk):
    desk = real_desk
    send(desk, "a", 2)
    with running(desk, "--max_outage_seconds=3") as process:
        until_committed(desk, process, {0: 2})
        delete_topic(desk)
        said = ended_with(process, 1)
    assert f"{desk.settings.input_topic}/" in said
    assert "is not there any more, since" in said
    assert "max_outage_seconds" in said


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_a_topic_of_a_pattern_may_go_and_the_others_are_read_on(real_desk: Desk, delivery: str):
    desk = real_desk
    other = f"{desk.settings.input_topic}.other"
    make_topic(desk, other)
    send(desk, "a", 2)
    kept = replace(desk.settings, input_topic=other)
    flags = [f"--input_topic=^{desk.settings.input_topic}.*", f"--delivery={delivery}", "--max_outage_seconds=2"]
    with running(desk, *flags) as process:
        until_committed(desk, process, {0: 2})
        name = desk.settings.input_topic
        delete_topic(desk)
        time.sleep(6)  # three times as long as a named one may be away
        desk.settings = kept
        send(desk, "b", 3)
        until_committed(desk, process, {0: 3})
        said = stop(process)
    assert tagged_ids(desk) == ids("a", 2) + ids("b", 3)
    assert f"{name}/0 is not there any more" in said


# ------------------------------------------------------------------------------------------------ a group moved


@pytest.mark.parametrize("to", [1, 9], ids=["back", "ahead"])
@pytest.mark.parametrize("delivery", DELIVERIES)
def test_a_group_that_is_moved_under_an_idle_run_stops_it(real_desk: Desk, delivery: str, to: int):
    desk = real_desk
    send(desk, "a", 5)
    with running(desk, f"--delivery={delivery}") as process:
        until_committed(desk, process, {0: 5})
        commit(desk, to)
        said = ended_with(process, 1)
    assert f"somebody else moved the group '{desk.settings.consumer_group}'" in said
    assert f"from offset 5 to {to}" in said
    assert desk.committed()[0] == to, "what was asked for was undone"


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_a_group_whose_offsets_are_deleted_stops_the_run(real_desk: Desk, delivery: str):
    desk = real_desk
    send(desk, "a", 5)
    desk.run()  # so that the next one finds offsets when it begins
    with running(desk, f"--delivery={delivery}") as process:
        send(desk, "b", 1)
        until_committed(desk, process, {0: 6})
        admin = clients.admin(desk.settings.connection)
        admin.delete_group_offsets(desk.settings.consumer_group, [TopicPartition(desk.settings.input_topic, 0)])
        admin.close()
        said = ended_with(process, 1)
    assert "somebody else deleted the offsets of the group" in said


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_a_group_that_is_moved_under_a_busy_run_stops_it(real_desk: Desk, delivery: str):
    desk = real_desk
    send(desk, "a", 2000)
    with running(desk, f"--delivery={delivery}") as process:
        wait_until(lambda: bool(desk.committed()[0]), "nothing was committed")
        commit(desk, 0)
        said = ended_with(process, 1)
    assert "somebody else moved the group" in said
    assert desk.committed()[0] == 0


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_what_is_in_flight_commits_nothing_in_a_topic_that_was_made_anew(real_desk: Desk, delivery: str):
    """Else the next run would begin in its middle, at an offset of the old one."""
    desk = real_desk
    send(desk, "old", 1000)
    with running(desk, f"--delivery={delivery}") as process:
        wait_until(lambda: bool(desk.committed()[0]), "nothing was committed")
        delete_topic(desk)
        make_topic(desk)
        send(desk, "new", 1000)
        said = ended_with(process, 1)
    assert "was deleted and made anew" in said
    assert desk.committed()[0] is None


# ------------------------------------------------------------------------------------------------ partitions appear


def add_partitions(desk: Desk, count: int) -> None:
    admin = clients.admin(desk.settings.connection)
    admin.create_partitions({desk.settings.input_topic: count})
    admin.close()
    desk.partitions = count


@pytest.mark.parametrize("runner", ["DirectRunner", "PrismRunner"])
@pytest.mark.parametrize("delivery", DELIVERIES)
def test_partitions_that_are_added_are_read_from_their_beginning(
    request: pytest.FixtureRequest, real_desk: Desk, runner: str, delivery: str
):
    desk = real_desk
    flags = [f"--runner={runner}", f"--delivery={delivery}", "--start_offset=latest"]
    if runner == "PrismRunner":
        flags.append(f"--prism_location={request.getfixturevalue('prism')}")
    send(desk, "before", 3)
    with running(desk, *flags) as process:
        until_committed(desk, process, {0: 3, 1: 0})
        send(desk, "a", 4, partitions=2)
        until_committed(desk, process, {0: 5, 1: 2})
        add_partitions(desk, 4)
        send(desk, "b", 40, partitions=4)
        until_committed(desk, process, {0: 15, 1: 12, 2: 10, 3: 10})
        said = stop(process)
    assert tagged_ids(desk) == ids("a", 4) + ids("b", 40)
    assert f"new partitions: {desk.settings.input_topic}/2, {desk.settings.input_topic}/3" in said
    assert "stopped: 44 parts: 44 tagged" in said


def test_a_topic_that_newly_fits_a_pattern_is_read(real_desk: Desk):
    desk = real_desk
    send(desk, "a", 2)
    with running(desk, f"--input_topic=^{desk.settings.input_topic}.*") as process:
        until_committed(desk, process, {0: 2})
        desk.settings = replace(desk.settings, input_topic=f"{desk.settings.input_topic}.other")
        make_topic(desk)
        send(desk, "b", 3)
        until_committed(desk, process, {0: 3})
        stop(process)
    assert tagged_ids(desk) == ids("a", 2) + ids("b", 3)
