"""The closed list of codes is documented, completely and as it is."""

from __future__ import annotations

from pathlib import Path

from pipeline.failures.reasons import MEANING, Reason, table

PAGE = Path(__file__).parents[2] / "docs" / "failures.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->"


def test_every_reason_has_a_meaning() -> None:
    assert set(MEANING) == set(Reason)


def test_the_page_shows_the_table_of_the_code() -> None:
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    shown, end, _ = rest.partition(END)
    assert end, "the markers are gone from docs/failures.md"
    assert shown == table(), "run: python -m pipeline.failures.reasons, and put its table between the markers"
