"""When something that is not a record is broken, the command ends with 1 or 2 and one plain sentence.

And nothing is committed that was not written.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from desk import Desk, Input, article, header

from pipeline.broker import clients
from pipeline.broker.embedded import EmbeddedBroker
from pipeline.model import TaggedArticle
from pipeline.reader.archive import archive_group
from pipeline.reader.files import read_files

WIREDESK = [sys.executable, "-m", "pipeline"]
IMPATIENT = [sys.executable, str(Path(__file__).with_name("impatient.py"))]
ARTICLES = 40


def run(command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **more)


def the_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The last line on standard error, which says what is wrong. Before it are lines of the log at most, no trace.

    The Kafka client logs a lost connection with its own trace, as a field of a JSON line.
    """
    assert not [line for line in done.stderr.splitlines() if line.startswith("Traceback")]
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("wiredesk run: ")
    return last


def problems(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What a wrong configuration is told, a line each."""
    assert "Traceback" not in done.stderr
    first, *rest = done.stderr.splitlines()
    assert first == "wiredesk run:"
    assert all(line.startswith("- ") for line in rest)
    return [line.removeprefix("- ") for line in rest]


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def archived(desk: Desk, folder: Path) -> None:
    """The archive's group has committed no offset beyond the files that are there."""
    ends: dict[tuple[str, int], int] = {}
    for path in folder.rglob("*.avro"):
        topic, partition, _, last = path.stem.rsplit("-", 3)
        ends[topic, int(partition)] = max(ends.get((topic, int(partition)), 0), int(last) + 1)
    group = archive_group(desk.settings.consumer_group)
    consumer = clients.consumer(desk.settings.connection, group_id=group)
    outputs = (desk.settings.output_topic, desk.settings.events_topic)
    for at in [at for topic in outputs for at in clients.partitions_of(consumer, topic)]:
        assert (consumer.committed(at) or 0) <= ends.get((at.topic, at.partition), 0)
    consumer.close(autocommit=False)


def written(desk: Desk) -> None:
    """The group has committed no offset whose record has no output."""
    origins = {header(record, "wiredesk.origin") for record in desk.records(desk.settings.output_topic)}
    for partition, offset in desk.committed().items():
        assert {f"{desk.settings.input_topic}/{partition}/{o}/0" for o in range(offset or 0)} <= origins


# ------------------------------------------------------------------------------------------------ told before


def test_no_broker_at_that_address(closed_port: int):
    done = run([*IMPATIENT, "run", f"--kafka_brokers=127.0.0.1:{closed_port}"])
    assert done.returncode == 2
    (problem,) = problems(done)
    assert f"127.0.0.1:{closed_port}" in problem
    assert "nothing listens at that address" in problem


def test_topics_that_are_missing_are_all_named(broker: EmbeddedBroker):
    done = run([*WIREDESK, "run", f"--kafka_brokers={broker.connection.brokers}", "--input_topic=nowhere"])
    assert done.returncode == 2
    found = problems(done)
    assert len(found) == 4
    assert found[0] == "topic nowhere does not exist: wiredesk topics create makes it"


def test_everything_that_is_wrong_with_the_configuration_is_told_at_once(closed_port: int):
    wrong = ["--start_offset=yesterday", "--max_in_flight=0", "--output_topic=news.events.v1", "--input_topics=x"]
    done = run([*WIREDESK, "run", f"--kafka_brokers=127.0.0.1:{closed_port}", *wrong[:3]])
    assert done.returncode == 2
    told = problems(done)
    assert len(told) == 3
    for word in ("start_offset", "max_in_flight", "news.events.v1"):
        assert any(word in line for line in told)
    done = run([*WIREDESK, "run", f"--kafka_brokers=127.0.0.1:{closed_port}", wrong[3]])
    assert done.returncode == 2
    assert "--input_topics: did you mean --input_topic?" in done.stderr


# ------------------------------------------------------------------------------------------------ the disk


def test_a_folder_that_cannot_be_written_to(desk: Desk, tmp_path: Path):
    desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(ARTICLES))
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "avro"  # below a file there is no folder, whoever asks
    done = run([*WIREDESK, "run", "--stop_at_end", f"--avro_dir={folder}", *desk.flags()])
    assert done.returncode == 1
    assert str(folder) in the_sentence(done)
    written(desk)
    archived(desk, folder)


