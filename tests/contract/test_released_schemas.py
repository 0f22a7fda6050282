"""What a reader in another house relies on: the released files, alone and with each other."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from itertools import product
from typing import Any

import fastavro
import pytest
from any_record import TAGGED_ARTICLES
from hypothesis import given, settings

from pipeline import avro
from pipeline.model import TaggedArticle
from pipeline.resources import folder
from pipeline.stages.encode import events_of, single_object

RELEASES = avro.read_releases()
PAIRS = [(w, r) for w, r in product(RELEASES, RELEASES) if w.name == r.name]


def plain(value: Any) -> Any:
    """The fields as fastavro returns them: lists for tuples, strings for enums."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, str) else value


@settings(max_examples=40, deadline=None)
@given(TAGGED_ARTICLES)
def test_a_value_is_read_by_fastavro_and_the_released_file_alone(article: TaggedArticle) -> None:
    for record, name in ((article, avro.TAGGED_ARTICLE), (events_of(article), avro.ARTICLE_EVENTS)):
        value = single_object(record)
        fingerprints = json.loads((folder("schemas") / "released" / "fingerprints.json").read_text())
        numbers = {entry["crc64_avro"]: number for number, entry in fingerprints[name].items()}
        assert value[:2] == b"\xc3\x01"
        path = folder("schemas") / "released" / name / f"{numbers[value[2:10].hex()]}.avsc"
        schema = fastavro.parse_schema(json.loads(path.read_text()), named_schemas={})
        body = io.BytesIO(value[10:])
        assert fastavro.schemaless_reader(body, schema, None) == plain(asdict(record))
        assert body.read() == b""


@pytest.mark.parametrize(("writer", "reader"), PAIRS, ids=lambda release: f"{release.name}/{release.number}")
@settings(max_examples=20, deadline=None)
@given(article=TAGGED_ARTICLES)
def test_every_release_reads_every_other(writer: avro.Release, reader: avro.Release, article: TaggedArticle) -> None:
    record = article if writer.name == avro.TAGGED_ARTICLE else events_of(article)
    body = io.BytesIO()
    fastavro.schemaless_writer(body, writer.schema, asdict(record))
    body.seek(0)
    read = fastavro.schemaless_reader(body, writer.schema, reader.schema)
    assert isinstance(read, dict)
    assert [field["name"] for field in reader.schema["fields"]] == list(read)
    assert read["id"] == article.id


@pytest.mark.parametrize("name", avro.RECORDS)
def test_the_schema_in_force_is_the_newest_release(name: str) -> None:
    newest = max((release for release in RELEASES if release.name == name), key=lambda release: release.number)
    assert newest.fingerprint == avro.fingerprint(avro.current(name))
    assert newest.path.read_text(encoding="utf-8") == avro.as_json(avro.self_contained(name))


def test_the_schema_version_names_the_newest_release() -> None:
    assert f"1.{max(release.number for release in RELEASES)}" == avro.SCHEMA_VERSION
