"""The one place that sets up logging: short lines for people, on standard error.

What every author keeps to: the text of an article is never logged above DEBUG.
"""

from __future__ import annotations

import logging
import time

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
    logging.basicConfig(level=logging.INFO if level == "DEBUG" else logging.ERROR, handlers=[handler], force=True)
    logging.getLogger("pipeline").setLevel(level)
    logging.getLogger("apache_beam").setLevel(logging.NOTSET if level == "DEBUG" else logging.CRITICAL)
