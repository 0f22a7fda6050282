"""The tables that people edit: codes that exist, no name twice, no stray spaces."""

import re
from collections import Counter

import pytest

from pipeline.model import EntityType
from pipeline.stages.tag import countries
from pipeline.stages.tag.entities.gazetteer import look_up, scan
from pipeline.stages.tag.entities.words import given_names
from pipeline.stages.tag.tables import names, rows

# PLOVER manual (2024), section on sectors; ELI and OPP are mostly secondary.
SECTORS = set(
    "AGR BUS COP CRM CVL EDU ELI GOV JRN JUD LAB LEG MED MIL OPP PRE PRM PTY REB REF REL SOC SPY UAF UNK".split()  # noqa: SIM905
)
NO_COUNTRY = {"UNO", "EUR", "IGO", "NGO", "ISM", "IMG", "MNC"}
NAMES = ["countries.tsv", "organisations.tsv", "regions.tsv", "groups.tsv", "facilities.tsv"]
TABLES = [*NAMES, "roles.tsv", "name_words.tsv"]


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_every_column_and_no_stray_space(table: str) -> None:
    for row in rows(table):
        assert None not in row, row
        assert all(
            cell is not None and cell == cell.strip() and "| " not in cell and " |" not in cell for cell in row.values()
        ), row


@pytest.mark.parametrize("table", NAMES)
def test_no_name_stands_twice_in_a_table(table: str) -> None:
    twice = [
        name for name, count in Counter(n for row in rows(table) for n in names(row["names"])).items() if count > 1
    ]
    assert twice == []


def test_no_name_means_a_place_and_a_group_or_two_places() -> None:
    tables = {table: {n for row in rows(table) for n in names(row["names"])} for table in NAMES}
    ours = ["regions.tsv", "facilities.tsv", "groups.tsv"]
    nations = {"England", "Scotland", "Wales", "Northern Ireland"}  # names of the United Kingdom in loose use
    both = {(a, b): tables[a] & tables[b] - nations for a in ours for b in NAMES if a != b}
    assert {pair: shared for pair, shared in both.items() if shared} == {}


def test_no_title_stands_twice() -> None:
    assert [title for title, count in Counter(row["title"] for row in rows("roles.tsv")).items() if count > 1] == []


def test_countries_have_two_codes_each_and_a_name() -> None:
    for country in countries.countries().values():
        assert re.fullmatch("[A-Z]{3}", country.iso3)
        assert re.fullmatch("[A-Z]{2}", country.iso2)
        assert country.names
    assert {"XKX", "PSE", "TWN", "HKG", "VAT"} <= countries.countries().keys()
    assert len({country.iso2 for country in countries.countries().values()}) == len(countries.countries())


@pytest.mark.parametrize("table", ["organisations.tsv", "regions.tsv", "facilities.tsv"])
def test_country_codes_exist(table: str) -> None:
    codes = {row["country"] for row in rows(table)} - {""}
    assert codes <= countries.countries().keys() | NO_COUNTRY


@pytest.mark.parametrize("table", ["organisations.tsv", "roles.tsv", "name_words.tsv"])
def test_sectors_are_plover_s(table: str) -> None:
    assert {row["sector"] for row in rows(table)} - {""} <= SECTORS


def test_titles_are_in_lower_case() -> None:
    assert all(row["title"] == row["title"].lower() for row in rows("roles.tsv"))


def test_name_words_tell_a_type() -> None:
    for row in rows("name_words.tsv"):
        assert row["position"] in ("first", "last")
        assert EntityType(row["type"]) in (
            EntityType.ORGANISATION,
            EntityType.PLACE,
            EntityType.EVENT,
            EntityType.OBJECT,
        )


def test_given_names_are_single_words() -> None:
    assert all(len(name.split()) == 1 and name[0].isupper() for name in given_names())


@pytest.mark.parametrize("table", ["regions.tsv", "facilities.tsv"])
def test_places_have_no_name_of_one_word_that_is_a_given_name(table: str) -> None:
    listed = {name for row in rows(table) for name in names(row["names"])}
    assert listed & given_names() <= {"Sabah"}


@pytest.mark.parametrize(
    ("look", "word", "code"),
    [
        (countries.country_of, "the U.S.", "USA"),
        (countries.country_of, "RUSSIA", "RUS"),
        (countries.country_of, "Côte d’Ivoire", "CIV"),
        (countries.country_of, "us", None),
        (countries.country_of_demonym, "Syrian", "SYR"),
        (countries.country_of_demonym, "Britons", "GBR"),
        (countries.country_of_demonym, "Congolese", "COD"),
        (countries.country_of_capital, "Tehran", "IRN"),
        (countries.country_of_capital, "Geneva", None),
        (countries.country_of_city, "Geneva", "CHE"),
    ],
)
def test_look_ups(look: "object", word: str, code: str | None) -> None:
    assert callable(look)
    assert look(word) == code


def test_the_longest_known_name_is_taken() -> None:
    assert [(start, end, known.name) for start, end, known in scan("South Korea and Papua New Guinea")] == [
        (0, 11, "South Korea"),
        (16, 32, "Papua New Guinea"),
    ]


def test_a_city_that_is_also_a_word_is_known_but_not_looked_for() -> None:
    assert look_up("Nice") is not None
    assert list(scan("Nice to meet you in Split")) == []
