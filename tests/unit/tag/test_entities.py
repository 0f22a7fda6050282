"""What names one real thing is one entity, with spans that leave out titles, possessives and "the"."""

import pytest
from tagging import an_article, entities, mentions, tagged

from pipeline.model import EntityType, Field, MentionKind

PEACE_TALKS = (
    "Foreign Minister Mikael Lindqvist of Sweden met the United Nations envoy Ana de la Torre in Vienna on Monday.\n"
    "Lindqvist said the UN had asked for the meeting. De la Torre's office confirmed it.\n"
    "The Kremlin and the U.S. welcomed the talks, and Russia's ambassador called them useful.\n"
    "The International Atomic Energy Agency (IAEA) sent experts. The IAEA declined to comment."
)


def test_a_surname_is_the_person_named_in_full_before() -> None:
    found = entities(PEACE_TALKS)
    assert mentions(found["Mikael Lindqvist"]) == ["Mikael Lindqvist", "Lindqvist"]


def test_a_name_with_small_particles_is_one_person() -> None:
    assert mentions(entities(PEACE_TALKS)["Ana de la Torre"]) == ["Ana de la Torre", "De la Torre"]


def test_an_arabic_article_does_not_make_another_person() -> None:
    found = entities("President Bashar al-Assad spoke in Damascus. Assad rejected the plan. Mr. al-Assad then left.")
    assert [one.name for one in found.values() if one.type == EntityType.PERSON] == ["Bashar al-Assad"]
    assert len(found["Bashar al-Assad"].mentions) == 3


def test_an_acronym_in_brackets_is_the_name_before_it() -> None:
    found = entities(PEACE_TALKS)
    assert mentions(found["International Atomic Energy Agency"]) == [
        "International Atomic Energy Agency",
        "IAEA",
        "IAEA",
    ]


def test_an_acronym_that_no_table_knows_is_the_name_before_it() -> None:
    found = entities("The National Council of Fisheries (NCOF) met on Monday. The NCOF elected a new chairman.")
    assert mentions(found["National Council of Fisheries"]) == ["National Council of Fisheries", "NCOF", "NCOF"]


def test_forms_of_one_country_are_one_entity_with_its_codes() -> None:
    found = entities("The United States sent aid. The U.S. and Britain will send more, said a US official in the UK.")
    assert mentions(found["United States"]) == ["United States", "U.S.", "US"]
    assert (found["United States"].country, found["United States"].ids[0].id) == ("USA", "US")
    assert mentions(found["United Kingdom"]) == ["Britain", "UK"]


def test_a_demonym_is_a_nominal_mention_of_its_country() -> None:
    found = entities("Russian troops left Georgia. Russia said the Georgian army had fired first.")
    assert [(m.text, m.kind) for m in found["Russia"].mentions] == [
        ("Russian", MentionKind.NOMINAL),
        ("Russia", MentionKind.NAME),
    ]
    assert found["Georgia"].mentions[-1].kind == MentionKind.NOMINAL


def test_the_people_of_a_country_are_a_group() -> None:
    found = entities("Thousands of Russians fled to Finland, and Kurds and Muslims were attacked.")
    assert (found["Russians"].type, found["Russians"].country) == (EntityType.GROUP, "RUS")
    assert {found["Kurds"].type, found["Muslims"].type} == {EntityType.GROUP}


def test_a_place_of_power_is_a_place() -> None:
    kremlin = entities(PEACE_TALKS)["Kremlin"]
    assert (kremlin.type, kremlin.country, mentions(kremlin)) == (EntityType.PLACE, "RUS", ["Kremlin"])


def test_armed_groups_and_media_are_organisations_with_their_sector() -> None:
    found = entities("Islamic State killed 30 soldiers, RIA Novosti reported. Hamas and the Taliban denied it.")
    assert [(name, found[name].type.value, found[name].country, found[name].sector) for name in sorted(found)] == [
        ("Hamas", "ORGANISATION", "PSE", "REB"),
        ("Islamic State", "ORGANISATION", "IMG", "REB"),
        ("RIA Novosti", "ORGANISATION", "RUS", "JRN"),
        ("Taliban", "ORGANISATION", "AFG", "REB"),
    ]


