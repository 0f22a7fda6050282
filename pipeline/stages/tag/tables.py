"""Reads the tables that lie beside this stage: tab-separated, a header line, no quoting."""

from __future__ import annotations

import csv
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of this stage, by column; lines that begin with ``#`` are comments.

    Raises:
        FileNotFoundError: the installation is broken.
    """
    text = files("pipeline.stages.tag").joinpath(name).read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def names(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds several, separated by ``|``."""
    return tuple(filter(None, cell.split("|")))


def words(text: str) -> frozenset[str]:
    """A short list of words, written as a line of text."""
    return frozenset(text.split())
