import re

import pytest

from pipeline.model import Identifier
from pipeline.stages.tag.countries import countries
from pipeline.stages.tag.entities.territories import former_ids, iso3_of, parts, territory_ids
from pipeline.stages.tag.tables import rows


@pytest.mark.parametrize("iso3", countries())
def test_every_country_of_our_table_has_both_ids(iso3: str) -> None:
    country = countries()[iso3]
    iso3166, wikidata = territory_ids(country.iso2)
    assert iso3166 == Identifier("iso3166", country.iso2)
    assert wikidata.scheme == "wikidata"
    assert re.fullmatch(r"Q[1-9]\d*", wikidata.id)
    assert iso3_of(country.iso2) == iso3


def test_two_countries_never_share_an_id() -> None:
    ids = [one for country in countries().values() for one in territory_ids(country.iso2)]
    assert len(ids) == len(set(ids)) == 2 * len(countries())


def test_no_two_rows_share_a_code_or_an_id() -> None:
    table = rows("territories.tsv")
    for column in ("code", "wikidata"):
        assert len({row[column] for row in table}) == len(table)


def test_a_country_has_one_name_in_both_tables() -> None:
    names = {row["code"]: row["name"] for row in rows("territories.tsv")}
    strange = {
        name: country.iso3
        for country in countries().values()
        if (name := names[country.iso2.lower()]) not in country.names
    }
    assert strange == {"Hong Kong SAR": "HKG", "Macao SAR": "MAC", "Naoero": "NRU"}


@pytest.mark.parametrize(("iso2", "wikidata"), [("DK", "Q35"), ("NL", "Q55")])
def test_a_country_in_europe_is_not_its_kingdom(iso2: str, wikidata: str) -> None:
    assert territory_ids(iso2)[1] == Identifier("wikidata", wikidata)


def test_a_former_state_is_not_its_successor() -> None:
    assert former_ids("USSR") == former_ids("Soviet Union")
    assert len(former_ids("USSR")) == 1
    assert former_ids("USSR")[0] not in territory_ids("RU")
    assert former_ids("Russia") == ()


def test_parts_have_a_wikidata_id_alone() -> None:
    names = {code: (name, country) for code, name, country in parts()}
    assert names["us-ga"] == ("Georgia", "USA")
    assert names["gb-sct"] == ("Scotland", "GBR")
    assert names["de-by"] == ("Bavaria", "DEU")
    for code in names:
        assert [one.scheme for one in territory_ids(code)] == ["wikidata"]


def test_occupied_and_former_parts_are_left_out() -> None:
    assert not [
        name for code, name, _ in parts() if code.startswith(("ua-cri", "ua-dpr", "ge-ab", "su-", "x-", "pk-km"))
    ]


def test_what_the_table_does_not_know_has_no_ids() -> None:
    assert territory_ids("QQ") == ()
    assert iso3_of("QQ") is None
    assert iso3_of("DD") is None  # East Germany
