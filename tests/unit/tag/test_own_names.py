"""The user's own names go before all others, and one name of two things is decided by the day, or not at all."""

from __future__ import annotations

from datetime import date

import pytest
from tagging import MODEL, an_article

from pipeline.model import Entity, Failure
from pipeline.stages.tag.aliases import AliasTable, read_aliases
from pipeline.stages.tag.tagger import Tagger

ROWS = [
    ["alias", "name", "type", "scheme", "id", "country", "role", "valid_from", "valid_to"],
    ["Jo Torre", "Jo Torre Sr", "PERSON", "own", "p1", "PRY", "President", "1989", "1993"],
    ["Jo Torre", "Jo Torre Jr", "PERSON", "own", "p2", "PRY", "President", "2001", "2009"],
    ["Zenith", "Zenith Mills", "ORGANISATION", "own", "o1", "", "", "", ""],
    ["Zenith", "Zenith Beach", "PLACE", "own", "l1", "", "", "", ""],
    ["the Grey House", "Ministry of Ports", "ORGANISATION", "own", "o2", "PRY", "", "", ""],
    ["Paris", "Paris Group", "ORGANISATION", "own", "o3", "", "", "", ""],
]


def own_entities(body: str, published: date) -> dict[str, Entity]:
    listed, problems = read_aliases("".join("\t".join(row) + "\n" for row in ROWS))
    assert problems == ()
    tagger = Tagger(MODEL, 1000, table=AliasTable(listed))
    [result] = tagger.tag([an_article(body, published=published)])
    assert not isinstance(result, Failure)
    return {entity.name: entity for entity in result.article.entities}


def own_ids(entities: dict[str, Entity]) -> set[str]:
    return {one.id for entity in entities.values() for one in entity.ids if one.scheme == "own"}


@pytest.mark.parametrize(("published", "name", "own"), [(date(1990, 5, 1), "Sr", "p1"), (date(2005, 5, 1), "Jr", "p2")])
def test_of_two_people_of_a_name_it_is_the_one_in_office(published: date, name: str, own: str) -> None:
    found = own_entities("President Jo Torre spoke in Asuncion. Torre left.", published)
    assert own_ids(found) == {own}
    torre = found[f"Jo Torre {name}"]
    assert (torre.country, torre.sector, len(torre.mentions)) == ("PRY", "GOV", 2)


def test_where_no_day_decides_there_is_no_id() -> None:
    assert own_ids(own_entities("Jo Torre wrote a book.", date(1996, 5, 1))) == set()
    assert own_ids(own_entities("Regulators fined Zenith, the company said.", date(2016, 5, 1))) == set()


def test_the_user_s_names_go_before_all_lists() -> None:
    found = own_entities("The Grey House denied it. Paris posted a loss.", date(2016, 5, 1))
    assert found["Paris Group"].type == "ORGANISATION"
    assert own_ids(found) == {"o2", "o3"}
