"""Finds the data that stands at the top of a checkout and, in an installed wheel, inside the package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The folder ``schemas`` or ``seeds``.

    Raises:
        FileNotFoundError: neither the package nor the checkout holds it, which means a broken installation.
    """
    for candidate in (_PACKAGE / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    msg = f"the folder {name!r} is missing from this installation of wiredesk: install it again"
    raise FileNotFoundError(msg)
