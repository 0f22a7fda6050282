"""The user's alias table as a file: read when it is first asked for, and again when it has changed.

Replace the file by a rename, or write it in place: what changes while it is read is left for the next time.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pipeline.observe import metrics
from pipeline.settings import ConfigError
from pipeline.stages.tag.aliases import AliasTable, LineProblem, Listed, read_aliases

MAX_TOLD = 50
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

log = logging.getLogger(__name__)

Stamp = tuple[int, int, int]
"""Time of the last change in ns, size in bytes, inode: another version of a file has another one."""


class AliasFile:
    """Keeps the table of a path. Threads may share it."""

    def __init__(self, path: str) -> None:
        """Read nothing yet."""
        self._path = path
        self._lock = threading.Lock()
        self._seen: Stamp | None = None
        self._table: AliasTable | None = None

    def current(self) -> AliasTable:
        """The table of the file as it is now, or of its last good version; the same object until that changes.

        Raises:
            ConfigError: there was no good version yet; lists the problems, `MAX_TOLD` at most.
        """
        with self._lock:
            if self._table is None:
                self._table = self._first()
            elif _stamp(self._path) != self._seen:
                self._table = self._next(self._table)
            return self._table

    def _first(self) -> AliasTable:
        self._seen, listed, problems = _read(self._path)
        if problems:
            raise ConfigError(f"alias_table {problem}" for problem in problems)
        return AliasTable(listed)

    def _next(self, before: AliasTable) -> AliasTable:
        seen, listed, problems = _read(self._path)
        if seen is not None and seen != _stamp(self._path):  # it changed as we read: perhaps half of it is written
            return before
        self._seen = seen
        metrics.alias_table_read(refused=bool(problems))
        if problems:
            log.error("alias_table: this version is refused, the one before stays:\n%s", "\n".join(problems))
            return before
        log.info("alias_table %s: read anew, %s", self._path, counted(listed))
        return AliasTable(listed)


@cache
def alias_file(path: str) -> AliasFile:
    """The one of this process for a path."""
    return AliasFile(path)


def table_problems(path: str | None) -> list[str]:
    """What is wrong with the setting ``alias_table`` before anything runs, as sentences, `MAX_TOLD` lines at most."""
    try:
        if path:
            alias_file(path).current()
    except ConfigError as error:
        return error.problems
    return []


def counted(listed: Sequence[Listed]) -> str:
    """How much is in a table, in words."""
    return f"{sum(len(one.aliases) for one in listed)} names of {len(listed)} things"


def read_bytes(data: bytes) -> tuple[tuple[Listed, ...], tuple[LineProblem, ...]]:
    """`read_aliases` of a file's bytes; lines that are not UTF-8 are among the problems."""
    if data.startswith(_UTF_16):
        return (), (LineProblem(1, "the file is UTF-16: save it as UTF-8"),)
    lines, problems = [], []
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            lines.append(line.decode())
        except UnicodeDecodeError as error:
            lines.append("#")
            message = f"byte {error.start + 1} of the line, 0x{line[error.start]:02X}, is not UTF-8: save it as UTF-8"
            problems.append(LineProblem(number, message))
    listed, others = read_aliases("\n".join(lines))
    return listed, tuple(sorted((*problems, *others), key=lambda problem: problem.line))


def _read(path: str) -> tuple[Stamp | None, tuple[Listed, ...], list[str]]:
    """The version of the file, what is in it, and its problems as sentences, shortened."""
    try:
        with Path(path).open("rb") as file:
            seen = _version(os.fstat(file.fileno()))
            listed, problems = read_bytes(file.read())
    except OSError as error:
        return _stamp(path), (), [f"{path}: {error.strerror or error}"]
    told = [f"{path}:{problem.line}: {problem.message}" for problem in problems[:MAX_TOLD]]
    if len(problems) > MAX_TOLD:
        told.append(f"{path}: and {len(problems) - MAX_TOLD} more; wiredesk aliases check {path} lists them all")
    return seen, listed, told


def _stamp(path: str) -> Stamp | None:
    try:
        return _version(Path(path).stat())
    except OSError:
        return None


def _version(of: os.stat_result) -> Stamp:
    return of.st_mtime_ns, of.st_size, of.st_ino
