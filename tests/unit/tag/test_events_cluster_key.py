"""The key under which reports of one event can be counted once."""

from datetime import date

import pytest
from coding import events, one


def test_it_reads_as_who_did_what_to_whom_where_and_when() -> None:
    event = one("Israeli warplanes bombed a Lebanese village near Tyre on Monday.", published=date(2024, 3, 5))
    assert event.cluster_key == "ASSAULT|ISR|LBN|LBN|2024-03-04"


def test_two_articles_that_name_the_parties_in_another_order_have_one_key() -> None:
    [first] = events("Chile's president met Peru's president in Lima on Monday.", published=date(2024, 3, 5))
    [other] = events(
        "Peru's president held talks with Chile's president in Lima on Sunday.", published=date(2024, 3, 5)
    )
    [again] = events(
        "Peru's president held talks with Chile's president in Lima on Monday.", published=date(2024, 3, 6)
    )
    assert first.cluster_key == again.cluster_key == "CONSULT|CHL+PER|?|PER|2024-03-04"
    assert other.cluster_key == "CONSULT|CHL+PER|?|PER|2024-03-03"


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("France arrested 12 fishermen last month.", "2024-02"),
        ("France arrested 12 fishermen in 2021.", "2021"),
        ("France arrested 12 fishermen last week.", "2024-W09"),
    ],
)
def test_what_is_less_exact_than_a_day_stays_so(sentence: str, day: str) -> None:
    key = one(sentence, published=date(2024, 3, 5)).cluster_key
    assert key is not None
    assert key.split("|")[-1] == day


@pytest.mark.parametrize(
    "sentence", ["French police did not arrest the students.", "Police arrested the students on Monday."]
)
def test_there_is_none_where_it_would_join_what_is_not_one(sentence: str) -> None:
    assert one(sentence).cluster_key is None
