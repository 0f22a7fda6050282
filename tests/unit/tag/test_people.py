"""One name, one person; two where the text leaves it open."""

import pytest

from pipeline.model import EntityType, MentionKind
from pipeline.stages.tag.entities.candidates import Found
from pipeline.stages.tag.entities.merge import grouped
from pipeline.stages.tag.entities.people import persons


def places(*names: tuple[int, str], kind: EntityType = EntityType.PERSON) -> list[Found]:
    return [
        Found(passage=n, start=0, end=len(t), text=t, type=kind, label="X", kind=MentionKind.NAME) for n, t in names
    ]


def keys(*names: tuple[int, str]) -> list[str]:
    return persons(places(*names))


def test_a_surname_is_the_person_named_in_full_in_an_earlier_paragraph() -> None:
    first, _, alone = keys((0, "Rosa Lindner"), (1, "Karl Lindner"), (2, "Lindner"))
    assert alone == first


def test_a_surname_of_two_introduced_together_is_neither() -> None:
    assert len(set(keys((0, "Rosa Lindner"), (0, "Karl Lindner"), (1, "Lindner")))) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muqtada Harun", "Moqtada Harun"),
        ("H. Torvik", "Halvard Torvik"),
        ("Regula Marquardt", "Regula Marquardt Frey"),
        ("Bashir al-Nuri", "Bashir Nuri"),
        ("Karl Lindner Jr.", "Karl Lindner"),
    ],
)
def test_other_forms_of_a_name_are_one_person(one: str, other: str) -> None:
    assert len(set(keys((0, one), (1, other)))) == 1


@pytest.mark.parametrize(("one", "other"), [("H. Torvik", "Signe Torvik"), ("Marta Novak", "Marko Novak")])
def test_names_of_two_people_are_two(one: str, other: str) -> None:
    assert len(set(keys((0, one), (1, other)))) == 2


def test_a_family_name_that_stands_first_names_the_person() -> None:
    assert len(set(keys((0, "Qiu Wenbo"), (1, "Qiu")))) == 1


def organisations(*names: str) -> list[list[str]]:
    found = places(*((n, name) for n, name in enumerate(names)), kind=EntityType.ORGANISATION)
    return [[one.text for one in group] for group in grouped(found, names)]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Northern Union of Lamplighters", "NUL"),
        ("Northern Union of Lamplighters", "NUOL"),
        ("Harrowgate Lamp Foundation", "Harrowgate"),
        ("Peder Quillfeather Ltd", "Quillfeather"),
    ],
)
def test_a_short_form_is_the_name_in_full(name: str, short: str) -> None:
    assert organisations(name, short) == [[name, short]]


def test_a_short_form_of_two_names_is_neither() -> None:
    assert len(organisations("Harrowgate Lamp Foundation", "Harrowgate Rowing Club", "Harrowgate")) == 3


def test_an_acronym_of_other_letters_is_another_organisation() -> None:
    assert len(organisations("Northern Union of Lamplighters", "NUX")) == 2
