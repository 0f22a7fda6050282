"""Avro object container files of records: written with what they need to be understood alone, read back typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import fastavro
from fastavro.write import Writer

from pipeline import __version__, avro
from pipeline.avro import Record

# Blocks of about this many bytes before compression: the usual figure of Avro's own tools is 16 to 64 KB.
BLOCK_BYTES = 64_000


def avro_writer(out: IO[bytes], name: str) -> Writer:
    """Begin an Avro container file, deflate, of the record with that full name; ``flush()`` ends it.

    It takes the fields of records (`pipeline.avro.to_fields`). Beside the schema, the file's header says
    ``wiredesk.pipeline_version`` and ``wiredesk.schema_version``.
    """
    metadata = {"wiredesk.pipeline_version": __version__, "wiredesk.schema_version": avro.SCHEMA_VERSION}
    return Writer(out, avro.current(name), codec="deflate", sync_interval=BLOCK_BYTES, metadata=metadata)


class BodyWriter:
    """An Avro container file of records that are encoded already, with the schema in force; ``flush()`` ends it."""

    def __init__(self, out: IO[bytes], name: str) -> None:
        self._writer = avro_writer(out, name)
        self._block = BytesIO()
        self._records = 0

    def write(self, body: bytes) -> None:
        """Add one record."""
        self._block.write(body)
        self._records += 1
        if self._block.tell() >= BLOCK_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write the block that is not full yet."""
        if self._records:
            self._writer.write_block(SimpleNamespace(num_records=self._records, bytes_=self._block))
            self._block, self._records = BytesIO(), 0


def read_files(path: Path) -> Iterator[Record]:
    """The records of an Avro file, or of all ``*.avro`` files under a folder.

    They come in the order of the paths, numbers in them taken as numbers: those of one partition and hour in the order
    of their offsets.

    Files of any released schema can be read; fields that the writer did not know have their defaults.

    Raises:
        FileNotFoundError: there is no such file or folder.
        ValueError: a file that is not one of ours; the message names it.
    """
    if not path.exists():
        msg = f"{path}: no such file or folder"
        raise FileNotFoundError(msg)
    for each in sorted(path.rglob("*.avro"), key=_by_number) if path.is_dir() else [path]:
        yield from _read_file(each)


def _by_number(path: Path) -> list[str | int]:
    # Text and digits alternate, so that like is compared with like.
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", str(path))]


def _read_file(path: Path) -> Iterator[Record]:
    with path.open("rb") as source:
        try:
            writer_schema: Any = fastavro.reader(source).writer_schema
            name = writer_schema["name"]
            reader_schema = avro.current(name) if name in avro.RECORDS else None
        except (ValueError, KeyError, TypeError, EOFError) as error:
            msg = f"{path}: not an Avro file: {error}"
            raise ValueError(msg) from error
        if reader_schema is None:
            msg = f"{path}: holds {name}, which is none of {', '.join(avro.RECORDS)}"
            raise ValueError(msg)
        source.seek(0)
        for fields in fastavro.reader(source, reader_schema):
            if isinstance(fields, dict):
                yield avro.from_fields(name, fields)
