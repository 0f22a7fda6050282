"""Who speaks, beside a verb of saying; and what is no telephone call, exam or photograph."""

from __future__ import annotations

import pytest
from coding import events, kinds, one, told


@pytest.mark.parametrize(
    ("body", "actors"),
    [
        ("The minister said the vote was stolen and accused the commission of fraud.", ["The minister"]),
        ("The minister said the court rejected the plan and accused the commission of fraud.", ["the court"]),
        ("The minister said that Kenya would leave and that Uganda accused the commission of fraud.", ["Uganda"]),
    ],
)
def test_what_is_joined_to_a_statement_is_said_by_the_speaker(body: str, actors: list[str]) -> None:
    accused = [event for event in events(body) if event.type == "ACCUSE"]
    assert [[p.text for p in event.actors] for event in accused] == [actors]


def test_who_opens_a_statement_by_attacking_somebody_accuses() -> None:
    event = one("Attacking the opposition, the minister said its plan was weak.")
    assert told(event) == ("ACCUSE/disapprove", ["the minister"], ["the opposition"])


@pytest.mark.parametrize(
    "body",
    [
        "Had the court ordered the release of the rebels, the war would have ended.",
        "The prisoners have to be released by the army.",
        "The bridge allows soldiers to cross the river.",
        "The minister briefed reporters in Nairobi.",
        "The police trained cameras on the crowd.",
        "Voters must demonstrate long-term residence.",
        "Kamara defended his title in Freetown.",
        "Peru welcomed a million tourists.",
        "The minister said the guards must have fled.",
        "The town was a hub for trade between China and Korea.",
        "Calling Ireland a partner, the minister said growth was strong.",
        '"Let us join hands," the minister said.',
        '"Free the prisoners and attack the rebels!" the minister said.',
        "Egypt is ready for the congress, to be held in Cairo.",
    ],
)
def test_it_tells_of_nothing(body: str) -> None:
    assert kinds(body) == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("The prisoners had to be released by the army.", "RETREAT/release"),
        ("The government allows soldiers to cross the river.", "CONCEDE"),
        ("The minister briefed lawmakers in Nairobi.", "CONSULT"),
        ("The police trained soldiers in Mali.", "AID"),
        ("Voters demonstrated against the president.", "PROTEST/demo"),
        ("Kamara defended his policy in Freetown.", "SUPPORT"),
        ("The senator took to Twitter to denounce the party.", "ACCUSE/disapprove"),
        ("Peru welcomed the French minister.", "CONSULT"),
        ("The minister said the guards must leave.", "REQUEST/change"),
        ("Trade between China and Korea took place in May.", "COOPERATE"),
        ("The results were called into question by Kenya.", "ACCUSE/disapprove"),
        ("The consul was being held hostage at a house in Lagos.", "ASSAULT/abduct"),
    ],
)
def test_its_likes_tell_of_an_event(body: str, kind: str) -> None:
    assert kinds(body) == [kind]


def test_a_verb_governs_nothing_that_is_joined_to_it() -> None:
    event = one("The minister denied the charges and accused the opposition of lying.")
    assert (told(event)[0], event.negated, event.future) == ("ACCUSE/allege", False, False)
