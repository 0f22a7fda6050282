"""The output topics as Avro files, each record exactly once.

A file is written under a temporary name, brought to disk, renamed; only then is its offset committed. On start, files
that begin at or beyond the committed offset are removed and written again: whatever moment the process is killed at, no
record is lost, doubled, or half there.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kafka import OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError

from pipeline.broker import clients
from pipeline.broker.connection import BrokerError, Connection
from pipeline.reader.archive_files import PartitionFiles, exclusive, files_of, remove_from
from pipeline.reader.topic import existing_partitions
from pipeline.reader.values import NotOurRecordError, encoded_value
from pipeline.settings import ConfigError

MAX_FILE_BYTES = 64_000_000
MAX_FILE_AGE_SECONDS = 60.0
# A topic replayed with its old times has records of many hours side by side.
MAX_OPEN_FILES = 16
POLL_MS = 200
COMMIT_RETRY_SECONDS = 60.0
# The broker forgets the offsets of a group without members seven days after their last commit.
COMMIT_AGAIN_SECONDS = 86_400.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """What one call of `archive` added: ``files`` finished, ``records`` in them."""

    files: int
    records: int


def folder_problems(avro_dir: str) -> list[str]:
    """What is wrong with the setting ``avro_dir`` before anything is opened, as sentences."""
    if "://" in avro_dir:
        return [f"avro_dir: {avro_dir!r} is an address; only a folder of this machine can be written to"]
    return []


def archive_group(consumer_group: str) -> str:
    """The group in which the archive of a run commits."""
    return f"{consumer_group}-archive"


def archive(
    connection: Connection,
    topics: Iterable[str],
    avro_dir: Path,
    group: str,
    *,
    stop: threading.Event | None = None,
    finish: threading.Event | None = None,
    max_file_bytes: int = MAX_FILE_BYTES,
    max_file_age_seconds: float = MAX_FILE_AGE_SECONDS,
    started: threading.Event | None = None,
) -> ArchiveReport:
    """Write topics of records into Avro files until told to end.

    Args:
        connection: how to reach the broker.
        topics: output topics of Wiredesk.
        avro_dir: the folder; it is made if need be, and locked.
        group: the consumer group that keeps how far the files go.
        stop: when set, files are closed and committed, and it returns; the next call goes on from there.
        finish: when set, it goes on to where the topics end at that moment, and returns. Set before the call, it
            archives what is there.
        max_file_bytes: a file is closed when it has this size on disk.
        max_file_age_seconds: a file is closed when it is this old.
        started: set when folder and topics were found right and the first record is waited for.

    Raises:
        OSError: the folder cannot be written to, the disk is full, or another archive writes there. Nothing is
            committed that was not written.
        BrokerError: the broker cannot be used, or lacks a topic.
        ConfigError: the folder holds files of a partition for which the group has committed nothing.
        NotOurRecordError: a value that is no record of ours; the message names its topic, partition and offset.
    """
    stop, finish = stop or threading.Event(), finish or threading.Event()
    with exclusive(avro_dir), _consumer(connection, group) as consumer:
        files: dict[TopicPartition, PartitionFiles] = {}
        try:
            partitions = [at for topic in topics for at in existing_partitions(consumer, topic)]
            offsets = {at: _start(consumer, avro_dir, at, group) for at in partitions}
            consumer.assign(partitions)
            for at, offset in offsets.items():
                consumer.seek(at, offset)
            files |= {at: PartitionFiles(avro_dir, at.topic, at.partition) for at in partitions}
            state = _State(consumer, files, offsets, max_file_bytes, max_file_age_seconds)
            state.commit()
            if started:
                started.set()
            _run(state, stop, finish)
        except KafkaError as error:
            raise BrokerError(clients.explain(error, connection.brokers)) from error
        finally:
            for each in files.values():
                each.discard()
        return ArchiveReport(state.closed, state.written)


@contextmanager
def running_archive(
    connection: Connection, topics: Iterable[str], avro_dir: Path, consumer_group: str
) -> Iterator[None]:
    """Archive in a thread while the block runs; at its end, go on to the end of the topics.

    An archive that fails interrupts the block as Ctrl-C would, so that a run does not go on without its files; the
    block then ends with the archive's error. Where the block itself fails, the archive stops where it is. Only for the
    main thread: no other can be interrupted.
    """
    stop, finish, started = threading.Event(), threading.Event(), threading.Event()
    failed: list[BaseException] = []

    def work() -> None:
        group = archive_group(consumer_group)
        try:
            archive(connection, topics, avro_dir, group, stop=stop, finish=finish, started=started)
        except BaseException as error:
            failed.append(error)
            if started.is_set() and not finish.is_set() and not stop.is_set():
                # Not SIGINT: whoever looks at the exit code would take it for a Ctrl-C.
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
        finally:
            started.set()

    thread = threading.Thread(target=work, name="archive")
    before = signal.signal(signal.SIGUSR1, _interrupt)
    try:
        thread.start()
        started.wait()
        if failed:
            raise failed[0]
        yield
        finish.set()
        thread.join()
    except BaseException as error:
        stop.set()
        thread.join()
        if failed and error is not failed[0]:
            raise failed[0] from error
        raise
    finally:
        signal.signal(signal.SIGUSR1, before)
    if failed:
        raise failed[0]


def _interrupt(*_: object) -> None:
    # Not an Exception: a stage would take it for its article's fault.
    raise KeyboardInterrupt


@contextmanager
def _consumer(connection: Connection, group: str) -> Iterator[Any]:
    consumer = clients.consumer(connection, group_id=group)
    try:
        yield consumer
    finally:
        consumer.close(autocommit=False)


def _start(consumer: Any, avro_dir: Path, at: TopicPartition, group: str) -> int:
    """The offset to begin at; files that were never committed are removed."""
    first = int(consumer.beginning_offsets([at])[at])
    committed = consumer.committed(at)
    if committed is None:
        if files := files_of(avro_dir, at.topic, at.partition):
            following = max(file.last for file in files) + 1
            msg = (
                f"{avro_dir} holds files of {at.topic}, partition {at.partition}, but the group {group!r} has committed"
                f" no offset there: name an empty folder or the group that wrote them, or set its offset to {following}"
            )
            raise ConfigError([msg])
        return first
    removed = remove_from(avro_dir, at.topic, at.partition, committed)
    if removed:
        log.warning("%s: removed %d files that were never committed; they are written again", at, removed)
    if committed < first:
        log.warning("%s: offsets %d to %d were deleted before they could be archived", at, committed, first - 1)
    return max(int(committed), first)


@dataclass(slots=True)
class _State:
    """How far an archive is. ``offsets``: where the finished files of each partition end."""

    consumer: Any
    files: dict[TopicPartition, PartitionFiles]
    offsets: dict[TopicPartition, int]
    max_file_bytes: int
    max_file_age_seconds: float
    closed: int = 0
    written: int = 0
    opened_at: dict[TopicPartition, float] = field(default_factory=dict)
    last: dict[TopicPartition, int] = field(default_factory=dict)
    # The first commit says where the archive began: without it, files could not be told from another run's.
    uncommitted: bool = True
    committed_at: float | None = None
    failing_since: float | None = None

    def add(self, message: Any) -> None:
        """Write one record."""
        at = TopicPartition(message.topic, message.partition)
        try:
            record = encoded_value(message.value or b"")
        except NotOurRecordError as error:
            msg = f"{at.topic}, partition {at.partition}, offset {message.offset}: {error}"
            raise NotOurRecordError(msg) from error
        files = self.files[at]
        files.add(message.offset, record)
        self.opened_at.setdefault(at, time.monotonic())
        self.last[at] = message.offset
        self.written += 1
        if files.size_bytes >= self.max_file_bytes or files.open_files >= MAX_OPEN_FILES:
            self.close(at)

    def close(self, at: TopicPartition) -> None:
        """Finish the files of a partition."""
        if at in self.opened_at:
            self.closed += self.files[at].close()
            self.offsets[at] = self.last[at] + 1
            del self.opened_at[at]
            self.uncommitted = True

    def close_old(self) -> None:
        """Finish the files that are old enough."""
        now = time.monotonic()
        for at in [at for at, since in self.opened_at.items() if now - since >= self.max_file_age_seconds]:
            self.close(at)

    def commit(self) -> None:
        """Commit how far the files go, if that moved or was long ago; a broker that is away is asked again later.

        Raises:
            KafkaError: it has not taken a commit for a minute.
        """
        now = time.monotonic()
        if not self.uncommitted and now - (self.committed_at or 0) < COMMIT_AGAIN_SECONDS:
            return
        try:
            self.consumer.commit({at: OffsetAndMetadata(offset, "", -1) for at, offset in self.offsets.items()})
        except KafkaError as error:
            self.failing_since = self.failing_since or now
            if self.committed_at is None or now - self.failing_since > COMMIT_RETRY_SECONDS:
                raise
            log.warning("the archive's offsets could not be committed, trying again: %s", error)
            return
        self.uncommitted, self.failing_since, self.committed_at = False, None, now


def _run(state: _State, stop: threading.Event, finish: threading.Event) -> None:
    consumer = state.consumer
    ends: dict[TopicPartition, int] | None = None
    while True:
        if ends is None and finish.is_set():
            ends = clients.end_offsets(consumer, state.files)
        for batch in consumer.poll(timeout_ms=POLL_MS).values():
            for message in batch:
                state.add(message)
        done = stop.is_set() or (ends is not None and all(consumer.position(at) >= end for at, end in ends.items()))
        if done:
            for at in state.files:
                state.close(at)
        state.close_old()
        state.commit()
        if done and not state.uncommitted:
            return
