"""What a word means is told by the words around it: `ambiguity.tsv`, through the real tagger.

`floors_ambiguity.json` may only be raised. Every miss is printed with -s.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.model import (
    CleanArticle,
    Coordinates,
    Entity,
    EntityType,
    Field,
    Identifier,
    Mention,
    MentionKind,
    Moment,
    Part,
    Precision,
    RawRecord,
    Tagged,
)
from pipeline.settings import Settings
from pipeline.stages.tag.tagger import Tagger

TABLE = Path(__file__).with_name("ambiguity.tsv")
FLOORS: dict[str, int] = json.loads(Path(__file__).with_name("floors_ambiguity.json").read_text(encoding="utf-8"))
COLUMNS = ("text", "published", "word", "type", "name_or_dash", "country_or_dash", "id_or_dash")
TYPES = {"PERSON", "ORGANISATION", "PLACE", "GROUP", "EVENT", "OBJECT", "NONE", "-"}
NO_IDS_OF = ("iso3166", "geonames", "ticker")


@dataclass(frozen=True, slots=True)
class Case:
    """One line: the word at ``[start, end)`` of the text, and what it must be taken for."""

    line: int
    text: str
    published: datetime
    word: str
    start: int
    end: int
    types: tuple[str, ...]
    name: str
    country: str
    id: str


def read_cases(text: str) -> Iterator[Case]:
    """The lines of a table; a broken one fails with its number."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line and not line.startswith("#")]
    assert tuple(lines[0][1].split("\t")) == COLUMNS
    for number, line in lines[1:]:
        cells = line.split("\t")
        assert len(cells) == len(COLUMNS), f"line {number}: {len(cells)} columns"
        body, published, place, types, name, country, wanted = cells
        word, _, which = place.partition("#")
        places = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", body)]
        assert len(places) >= int(which or 1), f"line {number}: {place} is not in the text"
        assert set(types.split(",")) <= TYPES, f"line {number}: {types}"
        start, end = places[int(which or 1) - 1]
        day = datetime.fromisoformat(published).replace(tzinfo=UTC)
        yield Case(number, body, day, word, start, end, tuple(types.split(",")), name, country, wanted)


CASES = list(read_cases(TABLE.read_text(encoding="utf-8")))


def tag(cases: Sequence[Case]) -> list[tuple[Entity, ...]]:
    """The entities of each case."""
    articles = [
        CleanArticle(
            Part(RawRecord(Coordinates("", 0, case.line, case.line + 1, 0), None, b"")),
            f"line-{case.line}",
            None,
            case.text,
            "en",
            published_at=Moment(case.published, Precision.DAY),
        )
        for case in cases
    ]
    settings = Settings()
    results = Tagger(settings.nlp_model, settings.max_tagged_chars).tag(articles)
    assert all(isinstance(result, Tagged) and result.article.problems == () for result in results)
    return [result.article.entities for result in results if isinstance(result, Tagged)]


def over(case: Case, entities: Sequence[Entity]) -> list[tuple[Entity, Mention]]:
    """What was found at the word, or across it."""
    return [
        (entity, mention)
        for entity in entities
        for mention in entity.mentions
        if mention.start < case.end and case.start < mention.end
    ]


def has_right_id(entity: Entity, wanted: str) -> bool:
    """`none`, `scheme:id`, `!scheme:id`, each id also `*`."""
    if wanted == "none":
        return not any(one.scheme in NO_IDS_OF for one in entity.ids)
    scheme, _, value = wanted.removeprefix("!").partition(":")
    there = any(one.scheme == scheme and value in ("*", one.id) for one in entity.ids)
    return there != wanted.startswith("!")