@pytest.mark.parametrize(
    ("text", "name", "country", "sector"),
    [
        ("Russian Deputy Foreign Minister Sergei Ryabkov spoke.", "Sergei Ryabkov", "RUS", "GOV"),
        ("U.S. Secretary of State John Kerry spoke in Geneva.", "John Kerry", "USA", "GOV"),
        ("UN Special Envoy Staffan de Mistura spoke in Geneva.", "Staffan de Mistura", "UNO", None),
        ("France's Defence Minister Jean Morel spoke in Geneva.", "Jean Morel", "FRA", "GOV"),
        ("Maria Novak, the Polish finance minister, spoke in Geneva.", "Maria Novak", "POL", "GOV"),
        ("Brazilian opposition leader Paulo Ramos spoke.", "Paulo Ramos", "BRA", "OPP"),
        ("Former Egyptian President Hosni Mubarak spoke.", "Hosni Mubarak", "EGY", "ELI"),
        ("Police chief Robert Miller spoke.", "Robert Miller", None, "COP"),
    ],
)
def test_the_title_tells_the_country_and_the_sector(
    text: str, name: str, country: str | None, sector: str | None
) -> None:
    one = entities(text)[name]
    assert (one.type, one.country, one.sector) == (EntityType.PERSON, country, sector)


def test_a_president_is_of_the_country_whose_leader_the_article_speaks_of() -> None:
    found = entities("President Bashar al-Assad refused. The Syrian leader said he would not step down.")
    assert (found["Bashar al-Assad"].country, found["Bashar al-Assad"].sector) == ("SYR", "GOV")


def test_a_title_before_an_unknown_name_makes_a_person() -> None:
    found = entities("The deal was signed by special envoy Ylva Torvik on behalf of the company.")
    assert found["Ylva Torvik"].type == EntityType.PERSON


def test_ministries_and_police_have_a_sector_and_the_country_in_their_name() -> None:
    found = entities("The Egyptian Interior Ministry said so. The University of Nairobi did not comment.")
    assert [(one.country, one.sector) for one in found.values() if one.type == EntityType.ORGANISATION] == [
        ("EGY", "GOV"),
        ("KEN", "EDU"),
    ]


def test_headline_and_body_are_read_together() -> None:
    found = entities(PEACE_TALKS, headline="Lindqvist Meets UN Envoy in Vienna")
    fields = [mention.field for mention in found["Mikael Lindqvist"].mentions]
    assert fields == [Field.HEADLINE, Field.BODY, Field.BODY]


def test_in_a_headline_of_capitals_only_known_names_are_found() -> None:
    found = entities(PEACE_TALKS, headline="LINDQVIST MEETS ENVOY IN VIENNA TO SAVE PEACE TALKS, RUSSIA SAYS")
    headline = {m.text for one in found.values() for m in one.mentions if m.field == Field.HEADLINE}
    assert headline == {"LINDQVIST", "VIENNA", "RUSSIA"}


def test_what_stands_in_the_headline_is_more_salient() -> None:
    found = entities(PEACE_TALKS, headline="Lindqvist meets envoy")
    assert found["Mikael Lindqvist"].salience > found["Kremlin"].salience
    assert all(0 < one.salience <= 1 for one in found.values())


def test_numbers_dates_and_money_are_no_entities() -> None:
    assert entities("On 5 May 2015 some 300 people paid $20 million, or 5 percent, within 3 hours.") == {}


def test_names_in_web_addresses_name_nobody() -> None:
    assert entities("See https://www.example.org/news/Russia-and-China.html for more.") == {}


def test_possessives_quotes_and_articles_are_outside_the_span() -> None:
    found = entities("The army entered Syria’s capital. “The Netherlands” and Ukraine's allies protested.")
    assert {m.text for one in found.values() for m in one.mentions} == {"Syria", "Netherlands", "Ukraine"}


def test_two_people_of_one_surname_stay_apart() -> None:
    found = tagged(an_article("Rosa Lindner and Karl Lindner met in Havana. Lindner did not speak.")).entities
    people = [one.name for one in found if one.type == EntityType.PERSON]
    assert people == ["Rosa Lindner", "Karl Lindner", "Lindner"]


def test_money_in_us_dollars_is_no_mention_of_the_country() -> None:
    assert "United States" not in entities("The loan of US$ 5 million went to Kenya.")
