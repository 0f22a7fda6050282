"""The headline of a plain text is its first line, where that looks like one."""

from __future__ import annotations

import pytest
from cleaning import cleaned

STORY = "Rain fell on the city on Monday, and on the next day the river rose by a metre."


@pytest.mark.parametrize(
    "headline",
    ["Rain falls", "Rain falls – again", "Will it rain?", "Rain in the U.S.", "“Rain” falls, says X", "RAIN FALLS 5%"],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n \r\n"])
def test_a_short_first_line_is_the_headline(headline: str, gap: str) -> None:
    found = cleaned(f"\n{headline}{gap}{STORY}", find_headline=True)
    assert (found.headline, found.body) == (headline, STORY)


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        f"Rain fell.\n\n{STORY}",
        f"{STORY} {STORY} {STORY}\n\n{STORY}",
        "A line as long as the next\nis what verse looks like",
        "• a bullet\n\nand more of it",
        "• a bullet\n- and more",
        "12345\n\nNumbers",
    ],
)
def test_what_does_not_look_like_a_headline_stays_in_the_body(text: str) -> None:
    found = cleaned(text, find_headline=True)
    assert found.headline is None
    assert found.body.split()[0] in text.split()[:2]


def test_a_byline_or_a_dateline_is_no_headline() -> None:
    assert cleaned(f"By Jane Roe\n\n{STORY}", find_headline=True).headline is None
    assert cleaned(f"OSLO (AP) —\n\n{STORY}", find_headline=True).headline is None


def test_the_headline_is_looked_for_only_where_asked() -> None:
    assert cleaned(f"Rain falls\n\n{STORY}").headline is None
    assert cleaned(f"Rain falls\n\n{STORY}", headline="Given", find_headline=True).headline == "Given"
