"""The wish to end, known to the whole process: what is in flight is finished, and nothing new is begun.

Whoever reads asks `reading_ends` before each record. So a job ends by itself, done and committed.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_wish = threading.Event()
_pause = threading.Event()


def request() -> None:
    """Ask everybody in this process to finish."""
    _wish.set()


def requested() -> bool:
    """Whether somebody asked to finish."""
    return _wish.is_set()


def pause() -> None:
    """Ask whoever reads to end, since the run is to begin anew."""
    _pause.set()


def resume() -> None:
    """The pause is over."""
    _pause.clear()


def reading_ends() -> bool:
    """Whether whoever reads is to end: for good, or for a pause."""
    return _wish.is_set() or _pause.is_set()


def wait(seconds: float) -> bool:
    """Sleep, but not longer than until somebody asks to finish; whether somebody did."""
    return _wish.wait(seconds)


def _say_once() -> None:
    print("stopping: what is in flight is finished first; Ctrl-C again stops at once", file=sys.stderr, flush=True)  # noqa: T201


@contextmanager
def on_signals(say: Callable[[], None] = _say_once) -> Iterator[None]:
    """While the block runs, the first SIGTERM or Ctrl-C is a wish; the second does what it did before the block.

    Only for the main thread. At the end of the block the wish is forgotten.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def wish(_: int, __: object) -> None:
        # From now on each does what it did before, so that nobody has to wait who does not want to.
        _restore(before)
        request()
        say()

    for number in before:
        signal.signal(number, wish)
    try:
        yield
    finally:
        _restore(before)
        _wish.clear()


def _restore(handlers: Mapping[signal.Signals, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
