"""Logs: JSON for machines, short lines for people, and no flood."""

import io
import json
import logging
import sys

import pytest

from pipeline.model import Coordinates
from pipeline.observe import logs

AT = Coordinates("wire", 3, 7, 8, 0)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before():
    levels = {name: logging.getLogger(name).level for name in (None, "pipeline", "apache_beam")}
    handlers = logging.root.handlers[:]
    yield
    logging.root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def at(seconds: float, message: str, logger: str = "pipeline.stages.commit") -> logging.LogRecord:
    """A warning of one place in the code, said at that time."""
    record = logging.LogRecord(logger, logging.WARNING, "code.py", 1, message, None, None)
    record.created = seconds
    return record


def test_a_line_for_machines_says_what_it_is_about(capsys: pytest.CaptureFixture[str]):
    logs.set_up("INFO")
    logging.getLogger("pipeline.stages.tag.tagger").info("a %s\nline", "“long”", extra=logs.about(AT, reason="NO_TEXT"))
    (line,) = lines(capsys)
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "INFO",
        "logger": "pipeline.stages.tag.tagger",
        "message": "a “long”\nline",
        "stage": "tag",
        "topic": "wire",
        "partition": 3,
        "offset": 7,
        "reason": "NO_TEXT",
    }


def test_what_a_line_says_of_its_stage_goes_before_where_it_was_said(capsys: pytest.CaptureFixture[str]):
    logs.set_up("INFO")
    logging.getLogger("pipeline.stages.write.transform").info("dead letter", extra=logs.about(AT, stage="decode"))
    assert lines(capsys)[0]["stage"] == "decode"


def test_an_exception_stays_on_its_line(capsys: pytest.CaptureFixture[str]):
    logs.set_up()
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("pipeline.x").exception("failed")
    (line,) = lines(capsys)
    assert "ValueError: broken" in line["exception"]


def test_people_get_a_plain_line(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    logs.set_up("INFO")
    logging.getLogger("pipeline.stages.read").info("said", extra=logs.about(AT))
    assert terminal.getvalue().endswith("Z INFO pipeline.stages.read: said\n")


def test_what_repeats_is_told_once_a_minute_with_how_often_it_came(capsys: pytest.CaptureFixture[str]):
    logs.set_up()
    (handler,) = logging.root.handlers
    for second in (0, 1, 59, 61, 62):
        handler.handle(at(second, "commit failed"))
    first, second = lines(capsys)
    assert "repeated" not in first
    assert second["repeated"] == 2


def test_other_words_are_no_repetition_unless_kafka_python_says_them(capsys: pytest.CaptureFixture[str]):
    logs.set_up()
    (handler,) = logging.root.handlers
    for n in range(10):
        handler.handle(at(0, f"ours {n}"))
        handler.handle(at(0, f"Fetch to node {n} failed", "kafka.consumer.fetcher"))
    said = [line["message"] for line in lines(capsys)]
    assert [message for message in said if message.startswith("Fetch")] == ["Fetch to node 0 failed"]
    assert sum(message.startswith("ours") for message in said) == 10


def test_what_was_said_is_not_remembered_without_end(capsys: pytest.CaptureFixture[str]):
    logs.set_up()
    (handler,) = logging.root.handlers
    for n in range(3 * logs.MAX_REMEMBERED):
        handler.handle(at(0, f"ours {n}"))
    (once_a_minute,) = handler.filters
    assert len(once_a_minute.said) <= logs.MAX_REMEMBERED
