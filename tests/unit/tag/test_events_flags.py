"""Negated, to come, only possible: what the flags say, and what category that leaves."""

import pytest
from coding import events, kinds, one


@pytest.mark.parametrize(
    "sentence",
    [
        "Police did not arrest the students.",
        "The rebels never attacked the convoy.",
        "The army failed to capture the town.",
        "Soldiers denied killing the villagers.",
    ],
)
def test_a_negated_event_is_flagged(sentence: str) -> None:
    found = events(sentence)
    assert found
    assert all(event.negated for event in found)


def test_negation_does_not_hide_the_event() -> None:
    assert one("Police did not arrest the students.").type == "COERCE"


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("France will not sign the treaty.", "REJECT"),
        ("The king did not support the plan.", "REJECT"),
        ("Cuba refused to release the journalist.", "REJECT/yield"),
        ("Qatar will not withdraw its troops from the island.", "REJECT"),
        ("Russia is unwilling to meet the rebels.", "REJECT/meet"),
    ],
)
def test_refusing_is_an_event_of_its_own(sentence: str, kind: str) -> None:
    event = one(sentence)
    assert (kinds(sentence), event.negated) == ([kind], False)


@pytest.mark.parametrize(
    ("sentence", "category"),
    [
        ("The German chancellor will meet the Turkish president on Friday.", "AGREE"),
        ("The German chancellor meets the Turkish president next week.", "AGREE"),
        ("The German chancellor visits Ankara in October.", "AGREE"),
        ("Italy said it would send medicine to Lebanon.", "AGREE"),
        ("Finland plans to send medicine to Estonia.", "AGREE"),
        ("Ethiopia will withdraw its troops from Somalia.", "CONCEDE"),
        ("The rebels said they would release the hostages.", "CONCEDE"),
        ("The junta will impose sanctions on foreign banks.", "THREATEN"),
        ("The miners will go on strike in June.", "THREATEN"),
    ],
)
def test_what_is_to_come_is_a_promise_or_a_threat(sentence: str, category: str) -> None:
    event = one(sentence)
    assert (event.type, event.future) == (category, True)


@pytest.mark.parametrize(
    "sentence",
    [
        "The rebels could attack the capital.",
        "The general wants to meet the envoy.",
        "If France attacks, Spain may retaliate.",
        "The possibility of attacking the island was discussed in the newspaper.",
        "The minister hopes to visit Japan.",
    ],
)
def test_what_is_only_possible_is_not_told_as_an_event(sentence: str) -> None:
    assert [e for e in events(sentence) if e.type in ("ASSAULT", "CONSULT")] == []


def test_a_promise_of_violence_is_a_threat() -> None:
    assert kinds("The militia vowed to attack the embassy.") == ["THREATEN/violence"]


def test_ending_a_conflict_is_a_concession_and_ending_help_a_sanction() -> None:
    assert kinds("The government eased the blockade of the port.") == ["CONCEDE"]
    assert kinds("Britain halted aid to Zimbabwe.") == ["SANCTION/discontinue"]


def test_what_was_long_ago_is_historical() -> None:
    assert one("In 1998 India tested a missile near Pakistan.").historical
    assert not one("India tested a missile near Pakistan on Monday.").historical


def test_troops_that_keep_the_peace_are_aid_and_joint_exercises_cooperation() -> None:
    assert kinds("Ghana sent troops to the peacekeeping mission in Mali.") == ["AID"]
    assert kinds("India and Nepal conducted military exercises.") == ["COOPERATE"]


def test_a_possible_attack_is_a_doubtful_threat_and_a_supposed_one_stays_an_attack() -> None:
    possible, supposed = (
        one("The rebels could attack Malian troops."),
        one("The rebels may have attacked Malian troops."),
    )
    assert (possible.type, possible.hypothetical) == ("THREATEN", True)
    assert (supposed.type, supposed.hypothetical) == ("ASSAULT", True)
    assert max(possible.confidence, supposed.confidence) < one("The rebels attacked Malian troops.").confidence


def test_neither_nor_negates() -> None:
    found = events("Sudan neither attacked Chad nor threatened Kenya.")
    assert [event.negated for event in found] == [True] * len(found)
    assert found


def test_a_question_tells_nothing() -> None:
    assert events("Did rebels attack the convoy?") == ()
