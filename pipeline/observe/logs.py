"""The one place that sets up logging: short lines for people, on standard error.

What every author keeps to: the text of an article is never logged above DEBUG.
"""

from __future__ import annotations

import logging
import time

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DEFAULT_LEVEL = "WARNING"


def set_up(level: str = DEFAULT_LEVEL) -> None:
    """Log what we say from ``level`` on, and what Beam, kafka-python and other libraries say only when it is an error.

    At DEBUG the libraries speak from INFO on. Times are UTC.
    """
    handler = logging.StreamHandler()
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO if level == "DEBUG" else logging.ERROR, handlers=[handler], force=True)
    logging.getLogger("pipeline").setLevel(level)
