from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import fastavro
import pytest
from kafka import TopicPartition
from wire import NOON, article, send, send_bytes

from pipeline import __version__
from pipeline.broker import clients
from pipeline.broker.connection import Connection
from pipeline.reader.archive import ArchiveReport, archive, folder_problems, running_archive
from pipeline.reader.archive_files import LOCK_NAME, exclusive
from pipeline.reader.files import read_files
from pipeline.reader.values import NotOurRecordError
from pipeline.settings import ConfigError

SET = threading.Event()
SET.set()


def to_end(connection: Connection, topic: str, avro_dir: Path, **limits: float) -> ArchiveReport:
    return archive(connection, [topic], avro_dir, "g", finish=SET, **limits)  # type: ignore[arg-type]


def names(avro_dir: Path) -> list[str]:
    return sorted(str(path.relative_to(avro_dir)) for path in avro_dir.rglob("*") if path.is_file())


def numbers(avro_dir: Path) -> list[int]:
    return sorted(int(record.id.removeprefix("a-")) for record in read_files(avro_dir))


def committed(connection: Connection, topic: str, partition: int = 0) -> int | None:
    consumer = clients.consumer(connection, group_id="g")
    offset = consumer.committed(TopicPartition(topic, partition))
    consumer.close()
    return None if offset is None else int(offset)


def test_records_are_filed_by_the_hour_they_were_received_in(
    connection: Connection, topic: str, tmp_path: Path
) -> None:
    articles = [article(0), article(1, hours=1), article(2), article(3, hours=1), article(4, hours=None)]
    send(connection, topic, articles)
    assert to_end(connection, topic, tmp_path) == ArchiveReport(files=3, records=5)
    assert names(tmp_path) == [
        LOCK_NAME,
        f"date=2024-03-04/hour=12/{topic}-0-0-2.avro",
        f"date=2024-03-04/hour=13/{topic}-0-1-3.avro",
        f"date=2024-03-05/hour=12/{topic}-0-4-4.avro",
    ]
    assert sorted(read_files(tmp_path), key=lambda record: record.id) == articles
    assert committed(connection, topic) == 5


def test_a_file_says_what_made_it_and_is_read_by_fastavro_alone(
    connection: Connection, topic: str, tmp_path: Path
) -> None:
    send(connection, topic, [article(0)])
    to_end(connection, topic, tmp_path)
    (path,) = tmp_path.rglob("*.avro")
    with path.open("rb") as source:
        reader = fastavro.reader(source)
        assert reader.metadata["wiredesk.pipeline_version"] == __version__
        assert reader.metadata["wiredesk.schema_version"] == "1.1"
        assert reader.codec == "deflate"
        (record,) = list(reader)
    assert isinstance(record, dict)
    assert (record["id"], record["received_at"]) == ("a-0", NOON)


def test_the_next_call_goes_on_where_the_one_before_ended(connection: Connection, topic: str, tmp_path: Path) -> None:
    send(connection, topic, [article(n) for n in range(3)])
    to_end(connection, topic, tmp_path)
    send(connection, topic, [article(n) for n in range(3, 5)])
    assert to_end(connection, topic, tmp_path) == ArchiveReport(files=1, records=2)
    assert to_end(connection, topic, tmp_path) == ArchiveReport(files=0, records=0)
    assert numbers(tmp_path) == [0, 1, 2, 3, 4]


def test_a_file_that_is_large_enough_is_closed_and_committed(
    connection: Connection, topic: str, tmp_path: Path
) -> None:
    send(connection, topic, [article(n) for n in range(3)])
    assert to_end(connection, topic, tmp_path, max_file_bytes=1).files == 3
    assert numbers(tmp_path) == [0, 1, 2]


def test_a_file_that_is_old_enough_is_closed_while_the_archive_goes_on(
    connection: Connection, topic: str, tmp_path: Path
) -> None:
    stop = threading.Event()
    reports: list[ArchiveReport] = []

    def work() -> None:
        reports.append(archive(connection, [topic], tmp_path, "g", stop=stop, max_file_age_seconds=0.0))

    thread = threading.Thread(target=work)
    thread.start()
    send(connection, topic, [article(0)])
    while committed(connection, topic) != 1:
        assert thread.is_alive()
    assert numbers(tmp_path) == [0]
    stop.set()
    thread.join()
    assert reports == [ArchiveReport(files=1, records=1)]


def test_stopping_closes_what_is_open(connection: Connection, topic: str, tmp_path: Path) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=archive, args=(connection, [topic], tmp_path, "g"), kwargs={"stop": stop})
    thread.start()
    send(connection, topic, [article(0)])
    while not list(tmp_path.rglob("*.tmp")):
        assert thread.is_alive()
    stop.set()
    thread.join()
    assert numbers(tmp_path) == [0]
    assert committed(connection, topic) == 1


KILLED = """
import os, signal, sys, threading
from pathlib import Path
from kafka import KafkaConsumer
from pipeline.broker.connection import Connection
from pipeline.reader.archive import archive

brokers, topic, avro_dir, where, calls_before = sys.argv[1:]
left = int(calls_before)

def killing(call):
    def run(*args, **kwargs):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return call(*args, **kwargs)
    return run

if where == "rename":
    os.rename = killing(os.rename)
elif where == "commit":
    KafkaConsumer.commit = killing(KafkaConsumer.commit)
finish = threading.Event()
finish.set()
archive(Connection(brokers), [topic], Path(avro_dir), "g", finish=finish, max_file_bytes=20_000)
"""


