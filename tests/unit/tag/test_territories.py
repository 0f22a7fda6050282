import re

import pytest
from rigour.territories import lookup_territory

from pipeline.model import Identifier
from pipeline.stages.tag.countries import countries
from pipeline.stages.tag.entities.territories import former_ids, iso3_of, parts, territory_ids


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


def test_the_names_of_our_table_and_of_rigour_mean_the_same() -> None:
    wrong = set()
    for country in countries().values():
        for name in country.names:
            known = lookup_territory(name)
            if known and country.iso2.lower() not in (known.code, known.parent and known.parent.code):
                wrong.add(name)
    former = {name for name in wrong if former_ids(name)}
    assert wrong - former == {"Congo"}, "our table means Kinshasa by it, rigour means Brazzaville"
    assert former == {
        "Soviet Union",
        "USSR",
        "U.S.S.R.",
        "Yugoslavia",
        "Serbia and Montenegro",
        "Zaire",
        "East Germany",
    }


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
    assert not [name for code, name, _ in parts() if code.startswith(("ua-cri", "ua-dpr", "ge-ab", "su-", "x-"))]


def test_what_rigour_does_not_know_has_no_ids() -> None:
    assert territory_ids("QQ") == ()
    assert iso3_of("QQ") is None
    assert iso3_of("DD") is None  # East Germany
