import pytest

from pipeline.model import Identifier
from pipeline.stages.tag.countries import countries, country_of
from pipeline.stages.tag.entities.companies import Company, _is_isin, companies
from pipeline.stages.tag.entities.evidence import given_names
from pipeline.stages.tag.tables import rows


def company(name: str) -> Company:
    return next(one for one in companies() if one.name == name)


@pytest.mark.parametrize(
    ("name", "ticker", "country"),
    [
        ("Apple Inc.", "NASDAQ:AAPL", "USA"),
        ("AT&T", "NYSE:T", "USA"),
        ("Siemens", "ETR:SIE", "DEU"),
        ("Toyota", "TYO:7203", "JPN"),
        ("Nestlé SA", "SWX:NESN", "CHE"),
        ("Shell plc", "LON:SHEL", "GBR"),  # also in Amsterdam
        ("Alphabet Inc.", "NASDAQ:GOOGL", "USA"),  # two classes of shares
        ("Volkswagen Group", "ETR:VOW3", "DEU"),
        ("Ferrari", "BIT:RACE", "ITA"),  # the data's country is that of its seat, the Netherlands
        ("Aegon N.V.", "AMS:AGN", "NLD"),  # the data's country is wrong
    ],
)
def test_a_company_has_its_main_ticker_and_the_country_of_its_head_office(name: str, ticker: str, country: str) -> None:
    found = company(name)
    assert [one.id for one in found.ids if one.scheme == "ticker"] == [ticker]
    assert found.country == country


@pytest.mark.parametrize(
    ("name", "safe", "context"),
    [
        ("Apple Inc.", "Apple Inc.", "Apple"),
        ("Target Corporation", "Target Corporation", "Target"),
        ("Visa Inc.", "Visa Inc.", "Visa"),
        ("Ford Motor Company", "Ford Motor", "Ford"),
        ("Shell plc", "Royal Dutch Shell", "Shell"),
        ("Next plc", "Next plc", "Next"),
        ("Orange SA", "Orange SA", "Orange"),
        ("Banco Santander", "Banco Santander", "Santander"),
    ],
)
def test_a_name_that_is_a_word_a_person_or_a_place_needs_context(name: str, safe: str, context: str) -> None:
    assert safe in company(name).names
    assert context in company(name).context_names
    assert context not in company(name).names


def test_the_suffix_falls_away_and_accents_are_not_needed() -> None:
    assert {"Nestlé SA", "Nestlé", "Nestle"} <= {*company("Nestlé SA").names}
    assert "Volkswagen" in company("Volkswagen Group").names


def test_no_name_is_a_country_or_a_given_name_or_of_two_companies() -> None:
    names = [name for one in companies() for name in one.names]
    assert len(names) > 1800
    assert [name for name in names if country_of(name) or name in given_names()] == []
    everything = names + [name for one in companies() for name in one.context_names]
    assert len(everything) == len(set(everything))


def test_ids_are_of_one_company_and_well_formed() -> None:
    ids = [one for found in companies() for one in found.ids]
    assert len(ids) == len(set(ids))
    assert {one.scheme for one in ids} == {"ticker", "isin"}
    assert all(_is_isin(one.id) for one in ids if one.scheme == "isin")
    assert {found.country for found in companies()} - {None} <= set(countries())


def test_an_entry_that_contradicts_itself_gives_no_id() -> None:
    # The data have Smiths Group's ticker and share number under this name.
    assert company("SES S.A.").ids == ()
    assert Identifier("ticker", "LON:SMIN") not in [one for found in companies() for one in found.ids]


@pytest.mark.parametrize(("isin", "good"), [("US0378331005", True), ("US0378331006", False), ("US037833100", False)])
def test_an_isin_is_checked_by_its_last_digit(isin: str, good: bool) -> None:
    assert _is_isin(isin) is good


def test_the_companies_of_our_table_are_in_the_package() -> None:
    named = {row["company"] for row in rows("company_names.tsv")} - {""}
    assert named <= {one.name for one in companies()}
