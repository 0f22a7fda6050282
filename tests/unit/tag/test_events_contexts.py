"""What an event is about: PLOVER's contexts and their traps."""

import re

import pytest
from coding import events, one

from pipeline.stages.tag.events.lexicon import rows

CONTEXTS = {
    "military", "intelligence", "executive", "legislative", "election", "political_institutions", "pro_democracy",
    "pro_autocracy", "economic", "legal", "reparations", "human_rights", "rights_freedoms", "repression",
    "human_security", "gender", "lgbt", "religion_ethnicity", "inequality", "diplomatic", "territory",
    "peacekeeping", "health", "asylum", "migration", "disasters", "natural_resource", "environment", "technology",
    "terrorism", "cbrn", "cyber", "misinformation", "crime", "corruption", "illegal_drugs", "trafficking",
}  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "contexts"),
    [
        ("The army shelled rebel positions near Aleppo on Monday.", {"military"}),
        ("Police arrested 12 men for armed robbery.", {"crime"}),
        ("Russia accused Ukraine of spreading disinformation about the attack.", {"diplomatic", "misinformation"}),
        ("Soldiers overthrew the president in a coup.", {"executive", "military", "pro_autocracy"}),
        ("The French foreign minister met the Iranian foreign minister to discuss uranium enrichment.",
         {"diplomatic", "cbrn"}),
        ("Hundreds of women marched in Warsaw against a ban on same-sex marriage.", {"lgbt"}),
        ("Police arrested the governor over bribes that he took from a builder.", {"corruption"}),
        ("Hackers attacked the network of the Estonian parliament on Monday.", {"cyber", "legislative"}),
        ("Thousands of people marched in Madrid for women’s rights.", {"gender"}),
        ("Germany granted asylum to 12 Turkish teachers on Monday.", {"asylum"}),
        ("Kenya deported 30 migrants on Monday.", {"migration"}),
        ("Nigeria sent doctors to Ghana to fight a cholera epidemic.", {"health"}),
    ],
)  # fmt: skip
def test_the_words_of_the_sentence_tell_the_context(sentence: str, contexts: set[str]) -> None:
    assert set(one(sentence).contexts) == contexts


@pytest.mark.parametrize(
    ("sentence", "trap"),
    [
        ("Rebel troops attacked the village on Monday.", "military"),
        ("The Arakan Army attacked a police post on Monday.", "military"),
        ("Zenith Corp sued Acme Corp over its profit on Monday.", "economic"),
        ("Police arrested 12 men for smuggling cocaine.", "crime"),
        ("Police arrested 12 men for human trafficking and other crimes.", "crime"),
        ("Police arrested the mayor for fraud and corruption.", "crime"),
        ("Jordan deported 500 refugees on Monday.", "asylum"),
        ("Police arrested the driver after a crash, and 12 people were taken to hospital.", "health"),
        ("According to officials, gunmen attacked the town.", "diplomatic"),
        ("The general accused Mali of flouting the military's rules.", "pro_autocracy"),
        ("The government waged war on the rebels.", "economic"),
        ("Villagers hacked a policeman to death on Monday.", "cyber"),
        ("Gunmen attacked the town on Monday, the army said.", "military"),
        ("Gunmen attacked the town on Monday, according to the military.", "military"),
        ("Police arrested David Miner on Monday.", "natural_resource"),
        ("Police arrested 12 men in Summit, New Jersey.", "diplomatic"),
    ],
)
def test_a_word_alone_may_deceive(sentence: str, trap: str) -> None:
    found = events(sentence)
    assert found
    assert all(trap not in event.contexts for event in found)


def test_cyber_and_crime_go_together() -> None:
    event = one("Police arrested four hackers over a bank robbery on Monday.")
    assert set(event.contexts) == {"cyber", "crime"}


@pytest.mark.parametrize(
    ("rest", "contexts"),
    [
        ("The election is on Sunday. Voters fear that ballots of an early election may vanish.", ("election",)),
        ("The election is on Sunday. It is an early election.", ()),
    ],
)
def test_the_paragraph_counts_where_it_says_it_thrice(rest: str, contexts: tuple[str, ...]) -> None:
    [event] = events(f"Police arrested 12 students in Dhaka on Monday. {rest}")
    assert event.contexts == contexts


def test_another_paragraph_does_not_count() -> None:
    [event] = events(
        "Police arrested 12 students in Dhaka on Monday.\nThe election is on Sunday. It is an early election."
    )
    assert event.contexts == ()


def test_there_are_at_most_four() -> None:
    event = one(
        "Police arrested a judge, a priest and an ambassador over an election, a coup, an earthquake and a vaccine."
    )
    assert len(event.contexts) == 4


def test_all_contexts_of_plover_and_no_others_have_words() -> None:
    assert {context for context, _ in rows("contexts.tsv")} == CONTEXTS | {"-"}


def test_phrases_are_written_as_they_are_looked_up() -> None:
    modes = {f"@{type_}/{mode}" for type_, mode, *_ in rows("types.tsv")}
    for _, phrase in rows("contexts.tsv"):
        key = phrase in modes or re.fullmatch(r"@[A-Z]{3}", phrase)
        assert key or re.fullmatch(r"[a-z0-9+]+( ('s|[a-z0-9+]+))*", phrase), phrase
