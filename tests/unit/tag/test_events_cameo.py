"""The CAMEO code of an event: by category and mode, and finer where the words say more."""

import re

import pytest
from coding import events, one

from pipeline.stages.tag.events.lexicon import rows


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("The Chilean president visited Lima on Monday.", "042"),
        ("The Chilean president held talks with the Peruvian president.", "040"),
        ("The Chilean president telephoned the Peruvian president.", "041"),
        ("The Chilean president will meet the Peruvian president on Friday.", "036"),
        ("Italy said it would send medicine to Lebanon.", "033"),
        ("Police arrested 12 students in Dhaka.", "173"),
        ("Soldiers attacked the village on Tuesday.", "190"),
        ("Miners attacked the village on Tuesday.", "180"),
        ("Israeli warplanes bombed a camp in Lebanon.", "195"),
        ("Norway praised Kenya for its efforts.", "051"),
        ("Ghana recalled its ambassador from Togo.", "161"),
        ("Ghana expelled two Togolese diplomats on Monday.", "161"),
        ("Canada froze the assets of the general.", "163"),
        ("Cuba refused to release the journalist.", "124"),
        ("Italy refused to send medicine to Lebanon.", "122"),
        ("The minister apologized to the families.", "055"),
        ("Parliament lifted sanctions on Sudan.", "085"),
        ("Greece urged Turkey to release the sailors.", "025"),
        ("Greece demanded the release of the sailors.", "105"),
    ],
)
def test_the_code_is_that_of_the_deed(sentence: str, code: str) -> None:
    assert one(sentence).cameo == code


def test_what_did_not_happen_has_no_code() -> None:
    event = one("Police did not arrest the students.")
    assert (event.type, event.cameo) == ("COERCE", None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Soldiers overthrew the president of Gabon.",
        "The generals seized power on Monday.",
        "The president sacked the minister on Monday.",
    ],
)
def test_a_coup_and_a_dismissal_have_no_code_of_their_own(sentence: str) -> None:
    assert [event.cameo for event in events(sentence)] == [None]


def test_every_category_and_mode_says_which_code_it_has() -> None:
    always = {(type_, mode) for type_, mode, when, _ in rows("cameo.tsv") if when == "-"}
    known = {(type_, mode) for type_, mode, *_ in rows("types.tsv")}
    assert always == known
    assert {(type_, mode) for type_, mode, *_ in rows("cameo.tsv")} <= known


def test_codes_are_of_cameo() -> None:
    for *line, code in rows("cameo.tsv"):
        assert code == "-" or re.fullmatch(r"(0[1-9]|1\d|20)\d{1,2}", code), line
