"""How much an article is about each of its entities."""

from pipeline.model import Entity, EntityType, Field, Mention, MentionKind
from pipeline.stages.tag.entities.salience import HEADLINE, LEAD, OFTEN, with_salience

BODY = "Torvik left.\nMorel stayed. Morel slept."


def an_entity(name: str, *at: tuple[Field, int]) -> Entity:
    found = tuple(Mention(field, start, start + len(name), name, MentionKind.NAME) for field, start in at)
    return Entity(type=EntityType.PERSON, label="PERSON", name=name, mentions=found)


def test_headline_lead_and_count_add_up() -> None:
    torvik = an_entity("Torvik", (Field.HEADLINE, 0), (Field.BODY, 0))
    morel = an_entity("Morel", (Field.BODY, 13), (Field.BODY, 27))
    weighed = with_salience([torvik, morel], [], BODY)
    assert [one.name for one in weighed] == ["Torvik", "Morel"]
    assert [one.salience for one in weighed] == [HEADLINE + LEAD + OFTEN, OFTEN]


def test_what_is_mentioned_less_often_weighs_less() -> None:
    once, twice = an_entity("Torvik", (Field.BODY, 13)), an_entity("Morel", (Field.BODY, 13), (Field.BODY, 27))
    assert [one.salience for one in with_salience([once, twice], [], BODY)] == [OFTEN / 2, OFTEN]


def test_no_entities_no_salience() -> None:
    assert with_salience([], [], "") == ()
