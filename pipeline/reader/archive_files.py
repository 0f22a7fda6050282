"""The files of the archive: never half written under their own name, and replaceable after a crash.

``<avro_dir>/date=YYYY-MM-DD/hour=HH/<topic>-<partition>-<first>-<last>.avro``: the hour of the record's ``received_at``
(``processed_at`` where that is null), UTC; the offsets of its first and its last record. Files of one partition are
closed together, so all files written since a commit begin at or beyond the committed offset, also where records of two
hours alternate.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pipeline.reader.files import BodyWriter
from pipeline.reader.values import Encoded

LOCK_NAME = ".archive.lock"
TEMPORARY_SUFFIX = ".tmp"

_FILE_NAME = re.compile(r"(?P<topic>.+)-(?P<partition>\d+)-(?P<first>\d+)-(?P<last>\d+)\.avro")


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A finished file of one partition: offsets ``first`` to ``last``, both in it."""

    path: Path
    topic: str
    partition: int
    first: int
    last: int


@contextmanager
def exclusive(avro_dir: Path) -> Iterator[None]:
    """Make the folder, keep every other archive out of it, and clear away what a killed one left half written.

    Raises:
        OSError: it cannot be made or written to, or another archive writes to it; the message names the folder.
    """
    with _naming(avro_dir):
        made = [folder for folder in (avro_dir, *avro_dir.parents) if not folder.exists()]
        avro_dir.mkdir(parents=True, exist_ok=True)
        for folder in made:
            _fsync_folder(folder.parent)
        lock = (avro_dir / LOCK_NAME).open("wb")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = f"another archive is writing to {avro_dir}: one folder takes one archive"
            raise OSError(errno.EAGAIN, msg) from error
        with _naming(avro_dir):
            for half_written in avro_dir.glob(f"date=*/hour=*/.*{TEMPORARY_SUFFIX}"):
                half_written.unlink()
        yield


def files_of(avro_dir: Path, topic: str, partition: int) -> list[ArchivedFile]:
    """The finished files of a partition."""
    found = []
    for path in avro_dir.glob(f"date=*/hour=*/{topic}-{partition}-*.avro"):
        name = _FILE_NAME.fullmatch(path.name)
        if name and name["topic"] == topic and int(name["partition"]) == partition:
            found.append(ArchivedFile(path, topic, partition, int(name["first"]), int(name["last"])))
    return sorted(found, key=lambda each: each.first)


def remove_from(avro_dir: Path, topic: str, partition: int, offset: int) -> int:
    """Remove the files of a partition that begin at or beyond an offset: they were never committed.

    Returns:
        How many.
    """
    uncommitted = [each for each in files_of(avro_dir, topic, partition) if each.first >= offset]
    with _naming(avro_dir):
        for each in uncommitted:
            each.path.unlink()
    return len(uncommitted)


@dataclass(slots=True)
class _OpenFile:
    folder: Path
    temporary: Path
    out: IO[bytes]
    writer: BodyWriter
    first: int
    last: int


@dataclass(slots=True)
class PartitionFiles:
    """The open files of one partition, one for each hour.

    All methods raise OSError, with the folder named, where the disk fails.
    """

    avro_dir: Path
    topic: str
    partition: int
    _open: dict[Path, _OpenFile] = field(default_factory=dict)

    @property
    def open_files(self) -> int:
        """How many files are open."""
        return len(self._open)

    @property
    def size_bytes(self) -> int:
        """Bytes on disk of the largest open file; a block that is not full yet does not count."""
        return max((each.out.tell() for each in self._open.values()), default=0)

    def add(self, offset: int, record: Encoded) -> None:
        """Write a record into the file of its hour."""
        folder = self.avro_dir / _hour(record.time)
        with _naming(self.avro_dir):
            file = self._open.get(folder)
            if file is None:
                file = self._open[folder] = self._begin(folder, offset, record.name)
            file.writer.write(record.body)
            file.last = offset

    def _begin(self, folder: Path, offset: int, name: str) -> _OpenFile:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{self.topic}-{self.partition}-{offset}.avro{TEMPORARY_SUFFIX}"
        out = temporary.open("wb")
        try:
            return _OpenFile(folder, temporary, out, BodyWriter(out, name), offset, offset)
        except OSError:
            _discard(out, temporary)
            raise

    def close(self) -> int:
        """Give all open files their name, on disk for certain.

        Returns:
            How many there were.
        """
        with _naming(self.avro_dir):
            for file in self._open.values():
                file.writer.flush()
                file.out.flush()
                os.fsync(file.out.fileno())
                file.out.close()
            for file in self._open.values():
                name = f"{self.topic}-{self.partition}-{file.first}-{file.last}.avro"
                os.rename(file.temporary, file.folder / name)  # noqa: PTH104 - the one step that must be atomic
            for folder in {folder for path in self._open for folder in (path, path.parent, path.parent.parent)}:
                _fsync_folder(folder)
        closed = len(self._open)
        self._open.clear()
        return closed

    def discard(self) -> None:
        """Drop what is open; as good as it goes, since the next start clears up as well."""
        for file in self._open.values():
            _discard(file.out, file.temporary)
        self._open.clear()


def _discard(out: IO[bytes], temporary: Path) -> None:
    with suppress(OSError):  # it tries to write what it still holds
        out.close()
    with suppress(OSError):
        temporary.unlink(missing_ok=True)


def _hour(time: datetime) -> str:
    utc = time.astimezone(UTC)
    return f"date={utc.date().isoformat()}/hour={utc:%H}"


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _naming(avro_dir: Path) -> Iterator[None]:
    """Say which folder it was that failed."""
    try:
        yield
    except OSError as error:
        msg = f"cannot write to the archive folder {avro_dir}: {error.strerror or error}"
        raise OSError(error.errno, msg) from error
