"""Each of the sixteen categories is recognised, in the forms in which news tells it, and told once."""

import pytest
from coding import events, kinds, one, told


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Norway agreed to host the negotiations.", "AGREE"),
        ("Peru pledged to send doctors to Ecuador.", "AGREE"),
        ("Kenya is willing to open its archives to Britain.", "AGREE"),
        ("Portugal's president met the Greek prime minister in Athens.", "CONSULT"),
        ("The Chilean foreign minister held talks with Bolivian officials.", "CONSULT"),
        ("Ministers from Ghana and Togo discussed the border with French diplomats.", "CONSULT"),
        ("The Indian prime minister visited Japan.", "CONSULT/visit"),
        ("Canada praised Iceland for its rescue work.", "SUPPORT"),
        ("Brazil and Paraguay signed a treaty in Brasilia.", "SUPPORT"),
        ("The ambassador expressed support for the reforms.", "SUPPORT"),
        ("Japan apologized to Korea for the incident.", "CONCEDE"),
        ("The government lifted the curfew in Colombo.", "CONCEDE"),
        ("The rebels declared a ceasefire.", "CONCEDE"),
        ("Oman and Kuwait held joint military exercises.", "COOPERATE"),
        ("Spain extradited a banker to Argentina.", "COOPERATE"),
        ("Denmark gave $5 million in aid to Nepal.", "AID"),
        ("Sweden granted asylum to a Turkish journalist.", "AID"),
        ("Ethiopia withdrew its troops from Somalia.", "RETREAT/withdraw"),
        ("The rebels released three hostages.", "RETREAT/release"),
        ("The guerrillas laid down their weapons.", "RETREAT/disarm"),
        ("The defence minister resigned on Monday.", "RETREAT/resign"),
        ("Mexico urged Cuba to free the editors.", "REQUEST/yield"),
        ("The opposition called for a referendum.", "REQUEST"),
        ("The union demanded higher pay from the ministry.", "REQUEST/change"),
        ("Poland condemned the decision of the court.", "ACCUSE/disapprove"),
        ("Uganda accused Rwanda of spying.", "ACCUSE/allege"),
        ("Prosecutors launched an investigation into the bank.", "ACCUSE/investigate"),
        ("Venezuela rejected the proposal.", "REJECT"),
        ("The general refused to meet the envoy.", "REJECT/meet"),
        ("The premier cancelled a meeting with union leaders.", "REJECT/meet"),
        ("Eritrea threatened to attack Djibouti.", "THREATEN/violence"),
        ("The militia threatened the mayor.", "THREATEN"),
        ("Students protested against the new law.", "PROTEST/demo"),
        ("Railway workers went on strike over pay.", "PROTEST/strike"),
        ("Thousands of farmers blocked a highway near Lyon.", "PROTEST/obstruct"),
        ("Australia imposed sanctions on Fiji.", "SANCTION/discontinue"),
        ("Chad expelled two French diplomats.", "SANCTION/expel"),
        ("A court sentenced the smuggler to ten years in prison.", "SANCTION/convict"),
        ("Turkey deployed troops along the Syrian border.", "MOBILIZE/troops"),
        ("Soldiers were placed on alert in Bangkok.", "MOBILIZE/troops"),
        ("Police arrested four students in Cairo.", "COERCE/arrest"),
        ("The junta imposed a curfew in the capital.", "COERCE/curfew"),
        ("Customs officers confiscated the cargo.", "COERCE/seize"),
        ("Malaysia deported 40 migrants.", "COERCE/deport"),
        ("Gunmen killed two policemen in Karachi.", "ASSAULT"),
        ("Rebels kidnapped a priest.", "ASSAULT/abduct"),
        ("Police opened fire on the crowd.", "ASSAULT/firearms"),
        ("Guerrillas bombed the airport.", "ASSAULT/explosives"),
        ("The army shelled the town.", "ASSAULT/heavy-weapons"),
        ("Officers beat a prisoner with sticks.", "ASSAULT/beat"),
    ],
)
def test_a_plain_sentence_tells_its_event(sentence: str, kind: str) -> None:
    assert kinds(sentence) == [kind]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The ministers held talks in Oslo.", "CONSULT"),
        ("Libya launched an attack on Chadian forces.", "ASSAULT"),
        ("Hungary announced a ban on exports.", "COERCE/restrict"),
        ("Tunisia suspended aid to the region.", "SANCTION/discontinue"),
    ],
)
def test_a_noun_carried_by_a_verb_is_one_event(sentence: str, expected: str) -> None:
    assert kinds(sentence) == [expected]


