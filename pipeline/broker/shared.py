"""Clients that a process opens once and keeps: opening one costs a second, a bundle is done in milliseconds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar


class Closable(Protocol):
    """What can be closed."""

    def close(self) -> None:
        """Give everything back."""


T = TypeVar("T", bound=Closable)

_opened: dict[tuple[type, Hashable], Closable] = {}
_lock = threading.Lock()


def once(kind: type[T], key: Hashable, make: Callable[[], T]) -> T:
    """The one of that kind and key in this process; ``make`` opens it the first time."""
    with _lock:
        found = _opened.get((kind, key))
        if found is None:
            found = _opened[kind, key] = make()
        assert isinstance(found, kind)  # noqa: S101 - for the type checker: it is stored under its kind
        return found


def opened(kind: type[T]) -> list[T]:
    """All of that kind that this process has open."""
    with _lock:
        return [found for found in _opened.values() if isinstance(found, kind)]


def close_all() -> None:
    """Close everything, the last opened first. For the end of a run, when nothing uses them any more."""
    with _lock:
        while _opened:
            _opened.popitem()[1].close()