def test_a_limit_on_the_size_of_files(desk: Desk, tmp_path: Path):
    """What a quota does: the write fails in the middle of a file."""
    body = "Ambassador Anna Weiss met President Tomas Berg in Oslo. " * 200
    desk.send(Input(article(f"a{n}", f"{n} {body}"), partition=n % 2) for n in range(8))
    command = [*WIREDESK, "run", "--stop_at_end", f"--avro_dir={tmp_path / 'avro'}", *desk.flags()]
    done = run(["bash", "-c", f"ulimit -f 8; exec {shlex.join(command)}"])
    assert done.returncode == 1
    assert re.search(r"cannot write to the archive folder .*: File too large", the_sentence(done))
    assert list((tmp_path / "avro").rglob("*.tmp")) == []
    written(desk)
    archived(desk, tmp_path / "avro")


def can_mount() -> bool:
    try:
        return subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not can_mount(), reason="a small file system can be mounted only as root on Linux")
def test_a_disk_that_is_full(desk: Desk, tmp_path: Path):
    desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(ARTICLES))
    folder, copy = tmp_path / "avro", tmp_path / "copy"
    folder.mkdir()
    command = [*WIREDESK, "run", "--stop_at_end", f"--avro_dir={folder}", *desk.flags()]
    # A name space of its own: the file system is gone with the command, so what is on it is copied first.
    script = (
        f"mount -t tmpfs -o size=16k tmpfs {shlex.quote(str(folder))} || exit 99; {shlex.join(command)}; code=$?;"
        f" cp -r {shlex.quote(str(folder))} {shlex.quote(str(copy))}; exit $code"
    )
    done = run(["unshare", "--mount", "bash", "-c", script])
    if done.returncode == 99:
        pytest.skip(f"a small file system cannot be mounted here: {done.stderr}")
    assert done.returncode == 1
    assert f"cannot write to the archive folder {folder}: No space left on device" in the_sentence(done)
    written(desk)
    archived(desk, copy)
    # With room again the archive goes on where its files end. Whether the run had committed by then is chance; where it
    # had not, it asks where to begin.
    again = run([*WIREDESK, "run", "--stop_at_end", "--start_offset=earliest", f"--avro_dir={copy}", *desk.flags()])
    assert again.returncode == 0, again.stderr
    found = [record.id for record in read_files(copy) if isinstance(record, TaggedArticle)]
    assert set(found) == {f"a{n}" for n in range(ARTICLES)}


# ------------------------------------------------------------------------------------------------ the broker


@pytest.mark.parametrize("waiting", [0, 2000], ids=["while idle", "while busy"])
def test_a_broker_that_goes_away_for_good(waiting: int):
    with EmbeddedBroker() as broker:
        desk = Desk(broker.connection.brokers)
        desk.send([Input(article("first"))])
        command = [*IMPATIENT, "run", "--max_outage_seconds=3", *desk.flags()]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            deadline = time.monotonic() + 60
            while desk.committed()[0] != 1:
                assert time.monotonic() < deadline, "the run never began"
                assert running.poll() is None, running.communicate()[1]
            desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(waiting))
            os.kill(broker.pid, signal.SIGKILL)
            out, err = running.communicate(timeout=90)
        finally:
            running.kill()
            running.wait()
    assert running.returncode == 1, err
    last = the_sentence(subprocess.CompletedProcess(command, 1, out, err))
    assert re.search(r"broker", last)
