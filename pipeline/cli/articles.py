"""Articles from files or standard input, through the stages without a broker: what `tag` and `explain` share."""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import orjson

from pipeline import options
from pipeline.model import Failure, Moment, RawRecord, Tagged

if TYPE_CHECKING:  # takes seconds
    from pipeline.stages.tag.tagger import Listener

# What each --input_format says to `decode`; auto says nothing, so that it sniffs.
CONTENT_TYPES = {"auto": None, "jsonl": "application/x-ndjson", "ninjs": "application/json", "text": "text/plain"}


@dataclass(frozen=True, slots=True)
class Job:
    """What to read, and how: a command line without a mistake."""

    settings: options.Settings
    published: Moment | None
    paths: list[Path]
    input_format: str
    dead_letters: Path | None


def add_input(parser: argparse.ArgumentParser) -> None:
    """Add the paths and what is said of them."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files; none or - is standard input")
    parser.add_argument("--input_format", choices=list(CONTENT_TYPES), default="auto", help="default: auto, sniffed")
    parser.add_argument("--published", metavar="DATE", help="date of articles that state none, such as 2016-04-05")


def add_rest(parser: argparse.ArgumentParser) -> None:
    """Add where dead letters go, and the settings of the stages."""
    parser.add_argument("--dead_letters", type=Path, metavar="FILE", help="default: JSON lines on standard error")
    options.add_settings(parser, only=("nlp_model", "alias_table", "max_article_bytes", "max_tagged_chars", "strict"))


def job(args: argparse.Namespace) -> Job:
    """What the arguments ask for.

    Raises:
        ConfigError: lists what is wrong with them.
    """
    settings = options.load(args)
    published = _published(args.published)
    # Takes long to import: a wrong flag is told before.
    from pipeline.stages.tag.alias_file import table_problems

    paths = args.paths or [Path("-")]
    wrong = [problem for path in paths if str(path) != "-" for problem in _wrong_path(path)]
    if wrong := [*wrong, *table_problems(settings.alias_table)]:
        raise options.ConfigError(wrong)
    return Job(settings, published, paths, args.input_format, args.dead_letters)


def tag(job: Job, show: Callable[[Tagged], None], listener: Listener | None = None) -> int:
    """Tag the input in its order; dead letters go aside and make the exit code 3."""
    from pipeline.offline import tag_records

    dead = 0
    aside = job.dead_letters.open("wb") if job.dead_letters else nullcontext(sys.stderr.buffer)
    with aside as dead_letters:
        records = _records(job.paths, job.input_format)
        for item in tag_records(records, job.settings, published=job.published, listener=listener):
            if isinstance(item, Tagged):
                show(item)
            elif isinstance(item, Failure):
                dead += 1
                dead_letters.write(orjson.dumps(_aside(item)) + b"\n")
    return 3 if dead else 0


def _wrong_path(path: Path) -> Iterator[str]:
    if not path.exists():
        yield f"{path}: no such file"
    elif path.is_dir():
        yield f"{path} is a folder: name its files, such as {path}/*.jsonl"


def _published(text: str | None) -> Moment | None:
    from pipeline.stages.decode.times import parse_time

    if text is None:
        return None
    moment, problem = parse_time(text)
    if moment is None or problem:
        raise options.ConfigError([f"--published: {text!r} is no date such as 2016-04-05, nor a time with its zone"])
    return moment


def _records(paths: list[Path], input_format: str) -> Iterator[RawRecord]:
    from pipeline.offline import record

    content_type = CONTENT_TYPES[input_format]
    headers = (("content-type", content_type.encode()),) if content_type else ()
    index = 0
    for path in paths:
        with nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as source:
            for value in _values(source, input_format):
                yield record(index, value, headers)
                index += 1


def _values(source: IO[bytes], input_format: str) -> Iterator[bytes]:
    """The records of one file: its lines where it is JSON lines, else the whole of it."""
    first = source.readline()
    if input_format == "jsonl" or (input_format == "auto" and _is_object(first)):
        yield from (line for line in _lines(first, source) if line.strip())
    else:
        yield first + source.read()


def _is_object(line: bytes) -> bool:
    """Whether the line is a whole JSON object, so that the file is one of lines."""
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _lines(first: bytes, source: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from source


def _aside(failure: Failure) -> dict[str, Any]:
    """A dead letter as JSON: the original bytes as text where they are UTF-8, else as base64."""
    value = failure.source.record.value or b""
    try:
        original: dict[str, str] = {"value": value.decode()}
    except UnicodeDecodeError:
        original = {"value_base64": base64.b64encode(value).decode()}
    return {
        "record": failure.source.record.at.offset,
        "part": failure.source.part,
        "stage": failure.stage,
        "reason": failure.problems[0].reason,
        "problems": [{"reason": p.reason, "message": p.message} for p in failure.problems],
        **original,
    }
