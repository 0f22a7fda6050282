"""Text in capitals, or in small letters, is read in the case of running text; positions stay what they are."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.stages.tag.recase import forms, in_capitals, in_small_letters, recased


@settings(deadline=None)  # the first example loads the lists
@given(st.text())
@example("İSTANBUL'DA TOPLANTI YAPILDI")
@example("STRAßE GESPERRT NACH UNFALL")
@example("OﬃCE CLOSED AFTER ﬁRE ALARM")
def test_no_text_changes_its_length(text: str) -> None:
    assert len(recased(text, {})) == len(text)
    assert len(recased(text, forms([text]))) == len(text)


def test_letters_change_in_case_only() -> None:
    text = "PORT OF ODESSA REOPENS AFTER STORM"
    assert recased(text, {}).upper() == text


def test_a_headline_in_capitals_takes_the_case_of_the_body() -> None:
    written = forms(["On Monday the engineer Ylva Torvik left the Kestrel plant."])
    assert recased("TORVIK LEAVES KESTREL PLANT", written) == "Torvik leaves Kestrel plant"


def test_the_first_word_of_a_sentence_tells_no_case() -> None:
    assert "PLANT" not in forms(["Plant workers went home."])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("MINISTERS TO MEET IN GERMANY", "Ministers to meet in Germany"),
        ("AID SENT BY THE UNITED STATES", "Aid sent by the United States"),
    ],
)
def test_names_of_the_lists_keep_their_capitals(text: str, written: str) -> None:
    assert recased(text, {}) == written


def test_small_letters_get_the_names_of_the_lists() -> None:
    text = "the ministers of germany and kenya met again on monday to talk of grain"
    assert in_small_letters(text)
    assert recased(text, {}) == "The ministers of Germany and Kenya met again on monday to talk of grain"


def test_running_text_and_a_lone_acronym_are_not_in_capitals() -> None:
    assert not in_capitals("NATO")
    assert not in_capitals("Ministers of NATO met in Oslo")
    assert in_capitals("MINISTERS MEET IN OSLO")


def test_an_acronym_with_dots_keeps_its_capitals() -> None:
    assert recased("WORKERS OF THE X.Q.Z. STOP WORK", {}) == "Workers of the X.Q.Z. stop work"
