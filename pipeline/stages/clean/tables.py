"""Reads the tab-separated files beside this stage, each once."""

from __future__ import annotations

from pathlib import Path


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of this folder, by the column names of its first line; a line that begins with # is a note.

    Raises:
        ValueError: a row has not as many cells as the table has columns.
    """
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line and not line.startswith("#")]
    columns = lines[0].split("\t")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines[1:]]