def wrong(case: Case, entities: Sequence[Entity]) -> list[str]:
    """What is wrong with the reading of the word: empty if it is right."""
    found = over(case, entities)
    if not found:
        return [] if {"NONE", "-"} & set(case.types) else ["not found"]
    if case.types == ("-",):
        return [f"{m.text!r} is a name" for _, m in found if m.kind == MentionKind.NAME]
    exact = [entity for entity, mention in found if (mention.start, mention.end) == (case.start, case.end)]
    if not exact or case.types == ("NONE",):
        return [f"found {m.text!r} as {e.type} {e.name}" for e, m in found]
    entity = exact[0]
    problems = [] if entity.type in case.types else [f"type {entity.type}"]
    if case.name not in ("-", entity.name):
        problems.append(f"name {entity.name}")
    if case.country not in ("-", entity.country):
        problems.append(f"country {entity.country}")
    if case.id != "-" and not has_right_id(entity, case.id):
        problems.append(f"ids {[f'{one.scheme}:{one.id}' for one in entity.ids]}")
    return problems


@pytest.fixture(scope="module")
def misses() -> list[tuple[Case, list[str]]]:
    pairs = zip(CASES, tag(CASES), strict=True)
    return [(case, problems) for case, entities in pairs for problems in [wrong(case, entities)] if problems]


def told(case: Case, problems: Sequence[str]) -> str:
    asked = " ".join((",".join(case.types), case.name, case.country, case.id))
    return f"{TABLE.name}:{case.line}: {case.word} ({asked}): {'; '.join(problems)}\n    {case.text}"


def test_a_word_is_what_its_sentence_says(misses: list[tuple[Case, list[str]]]) -> None:
    only_ids = sum(all(problem.startswith("ids") for problem in problems) for _, problems in misses)
    right = {"right": len(CASES) - len(misses), "right_but_for_the_id": len(CASES) - len(misses) + only_ids}
    print("", *(told(*miss) for miss in misses), f"{right} of {len(CASES)}", sep="\n")  # noqa: T201 - for people
    assert FLOORS.keys() == right.keys()
    for name, floor in FLOORS.items():
        assert right[name] >= floor, f"{name}: {right[name]} of {len(CASES)}, floor {floor}; -s shows each miss"


def test_the_table_is_large_and_says_each_thing_once() -> None:
    assert len(CASES) >= 110
    assert len({case.text for case in CASES}) == len(CASES)


def a_case(kind: str, name: str = "-", country: str = "-", wanted: str = "-") -> Case:
    lines = [
        "\t".join(COLUMNS),
        "\t".join(("Voters in Paris wait.", "2003-02-11", "Paris", kind, name, country, wanted)),
    ]
    return next(read_cases("\n".join(lines)))


def paris(text: str = "Paris", kind: MentionKind = MentionKind.NAME) -> Entity:
    start = "Voters in Paris wait.".index(text)
    mention = Mention(Field.BODY, start, start + len(text), text, kind)
    return Entity(EntityType.PLACE, "GPE", "Paris", (mention,), (Identifier("geonames", "2988507"),), "FRA")


# A judge that lets everything through proves nothing.
@pytest.mark.parametrize(
    ("case", "entities", "right"),
    [
        (a_case("PLACE", "Paris", "FRA", "geonames:2988507"), [paris()], True),
        (a_case("PERSON,PLACE", wanted="!ticker:*"), [paris()], True),
        (a_case("PLACE"), [], False),
        (a_case("PERSON"), [paris()], False),
        (a_case("PLACE"), [paris("Paris wait")], False),
        (a_case("PLACE", "Paris, Texas"), [paris()], False),
        (a_case("PLACE", country="USA"), [paris()], False),
        (a_case("PLACE", wanted="geonames:4717560"), [paris()], False),
        (a_case("PLACE", wanted="geonames:*"), [paris()], True),
        (a_case("PLACE", wanted="!geonames:2988507"), [paris()], False),
        (a_case("PLACE", wanted="none"), [paris()], False),
        (a_case("NONE"), [], True),
        (a_case("NONE"), [paris("Voters")], True),
        (a_case("NONE"), [paris()], False),
        (a_case("-"), [paris()], False),
        (a_case("-"), [paris(kind=MentionKind.NOMINAL)], True),
    ],
)
def test_the_judge_sees_what_is_wrong(case: Case, entities: list[Entity], right: bool) -> None:
    assert (wrong(case, entities) == []) == right
