"""What an entity is linked to, by the article as a whole; better no identifier than a wrong one."""

from __future__ import annotations

from datetime import date

import pytest
from tagging import an_article, entities, tagged

from pipeline.model import Entity


def ids(entity: Entity, scheme: str) -> list[str]:
    return [one.id for one in entity.ids if one.scheme == scheme]


def on(day: date, body: str) -> dict[str, Entity]:
    return {one.name: one for one in tagged(an_article(body, published=day)).entities}


@pytest.mark.parametrize(
    ("body", "name", "country"),
    [
        ("A jury in Paris, Texas, heard the case.", "Paris", "USA"),
        ("The talks in Paris ended without a result, French officials said.", "Paris", "FRA"),
        ("A mosque in London, Ont., opened its doors to neighbours.", "London", "CAN"),
        ("Lebanese soldiers searched a flat in Tripoli.", "Tripoli", "LBN"),
        ("Libyan soldiers searched a flat in Tripoli.", "Tripoli", "LBY"),
        ("Venezuelan soldiers guarded the bakeries of Valencia.", "Valencia", "VEN"),
    ],
)
def test_a_city_is_the_one_of_this_article(body: str, name: str, country: str) -> None:
    city = entities(body)[name]
    assert (city.country, len(ids(city, "geonames"))) == (country, 1)
    assert city.lat is not None
    assert city.lon is not None


def test_a_city_that_could_be_two_has_no_id() -> None:
    found = entities("A bridge fell down in Springfield after heavy rain.")
    assert [one for one in found.values() if ids(one, "geonames")] == []


def test_georgia_is_a_state_or_a_country() -> None:
    state = entities("Voters in Atlanta, Georgia, queued for hours. The U.S. Senate depends on Georgia.")["Georgia"]
    assert (state.country, ids(state, "iso3166")) == ("USA", [])
    land = entities("Russia moved troops to the border of Georgia. Georgian officials protested.")["Georgia"]
    assert (land.country, ids(land, "iso3166")) == ("GEO", ["GE"])


def test_a_former_state_has_its_own_id() -> None:
    found = on(date(1987, 3, 1), "The Soviet Union and Yugoslavia signed a treaty.")
    assert ids(found["Soviet Union"], "wikidata") == ["Q15180"]
    assert ids(found["Soviet Union"], "iso3166") == []


def test_washington_state_is_no_city() -> None:
    found = entities("Apple growers in Washington state lost a third of their crop.")
    assert ids(found["Washington"], "geonames") != ["4140963"]


def test_a_company_has_its_ticker_and_a_town_of_its_name_has_none() -> None:
    assert ids(entities("Siemens will cut 2,000 jobs in Berlin.")["Siemens"], "ticker") == ["ETR:SIE"]
    assert not any(ids(one, "ticker") for one in entities("Loggers went up the Amazon by boat.").values())


def test_an_official_has_the_office_of_the_article_s_day() -> None:
    spoke = "Angela Merkel spoke in Berlin."
    in_office, before, after = (on(date(year, 6, 1), spoke)["Angela Merkel"] for year in (2010, 1985, 2023))
    assert ids(in_office, "wiredesk") == ids(after, "wiredesk") == ["person/angela-merkel"]
    assert (in_office.country, in_office.sector) == ("DEU", "GOV")
    assert (after.country, after.sector, after.other_sectors) == ("DEU", "ELI", ("GOV",))
    assert before.sector is None


def test_office_and_surname_alone_are_the_one_who_holds_it() -> None:
    found = on(date(2016, 4, 5), "President Obama will veto the bill, his spokesman said.")
    assert [ids(one, "wiredesk") for one in found.values() if one.type == "PERSON"] == [["person/barack-obama"]]
    later = on(date(2019, 4, 5), "President Obama of the tennis club resigned.")
    assert not any(ids(one, "wiredesk") for one in later.values())
