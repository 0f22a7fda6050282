"""Who did it and to whom: full noun phrases, wherever the sentence puts them."""

import pytest
from coding import events, one, told
from tagging import an_article, tagged


@pytest.mark.parametrize(
    ("sentence", "actors", "recipients"),
    [
        # active and passive
        ("Israeli soldiers shot a Palestinian farmer.", ["Israeli soldiers"], ["a Palestinian farmer"]),
        ("A Palestinian farmer was shot by Israeli soldiers.", ["Israeli soldiers"], ["A Palestinian farmer"]),
        ("Two reporters were arrested in Minsk.", [], ["Two reporters"]),
        # lists
        ("France and Germany condemned the raid.", ["France", "Germany"], ["the raid"]),
        ("Police arrested a teacher and two nurses.", ["Police"], ["a teacher", "two nurses"]),
        # relative clauses and participles
        ("The rebels who kidnapped the engineer fled.", ["The rebels"], ["the engineer"]),
        ("The judge knew the engineer whom rebels kidnapped.", ["rebels"], ["the engineer"]),
        ("The men arrested by Spanish police were sailors.", ["Spanish police"], ["The men"]),
        # control and raising
        ("Armenia began to withdraw its forces from the valley.", ["Armenia"], ["the valley"]),
        ("The premier asked the general to punish the looters.", ["The premier"], ["the general"]),
        # indirect objects
        ("Canada gave Haiti 20 million dollars.", ["Canada"], ["Haiti"]),
        ("Haiti received aid from Canada.", ["Canada"], ["Haiti"]),
        # prepositions under verb or object
        ("Washington imposed sanctions on two Syrian banks.", ["Washington"], ["two Syrian banks"]),
        ("Activists filed a lawsuit against the ministry.", ["Activists"], ["the ministry"]),
        # documents act for their authors
        ("The senator wrote a letter accusing the army of torturing prisoners.", ["The senator"], ["the army"]),
    ],
)
def test_participants_are_found(sentence: str, actors: list[str], recipients: list[str]) -> None:
    _, found_actors, found_recipients = told(one(sentence))
    assert (found_actors, found_recipients) == (actors, recipients)


@pytest.mark.parametrize(
    ("sentence", "parties"),
    [
        ("Vietnam held talks with Laos.", {"Vietnam", "Laos"}),
        ("Vietnam and Laos held talks.", {"Vietnam", "Laos"}),
        ("The Finnish president met Estonian lawmakers.", {"The Finnish president", "Estonian lawmakers"}),
        ("Angola signed an agreement with Zambia.", {"Angola", "Zambia"}),
        ("Diplomats spoke of a Friday meeting between Angola and Zambia.", {"Angola", "Zambia"}),
        ("Troops clashed with rebels near Goma.", {"Troops", "rebels"}),
    ],
)
def test_in_a_reciprocal_event_all_parties_are_actors(sentence: str, parties: set[str]) -> None:
    found = [event for event in events(sentence) if {p.text for p in event.actors} == parties]
    assert len(found) == 1
    assert found[0].recipients == ()


def test_in_a_visit_the_host_is_the_recipient() -> None:
    assert told(one("The Polish foreign minister travelled to Lithuania.")) == (
        "CONSULT/visit",
        ["The Polish foreign minister"],
        ["Lithuania"],
    )


def test_a_journey_of_somebody_who_holds_no_office_is_no_visit() -> None:
    assert events("The tourist travelled to Lithuania.") == ()


def test_who_is_asked_may_be_the_subject_of_what_is_asked() -> None:
    assert told(one("Amnesty demanded that Burma free the monks."))[1:] == (["Amnesty"], ["Burma"])


def test_a_noun_phrase_is_whole_and_stops_before_its_clauses() -> None:
    event = one(
        "Former Italian prime minister Mario Rossi, who lives in Turin, criticized the head of the central bank."
    )
    assert told(event)[1:] == (
        ["Former Italian prime minister Mario Rossi"],
        ["the head of the central bank"],
    )


def test_a_pronoun_stands_where_it_stands_and_has_the_entity_of_its_noun() -> None:
    text = "Angela Merkel spoke in Berlin. She condemned the attack."
    [event] = [e for e in events(text) if e.type == "ACCUSE"]
    assert event.actors[0].text == "She"
    assert event.actors[0].name == "Angela Merkel"


def test_country_and_sector_come_from_the_noun_phrase() -> None:
    event = one("Kenyan police arrested an Ethiopian smuggler.")
    assert (event.actors[0].country, event.actors[0].sector) == ("KEN", "COP")
    assert event.recipients[0].country == "ETH"


@pytest.mark.parametrize(
    ("text", "recipients"),
    [
        ("Germany welcomed France's proposals on Monday.", ["France"]),
        ("Germany condemned the raid by Russia.", ["Russia"]),
        ("Kenya rejected an offer from Uganda.", ["Uganda"]),
        ("Kenya condemned the verdict.", ["the verdict"]),
        ("The opposition demanded lower prices.", []),
    ],
)
def test_what_is_said_of_a_thing_is_said_to_its_side(text: str, recipients: list[str]) -> None:
    assert [p.text for p in one(text).recipients] == recipients


def test_a_text_may_end_with_a_preposition() -> None:
    assert tagged(an_article("It depends on")).problems == ()
