"""The body of the record: paragraphs, one a line, without what is not the story and otherwise unchanged."""

from __future__ import annotations

import pytest
from cleaning import attempt, cleaned

from pipeline.model import Failure

STORY = "Rain fell on the city on Monday."


def test_paragraphs_stay_one_a_line_and_blank_lines_go() -> None:
    assert cleaned("One.\n\n  \nTwo.\r\nThree.\u2029Four.").body == "One.\nTwo.\nThree.\nFour."


def test_inside_a_kept_line_no_character_changes() -> None:
    line = "He  said: “it’s  5\u00a0km” -- `quoted' – and\tleft…  ﬁn e\u0301"
    assert cleaned(f"  {line} \n").body == line


def test_control_characters_go_and_are_noted_once() -> None:
    found = cleaned("Ra\x07in\x9f fell.", headline="He\x00ad")
    assert (found.body, found.headline) == ("Rain fell.", "Head")
    assert found.problems == ("CONTROL_CHARACTERS",)


@pytest.mark.parametrize("mark", ["•", "-", "*", "–", "—", "--", "▪", "·"])
def test_the_mark_of_a_bullet_goes_and_its_line_stays(mark: str) -> None:
    assert cleaned(f"Summary:\n {mark} first point\n{mark}\tsecond point").body == "Summary:\nfirst point\nsecond point"


@pytest.mark.parametrize("line", ["-5 degrees were measured", "*starred", "–", "1. First", "-- "])
def test_what_is_no_bullet_stays(line: str) -> None:
    kept = line if any(letter.isalnum() for letter in line) else ""
    assert cleaned(f"Text.\n{line}").body == f"Text.\n{kept}".rstrip("\n")


@pytest.mark.parametrize(
    "closing",
    [
        "Before it's here, it's on the Bloomberg Terminal.",
        "(Reporting by Jane Roe in Oslo; Editing by John Doe)",
        "(Reporting by Jane Roe;\nwriting by Max Doe;\nediting by John Doe)",
        "(Additional reporting by Jane Roe (Oslo) and John Doe)",
        "Reporting by Jane Roe; Editing by John Doe",
        "REUTER\x03",
        "ENDS",
        "-30-",
        "###",
        "XX-YY-04-05-16 0337GMT",
        "___\n\nExample Press writer Jane Roe contributed to this report.",
        "This article was provided by Example Wire.",
        "Sign up for our daily newsletter\nSubscribe to our updates here",
        "((jane.roe@example.com; +47 000 000; Messaging: jane.roe@example.net))",
        "Copyright 2016 Example Press. All rights reserved.",
        "To contact the reporter on this story: Jane Roe in Oslo at jroe@example.com",
        "Our Standards: The Example Principles.\n(Reporting by Jane Roe)\nENDS",
    ],
)
def test_closing_lines_go(closing: str) -> None:
    assert cleaned(f"{STORY}\nIt was wet.\n\n{closing}\n").body == f"{STORY}\nIt was wet."


@pytest.mark.parametrize(
    "ending",
    [
        " (Reporting by Jane Roe; Editing by John Doe)",
        "  Reuter \x03",
        " REUTER",
        " ((jane@example.com))",
        " XX-YY-04-05-16 0337GMT",
    ],
)
def test_a_sign_off_at_the_end_of_the_last_paragraph_goes(ending: str) -> None:
    assert cleaned(f"{STORY}\nIt was wet.{ending}").body == f"{STORY}\nIt was wet."


@pytest.mark.parametrize(
    "line",
    [
        "Copyright law was changed in 2016.",
        "Research by Oxford scientists shows that rain is wet.",
        "The shares were bought by Reuters",
        "Reporting by the agency showed that it rained. Nobody denied it.",
        "He told the editor: (this is off the record)",
        "Ends must meet, she said.",
        "Follow the money, they said.",
    ],
)
def test_a_last_paragraph_that_only_resembles_furniture_stays(line: str) -> None:
    assert cleaned(f"{STORY}\n{line}").body == f"{STORY}\n{line}"


def test_promotion_in_the_middle_goes() -> None:
    assert cleaned(f"{STORY}\nRead more: Why it rains\nAdvertisement\nIt was wet.").body == f"{STORY}\nIt was wet."


def test_lines_for_editors_go() -> None:
    assert cleaned(f"(Adds quote, background)\nEds: Updates throughout.\n{STORY}").body == STORY


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        ("By Jane Roe\n", "Jane Roe"),
        ("BY JANE ROE AND JOHN DOE\n", "JANE ROE AND JOHN DOE"),
        ("By JANE ROE=\nExample Press Sports Writer=\n", "JANE ROE"),
        ("By Jane van der Roe, Max O’Doe and Émile Zöe\n", "Jane van der Roe, Max O’Doe and Émile Zöe"),
    ],
)
def test_a_byline_moves_to_its_field(head: str, byline: str) -> None:
    found = cleaned(f"{head}MOSCOW, April 5 (Reuters) - {STORY}")
    assert (found.byline, found.body) == (byline, STORY)
    assert found.dateline is not None


def test_the_byline_of_the_sender_comes_first_without_its_by() -> None:
    assert cleaned(f"By Jane Roe\n{STORY}", byline="By John Doe").byline == "John Doe"


@pytest.mark.parametrize("line", ["By Tuesday evening", "By then it was over.", "By the river", "By noon 5 had died"])
def test_a_sentence_with_by_is_no_byline(line: str) -> None:
    found = cleaned(f"{line}\n{STORY}")
    assert (found.byline, found.body) == (None, f"{line}\n{STORY}")


@pytest.mark.parametrize("body", ["", "\n \n", "ENDS", "Advertisement\n###", "\x00\x07"])
def test_where_nothing_is_left_the_article_fails(body: str) -> None:
    failure = attempt(body)
    assert isinstance(failure, Failure)
    assert [problem.reason for problem in failure.problems] == ["NO_TEXT"]
    assert failure.stage == "clean"


def test_a_headline_alone_is_enough_and_a_blank_one_is_none() -> None:
    assert cleaned("", headline=" RAIN\nFALLS ").headline == "RAIN FALLS"
    assert cleaned(STORY, headline=" \n").headline is None


def test_a_long_text_without_a_space_is_kept() -> None:
    assert len(cleaned("a" * 1_000_000).body) == 1_000_000
