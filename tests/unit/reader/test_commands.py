from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from wire import article, send, send_bytes

from pipeline.broker.connection import Connection
from pipeline.cli import main
from pipeline.reader.files import read_files
from pipeline.reader.json_form import to_json


def test_read_prints_a_line_of_json_for_each_record(
    connection: Connection, topic: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    articles = [article(n) for n in range(3)]
    send(connection, topic, articles)
    assert main(["read", "--kafka_brokers", connection.brokers, "--topic", topic]) == 0
    assert capfdbinary.readouterr().out.splitlines() == [to_json(each) for each in articles]


def test_read_as_a_table_shows_the_headline(
    connection: Connection, topic: str, capfd: pytest.CaptureFixture[str]
) -> None:
    send(connection, topic, [article(7)])
    assert main(["read", "--kafka_brokers", connection.brokers, "--topic", topic, "--format", "table"]) == 0
    assert "Headline 7" in capfd.readouterr().out


@pytest.mark.parametrize("start", ["yesterday", "2024-03-04T06:00:00"])
def test_read_from_a_time_that_is_none_or_has_no_zone_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], start: str
) -> None:
    assert main(["read", "--kafka_brokers", "localhost:9092", "--from", start]) == 2
    assert repr(start) in capsys.readouterr().err


def test_read_of_what_is_no_record_fails_with_its_place_and_without_a_trace(
    connection: Connection, topic: str, capsys: pytest.CaptureFixture[str]
) -> None:
    send_bytes(connection, topic, b"text")
    assert main(["read", "--kafka_brokers", connection.brokers, "--topic", topic]) == 1
    error = capsys.readouterr().err
    assert f"{topic}, partition 0, offset 0" in error
    assert "Traceback" not in error


def archive_flags(connection: Connection, topics: list[str], avro_dir: Path) -> list[str]:
    names = ["--output_topic", topics[0], "--events_topic", topics[1]]
    return ["archive", "--kafka_brokers", connection.brokers, *names, "--avro_dir", str(avro_dir)]


def test_archive_of_what_is_there(connection: Connection, topic: str, other_topic: str, tmp_path: Path) -> None:
    send(connection, topic, [article(1)])
    send(connection, other_topic, [article(2)])
    assert main([*archive_flags(connection, [topic, other_topic], tmp_path), "--stop_at_end"]) == 0
    assert {record.id for record in read_files(tmp_path)} == {"a-1", "a-2"}


def test_archive_that_is_terminated_keeps_what_it_has(
    connection: Connection, topic: str, other_topic: str, tmp_path: Path
) -> None:
    send(connection, topic, [article(1)])
    command = [sys.executable, "-m", "pipeline", *archive_flags(connection, [topic, other_topic], tmp_path)]
    with subprocess.Popen(command) as process:
        while not list(tmp_path.rglob("*.tmp")):
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 0
    assert [record.id for record in read_files(tmp_path)] == ["a-1"]


def test_archive_that_cannot_write_fails_with_the_folders_name(
    connection: Connection, topic: str, other_topic: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(archive_flags(connection, [topic, other_topic], tmp_path / "file" / "archive")) == 1
    assert capsys.readouterr().err.startswith("wiredesk archive: cannot write to the archive folder")


def test_archive_into_an_object_store_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["archive", "--kafka_brokers", "localhost:9092", "--avro_dir", "gs://bucket/files"]) == 2
    assert "'gs://bucket/files' is an address" in capsys.readouterr().err


def test_schemas_check_says_what_it_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schemas", "check"]) == 0
    assert "wiredesk.v1.TaggedArticle release 1: fingerprint 7b3d6bbdf9101ef9" in capsys.readouterr().out


def test_schemas_check_of_a_folder_with_a_broken_rule_fails_and_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    definition = {"type": "enum", "namespace": "n", "name": "E", "doc": "An enum.", "symbols": ["A"]}
    (tmp_path / "n.E.avsc").write_text(json.dumps(definition))
    assert main(["schemas", "check", "--dir", str(tmp_path)]) == 1
    assert "n.E: the enum needs the symbol and the default UNKNOWN" in capsys.readouterr().err
