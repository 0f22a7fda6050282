from __future__ import annotations

import io
from pathlib import Path

import fastavro
import pytest
from wire import article

from pipeline import avro
from pipeline.reader.files import avro_writer, read_files
from pipeline.stages.encode import events_of


def write(path: Path, *records: avro.Record) -> None:
    with path.open("wb") as out:
        writer = avro_writer(out, avro.name_of(records[0]))
        for record in records:
            writer.write(avro.to_fields(record))
        writer.flush()


def test_records_of_both_kinds_are_read_back_equal(tmp_path: Path) -> None:
    write(tmp_path / "a.avro", article(1), article(2, hours=None))
    write(tmp_path / "b.avro", events_of(article(3)))
    assert list(read_files(tmp_path)) == [article(1), article(2, hours=None), events_of(article(3))]
    assert list(read_files(tmp_path / "b.avro")) == [events_of(article(3))]


def test_a_file_of_a_writer_without_some_fields_is_read_with_their_defaults(tmp_path: Path) -> None:
    older = avro.self_contained(avro.TAGGED_ARTICLE)
    older["fields"] = [field for field in older["fields"] if field["name"] not in {"byline", "problems"}]
    with (tmp_path / "old.avro").open("wb") as out:
        fastavro.writer(out, avro.parsed(older), [avro.to_fields(article(1))])
    assert list(read_files(tmp_path)) == [article(1)]


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nothing: no such file or folder"):
        list(read_files(tmp_path / "nothing"))


def test_a_file_that_is_not_avro_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.avro").write_text("text")
    with pytest.raises(ValueError, match=r"x\.avro: not an Avro file"):
        list(read_files(tmp_path))


def test_a_file_of_other_records_is_named(tmp_path: Path) -> None:
    out = io.BytesIO()
    fastavro.writer(out, {"type": "record", "name": "other.Thing", "fields": []}, [{}])
    (tmp_path / "x.avro").write_bytes(out.getvalue())
    with pytest.raises(ValueError, match=r"x\.avro: holds other\.Thing, which is none of wiredesk\.v1"):
        list(read_files(tmp_path))
