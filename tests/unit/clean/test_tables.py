"""The tables that people edit: each row is well-formed and does what its example says."""

from __future__ import annotations

import re

import pytest

from pipeline.stages.clean.furniture import without_furniture
from pipeline.stages.clean.tables import rows

FURNITURE = rows("furniture.tsv")
WORDS = rows("dateline_words.tsv")


@pytest.mark.parametrize("row", FURNITURE, ids=lambda row: row["example"][:30])
def test_each_pattern_compiles_and_takes_out_its_example(row: dict[str, str]) -> None:
    pattern = re.compile(row["pattern"], re.IGNORECASE)
    assert row["where"] in ("LINE", "END", "TAIL")
    assert row["kind"]
    if row["where"] == "TAIL":
        assert without_furniture([f"It was wet.{row['example']}"]) == ["It was wet."]
    else:
        assert pattern.fullmatch(row["example"])
        assert without_furniture(["It was wet.", row["example"]]) == ["It was wet."]


@pytest.mark.parametrize("row", FURNITURE, ids=lambda row: row["example"][:30])
def test_no_pattern_takes_out_a_story(row: dict[str, str]) -> None:
    story = "Foreign ministers of five countries met in Vienna on Tuesday and agreed to talk again."
    assert not re.fullmatch(row["pattern"], story, re.IGNORECASE)


def test_no_row_stands_twice() -> None:
    patterns = [(row["where"], row["pattern"]) for row in FURNITURE]
    assert len(patterns) == len(set(patterns))
    assert len(WORDS) == len({(row["kind"], row["word"]) for row in WORDS})


def test_the_words_of_datelines_are_of_two_kinds() -> None:
    assert {row["kind"] for row in WORDS} == {"AGENCY", "NOT_A_PLACE"}
    assert all(row["word"] == row["word"].strip() for row in WORDS)
    assert all(row["word"].isupper() for row in WORDS if row["kind"] == "NOT_A_PLACE")
