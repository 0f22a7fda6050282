"""Casualties, who says so, and the identity of an event."""

import pytest
from coding import events, one

from pipeline.model import Count
from pipeline.stages.tag.events import casualties
from pipeline.stages.tag.events.identity import event_id, normalised


def test_the_dead_and_injured_are_counted() -> None:
    event = one("A suicide bomber killed at least 26 people and wounded 40 in Kabul.")
    assert event.dead is not None
    assert (event.dead.min, event.dead.max) == (26, None)


def test_the_arrested_are_counted() -> None:
    event = one("Police arrested 17 demonstrators in Warsaw.")
    assert event.arrested == Count(17, 17, "17")


def test_one_victim_is_one() -> None:
    assert one("Gunmen killed a policeman.").dead == Count(1, 1, "a policeman")


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen on motorcycles gunned down the mayor.",
        "Rebels killed Peter Okello in Gulu.",
        "Two men hacked Peter Okello to death in Gulu.",
        "Soldiers dragged a baker from his car and killed him.",
    ],
)
def test_a_victim_who_is_known_is_one(text: str) -> None:
    killed = [event.dead for event in events(text) if event.dead]
    assert [(count.min, count.max) for count in killed] == [(1, 1)]


@pytest.mark.parametrize(
    ("text", "count"),
    [("Police picked up four men in Lyon.", 4), ("Officers took nine into custody.", 9), ("Police nabbed a clerk.", 1)],
)
def test_whoever_an_arrest_is_told_of_is_counted(text: str, count: int) -> None:
    arrested = one(text).arrested
    assert arrested is not None
    assert arrested.min == count


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("26", 26),
        ("1,200", 1200),
        ("twenty-two", 22),
        ("two hundred", 200),
        ("three thousand", 3000),
        ("a dozen", 12),
        ("two dozen", 24),
        ("1.5 million", 1_500_000),
        ("people", None),
    ],
)
def test_numbers_are_read(text: str, value: int | None) -> None:
    assert casualties.parse_number(text) == value


def test_who_says_so_is_named_and_saying_is_no_event() -> None:
    event = one("The governor said gunmen killed two drivers.")
    assert event.attributed_to is not None
    assert event.attributed_to.text == "The governor"


def test_according_to_names_who_says_so() -> None:
    event = one("According to the governor, gunmen killed two drivers.")
    assert event.attributed_to is not None
    assert event.attributed_to.text == "the governor"


def test_an_id_survives_a_change_elsewhere_in_the_article() -> None:
    [first] = events("Gunmen killed two drivers.")
    last = [e for e in events("It rained all day.\nGunmen killed two drivers.") if e.type == "ASSAULT"]
    assert [e.event_id for e in last] == [first.event_id]


def test_an_id_depends_on_all_that_makes_the_event() -> None:
    base = ("a1", "ASSAULT", "kill", "Gunmen killed two drivers.", 0)
    others = [
        ("a2", *base[1:]),
        ("a1", "COERCE", *base[2:]),
        ("a1", "ASSAULT", "shoot", *base[3:]),
        ("a1", "ASSAULT", "kill", "Gunmen killed six drivers.", 0),
        (*base[:4], 1),
    ]
    assert len({event_id(*parts) for parts in [base, *others]}) == 6


def test_typography_does_not_change_an_id() -> None:
    assert normalised("“Gunmen”  killed\ntwo.") == normalised('"Gunmen" killed two')


def test_ids_are_unique_within_an_article() -> None:
    found = events("Gunmen killed two drivers.\nGunmen killed two drivers.\nPolice arrested a man and jailed a woman.")
    assert len({e.event_id for e in found}) == len(found)


def test_coding_is_deterministic() -> None:
    text = "Iran and Iraq signed an accord in Basra. Police arrested ten men. Troops clashed with rebels."
    assert events(text) == events(text)


def test_each_event_of_a_sentence_has_its_own_dead() -> None:
    found = events("Gunmen killed a soldier in Nablus, and the army shot dead four villagers in Jenin.")
    assert sorted(e.dead.min for e in found if e.dead) == [1, 4]