def test_a_noun_that_names_who_did_what_to_whom_is_an_event() -> None:
    assert told(one("Officials spoke of Serbia's attack on Croatian villages.")) == (
        "ASSAULT",
        ["Serbia"],
        ["Croatian villages"],
    )


def test_a_noun_without_an_agent_counts_where_it_has_a_place_and_a_date() -> None:
    assert told(one("The report deals with last month's bombings in Lahore.")) == ("ASSAULT/explosives", [], ["Lahore"])


def test_a_bare_noun_is_no_event() -> None:
    assert kinds("The book deals with the attack and the protests.") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister expressed concern about the elections.",
        "The company declined to comment on the merger.",
        "The group claimed responsibility for the attack in Quetta.",
        "The governor denied charges that he took money.",
        "The party held a press conference on Friday.",
        "The new rules take effect in May.",
        "Climate change threatens the harvest.",
        "We must work harder, she said.",
        "The drug is released slowly into the blood.",
        "The lawyer said the committee met the deadline.",
    ],
)
def test_what_is_no_event_is_not_coded(sentence: str) -> None:
    assert kinds(sentence) == []


def test_a_particle_makes_another_verb() -> None:
    assert kinds("The prime minister backed down.") == ["CONCEDE"]
    assert kinds("The prime minister backed the plan.") == ["SUPPORT"]


def test_the_charge_behind_an_arrest_is_not_coded_again() -> None:
    assert kinds("Police arrested a man for attacking a judge.") == ["COERCE/arrest"]


def test_the_demand_of_a_protest_is_not_coded_again() -> None:
    assert kinds("Thousands rallied against the mayor, demanding his resignation.") == ["PROTEST/demo"]


def test_at_most_four_events_come_from_one_sentence() -> None:
    sentence = (
        "Iran condemned Israel, Egypt praised Jordan, Qatar criticized Yemen, Sudan accused Chad, "
        "Kenya thanked Malawi and Ghana blamed Togo."
    )
    assert 1 <= len(events(sentence)) <= 4


def test_a_sport_story_tells_of_arrests_and_deaths_only() -> None:
    story = (
        "The striker scored a late goal as his team won the match and moved up the league.\n"
        "The coach praised the goalkeeper after the game, the fifth win of the season.\n"
        "The midfielder rejected an offer from a rival league before the season.\n"
    )
    assert kinds(story) == []
    assert kinds(story + "Police arrested six supporters at the stadium.") == ["COERCE/arrest"]


@pytest.mark.parametrize(
    ("headline", "kind"),
    [
        ("Two journalists detained in Istanbul", "COERCE/arrest"),
        ("15 killed in bus attack in Egypt", "ASSAULT"),
        ("Russia vetoes UN resolution on Syria", "REJECT"),
    ],
)
def test_headlines_leave_out_words(headline: str, kind: str) -> None:
    assert [told(event)[0] for event in events("It rained.", headline)] == [kind]


@pytest.mark.parametrize(
    "sentence",
    [
        "Two people were injured when a bus overturned.",
        "A strong earthquake hit the coast of Chile.",
        "Inflation hits many countries.",
        "A dog attacked a boy in the park.",
    ],
)
def test_accidents_and_nature_are_no_assaults(sentence: str) -> None:
    assert kinds(sentence) == []


def test_a_denial_is_no_rejection() -> None:
    assert kinds("The ministry rejected allegations of fraud.") == []
    assert kinds("The ministry rejected the offer.") == ["REJECT"]


def test_the_doer_of_a_deed_is_its_actor() -> None:
    assert told(one("A Taliban attack on a convoy killed six soldiers."))[1:] == (["Taliban"], ["six soldiers"])


def test_a_plain_verb_may_have_an_object_that_no_list_has() -> None:
    assert kinds("Rebels besieged the archives of the Uganda Law Society.") == ["ASSAULT"]
    assert kinds("The storm besieged the archives of the Uganda Law Society.") == []
    assert kinds("Rebels besieged old archives.") == []


@pytest.mark.parametrize(
    "text",
    ["The president described Angela Merkel as a friend.", "The king appointed Prince Faisal governor on Monday."],
)
def test_an_object_on_no_list_is_not_enough_where_the_verb_is_used_otherwise(text: str) -> None:
    assert kinds(text) == []


def test_other_verbs_need_an_object_on_their_lists() -> None:
    assert kinds("The minister fed the goats of President Kagame.") == []


def test_riots_that_something_sparked_are_told() -> None:
    assert kinds("The verdict sparked riots in three cities.") == ["PROTEST/riot"]
    assert kinds("The verdict sparked fears of riots.") == []