@pytest.mark.parametrize(
    ("where", "calls_before"),
    [
        ("rename", 0),
        ("rename", 1),
        ("rename", 2),
        ("rename", 3),
        ("rename", 6),
        ("commit", 0),
        ("commit", 1),
        ("commit", 2),
    ],
)
def test_killed_at_any_step_and_started_again_every_record_is_there_once(
    connection: Connection, topic: str, tmp_path: Path, where: str, calls_before: int
) -> None:
    # Two hours alternate, and files are closed after about 400 records: several files, each beside one of another hour.
    send(connection, topic, [article(n, hours=n % 2) for n in range(1_500)], partition=0)
    send(connection, topic, [article(n, hours=n % 2) for n in range(1_500, 1_600)], partition=1)
    arguments = [connection.brokers, topic, str(tmp_path), where, str(calls_before)]
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], capture_output=True, text=True, check=False)
    assert killed.returncode == -9, killed.stderr
    to_end(connection, topic, tmp_path)
    assert numbers(tmp_path) == list(range(1_600))
    assert not list(tmp_path.rglob("*.tmp"))
    assert (committed(connection, topic), committed(connection, topic, 1)) == (1_500, 100)


LIMITED = """
import resource, sys, threading
from pathlib import Path
from pipeline.broker.connection import Connection
from pipeline.reader.archive import archive

brokers, topic, avro_dir = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
finish = threading.Event()
finish.set()
try:
    archive(Connection(brokers), [topic], Path(avro_dir), "g", finish=finish)
except OSError as error:
    print(error)
"""


def test_a_disk_that_takes_no_more_is_an_error_that_names_the_folder_and_commits_nothing(
    connection: Connection, topic: str, tmp_path: Path
) -> None:
    send(connection, topic, [article(n) for n in range(5)])
    arguments = [connection.brokers, topic, str(tmp_path)]
    done = subprocess.run([sys.executable, "-c", LIMITED, *arguments], capture_output=True, text=True, check=True)
    assert f"cannot write to the archive folder {tmp_path}: " in done.stdout
    assert committed(connection, topic) == 0
    assert not list(tmp_path.rglob("*.avro*"))
    to_end(connection, topic, tmp_path)
    assert numbers(tmp_path) == [0, 1, 2, 3, 4]


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(
    connection: Connection, topic: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=f"cannot write to the archive folder {tmp_path}/file/archive: "):
        to_end(connection, topic, tmp_path / "file" / "archive")


def test_a_folder_takes_one_archive(connection: Connection, topic: str, tmp_path: Path) -> None:
    with exclusive(tmp_path), pytest.raises(OSError, match="another archive is writing to"):
        to_end(connection, topic, tmp_path)


def test_files_of_another_run_are_never_touched(connection: Connection, topic: str, tmp_path: Path) -> None:
    send(connection, topic, [article(n) for n in range(3)])
    to_end(connection, topic, tmp_path)
    before = names(tmp_path)
    with pytest.raises(ConfigError, match=r"the group 'other' has committed no offset there.* set its offset to 3"):
        archive(connection, [topic], tmp_path, "other", finish=SET)
    assert names(tmp_path) == before


def test_a_value_that_is_no_record_stops_the_archive_before_it(
    connection: Connection, topic: str, tmp_path: Path
) -> None:
    send(connection, topic, [article(0)])
    send_bytes(connection, topic, b"text")
    with pytest.raises(NotOurRecordError, match=f"{topic}, partition 0, offset 1: not an Avro"):
        to_end(connection, topic, tmp_path)
    assert committed(connection, topic) == 0
    assert not list(tmp_path.rglob("*.avro*"))


def test_an_object_store_is_told_to_be_none() -> None:
    assert folder_problems("out/files") == []
    assert "'s3://bucket/files' is an address" in folder_problems("s3://bucket/files")[0]


def test_files_are_read_in_the_order_of_their_offsets(connection: Connection, topic: str, tmp_path: Path) -> None:
    send(connection, topic, [article(n) for n in range(12)])
    to_end(connection, topic, tmp_path, max_file_bytes=1)
    assert [record.id for record in read_files(tmp_path)] == [f"a-{n}" for n in range(12)]


def test_an_archive_beside_a_run_goes_on_to_the_end_of_the_topics(
    connection: Connection, topic: str, tmp_path: Path
) -> None:
    with running_archive(connection, [topic], tmp_path, "run"):
        send(connection, topic, [article(n) for n in range(50)])
    assert numbers(tmp_path) == list(range(50))


def test_an_archive_that_cannot_begin_is_told_before_the_run_begins(
    connection: Connection, topic: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    begun = []
    with (
        pytest.raises(OSError, match="cannot write to the archive folder"),
        running_archive(connection, [topic], tmp_path / "file" / "archive", "run"),
    ):
        begun.append(True)
    assert not begun


def test_an_archive_that_fails_ends_the_run_beside_it(connection: Connection, topic: str, tmp_path: Path) -> None:
    def run() -> None:
        send_bytes(connection, topic, b"text")
        threading.Event().wait(60)
        pytest.fail("never interrupted")

    with pytest.raises(NotOurRecordError), running_archive(connection, [topic], tmp_path, "run"):
        run()


def test_a_run_that_fails_stops_the_archive_and_keeps_its_own_error(
    connection: Connection, topic: str, tmp_path: Path
) -> None:
    with pytest.raises(ZeroDivisionError), running_archive(connection, [topic], tmp_path, "run"):
        _ = 1 / 0
    assert not [thread for thread in threading.enumerate() if thread.name == "archive"]
