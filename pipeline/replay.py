"""Files become records of the input topic, as a sender would write them.

============================  ==========================  =====================================
file                          content type                records
============================  ==========================  =====================================
``*.jsonl``, ``*.ndjson``     ``application/x-ndjson``    one a line that is not blank
``*.json``                    ``application/json``        one
``*.txt``                     ``text/plain``              one
============================  ==========================  =====================================

``NAME.headers.json`` beside ``NAME.txt`` (or ``.json``, ``.jsonl``) is an object of strings: headers for its records.
In a folder, those files, ``expected.json``, hidden files and files of any other kind are no articles.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from pipeline.broker import clients
from pipeline.broker.connection import Connection
from pipeline.model import Message
from pipeline.settings import DEFAULTS, ConfigError
from pipeline.stages.write.sender import Sender

CONTENT_TYPES = {
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".json": "application/json",
    ".txt": "text/plain",
}
HEADERS_SUFFIX = ".headers.json"
NO_ARTICLES = ("expected.json",)


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """A file to be sent, with the headers of its records."""

    path: Path
    headers: tuple[tuple[str, bytes], ...]

    @property
    def one_a_line(self) -> bool:
        """Whether each line is a record of its own."""
        return CONTENT_TYPES[self.path.suffix.lower()] == "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Found:
    """The files to be sent, in order of path, and what lay beside them in folders and is none."""

    files: list[ArticleFile]
    passed_over: list[Path]


def find(paths: Sequence[Path]) -> Found:
    """Look for articles: a file is taken by its name, a folder with all that is below it.

    Raises:
        ConfigError: every path that does not exist or is no article, every headers file that is none.
    """
    files: list[Path] = []
    passed_over: list[Path] = []
    problems: list[str] = []
    for path in paths:
        if path.is_dir():
            below = sorted(entry for entry in path.rglob("*") if entry.is_file() and not _is_hidden(entry, path))
            files += [entry for entry in below if _is_article(entry)]
            passed_over += [e for e in below if not _is_article(e) and not e.name.endswith(HEADERS_SUFFIX)]
        elif not path.exists():
            problems.append(f"{path}: no such file or folder")
        elif path.suffix.lower() not in CONTENT_TYPES:
            problems.append(f"{path}: not an article by its name; known are {', '.join(CONTENT_TYPES)}")
        else:
            files.append(path)
    found = []
    for path in files:
        try:
            found.append(ArticleFile(path, _headers(path)))
        except (OSError, ValueError) as error:
            problems.append(f"{path.with_suffix(HEADERS_SUFFIX)}: {error}")
    if problems:
        raise ConfigError(problems)
    return Found(found, passed_over)


def _is_hidden(path: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(below).parts)


def _is_article(path: Path) -> bool:
    if path.name in NO_ARTICLES or path.name.endswith(HEADERS_SUFFIX):
        return False
    return path.suffix.lower() in CONTENT_TYPES


def _headers(path: Path) -> tuple[tuple[str, bytes], ...]:
    headers = {"content-type": CONTENT_TYPES[path.suffix.lower()]}
    beside = path.with_suffix(HEADERS_SUFFIX)
    if beside.exists():
        own = orjson.loads(beside.read_bytes())
        if not isinstance(own, dict) or not all(isinstance(value, str) for value in own.values()):
            raise ValueError("not an object of strings")
        headers |= own
    return tuple((name, value.encode()) for name, value in headers.items())


def messages(file: ArticleFile, topic: str) -> Iterator[Message]:
    """The records of one file, in order; the key is the article's id where it can be read."""
    with file.path.open("rb") as source:
        for value in source if file.one_a_line else iter([source.read()]):
            if value.strip() or not file.one_a_line:
                yield Message(topic, _key(value, file.headers), value, file.headers)


def _key(value: bytes, headers: tuple[tuple[str, bytes], ...]) -> bytes | None:
    """The id that `decode` will find in a single article; None lets the record go to any partition."""
    stated = dict(headers).get("wiredesk.id")
    if stated is not None:
        return stated
    try:
        item = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    for name in ("uri", "guid", "id") if isinstance(item, dict) else ():
        if isinstance(item.get(name), str) and item[name]:
            return str(item[name]).encode()
    return None


def replay(
    connection: Connection,
    topic: str,
    paths: Sequence[Path],
    *,
    records_per_second: float | None = None,
    rounds: int | None = 1,
    max_request_bytes: int = DEFAULTS.max_request_bytes,
    on_sent: Callable[[Message], None] = lambda _: None,
) -> int:
    """Send the articles of files and folders, and wait until the broker has them all.

    Args:
        connection: how to reach the broker.
        topic: where to; it must exist.
        paths: files and folders, see `find`.
        records_per_second: not faster than this; None: as fast as it goes.
        rounds: how often all of it is sent; None: until interrupted.
        max_request_bytes: the largest record that may be sent, with its key and headers.
        on_sent: called for each record that was handed over.

    Returns:
        How many records were sent.

    Raises:
        ConfigError: a path is wrong, or there is no article.
        BrokerError: the broker cannot be reached or refused a record.
    """
    files = find(paths).files
    if not files:
        raise ConfigError([f"no article in {', '.join(map(str, paths))}"])
    producer = clients.producer(connection, max_request_size=max_request_bytes)
    sender, sent, begun = Sender(producer), 0, time.monotonic()
    try:
        for message in _rounds(files, topic, rounds):
            if records_per_second is not None:
                time.sleep(max(0.0, begun + sent / records_per_second - time.monotonic()))
            sender.send(message)
            sent += 1
            on_sent(message)
    finally:
        # After Ctrl-C too: what was handed over is in the topic, or an error says that it is not.
        sender.flush()
        producer.close()
    return sent


def _rounds(files: Sequence[ArticleFile], topic: str, rounds: int | None) -> Iterator[Message]:
    done = 0
    while rounds is None or done < rounds:
        for file in files:
            yield from messages(file, topic)
        done += 1
