"""The one place that sets up logging: short lines for people, on standard error.

What every author keeps to: the text of an article is never logged above DEBUG.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

REPEAT_AFTER_SECONDS = 60
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DEFAULT_LEVEL = "WARNING"


def set_up(level: str = DEFAULT_LEVEL) -> None:
    """Log what we say from ``level`` on, and what libraries say only when it is an error; times are UTC.

    Beam logs the error that it then raises, once for each step on its way: at DEBUG only, where all speak from INFO on.
    """
    handler = logging.StreamHandler()
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(_once_a_minute())
    logging.basicConfig(level=logging.INFO if level == "DEBUG" else logging.ERROR, handlers=[handler], force=True)
    logging.getLogger("pipeline").setLevel(level)
    logging.getLogger("apache_beam").setLevel(logging.NOTSET if level == "DEBUG" else logging.CRITICAL)


def _once_a_minute() -> Callable[[logging.LogRecord], bool]:
    """Lets a line of kafka-python's code speak once a minute: in an outage it says the same several times a second."""
    said: dict[tuple[str, int], float] = {}

    def passes(record: logging.LogRecord) -> bool:
        place = record.pathname, record.lineno
        if not record.name.startswith("kafka"):
            return True
        if record.created - said.get(place, float("-inf")) < REPEAT_AFTER_SECONDS:
            return False
        said[place] = record.created
        return True

    return passes
