"""The one place that sets up logging, on standard error: short lines for people at a terminal, else JSON lines.

What every author keeps to: the text of an article, and the message of an exception that may quote it, is never logged
above DEBUG. What a line is about goes along as fields, by ``extra=about(...)``.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime

from pipeline.model import Coordinates

REPEAT_AFTER_SECONDS = 60
# What was said lately is remembered, up to so many lines.
MAX_REMEMBERED = 1000
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DEFAULT_LEVEL = "WARNING"
FIELDS = ("stage", "topic", "partition", "offset", "reason")


def set_up(level: str = DEFAULT_LEVEL) -> None:
    """Log what we say from ``level`` on, and what libraries say only when it is an error; times are UTC.

    Beam logs the error that it then raises, once for each step on its way: at DEBUG only, where all speak from INFO on.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_ForPeople() if sys.stderr.isatty() else _Json())
    handler.addFilter(_OnceAMinute())
    logging.basicConfig(level=logging.INFO if level == "DEBUG" else logging.ERROR, handlers=[handler], force=True)
    logging.getLogger("pipeline").setLevel(level)
    logging.getLogger("apache_beam").setLevel(logging.NOTSET if level == "DEBUG" else logging.CRITICAL)


def about(at: Coordinates, *, stage: str | None = None, reason: str | None = None) -> dict[str, object]:
    """The fields of a line about one record, for ``extra``."""
    fields = {"topic": at.topic, "partition": at.partition, "offset": at.offset, "stage": stage, "reason": reason}
    return {name: value for name, value in fields.items() if value is not None}


class _ForPeople(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s: %(message)s%(again)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        repeated = getattr(record, "repeated", 0)
        record.again = f" (and {repeated} times more since it was last said)" if repeated else ""
        return super().format(record)


class _Json(logging.Formatter):
    """One object a line: time, level, logger, message; where there are any: ``FIELDS``, ``repeated``, ``exception``."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _iso(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.name.startswith("pipeline.stages."):
            line["stage"] = record.name.split(".")[2]
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if repeated := getattr(record, "repeated", 0):
            line["repeated"] = repeated
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _OnceAMinute(logging.Filter):
    """Lets the same warning or error through once a minute; the next one says how often it came in between.

    Of kafka-python a line of its code is the same, whatever it names: in an outage it repeats itself several times a
    second. Of us and others a text is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[tuple[object, ...], float] = {}
        self.held: dict[tuple[object, ...], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        text = "" if record.name.startswith("kafka") else record.getMessage()
        key = (record.pathname, record.lineno, text)
        if record.created - self.said.get(key, float("-inf")) < REPEAT_AFTER_SECONDS:
            self.held[key] = self.held.get(key, 0) + 1
            return False
        if len(self.said) >= MAX_REMEMBERED:
            self.said.clear()
            self.held.clear()
        self.said[key] = record.created
        record.repeated = self.held.pop(key, 0)
        return True
