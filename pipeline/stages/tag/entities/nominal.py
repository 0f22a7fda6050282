"""Where an entity is meant without its name: "the minister", "the commission", "he", where one rule decides.

Precision before recall: a phrase that could mean two entities of the article is left alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.model import EntityType, MentionKind
from pipeline.stages.tag.entities import roles
from pipeline.stages.tag.entities.candidates import Found, stretches
from pipeline.stages.tag.entities.evidence import kind_nouns
from pipeline.stages.tag.passage import Passage
from pipeline.stages.tag.tables import words

_HE = words("he him his himself")
_SHE = words("she her hers herself")
_PRONOUN = re.compile(r"\b(?:he|him|his|himself|she|her|hers|herself)\b", re.IGNORECASE)
_DEFINITE = re.compile(r"\b[Tt]he ((?:[a-z-]+ ){0,2}?[a-z-]+)(?![\w-]| [A-Z]| of\b)")
_MALE = words("mr mr. sir king prince sheikh emperor sultan emir lord brother father imam cardinal bishop pope")
_FEMALE = words("mrs mrs. ms ms. miss madam queen princess lady dame sister mother sheikha baroness")


def with_nominals(groups: Sequence[list[Found]], passages: Sequence[Passage]) -> list[list[Found]]:
    """The places of each entity with those where it is meant without its name, in text order."""
    named: dict[int, list[Found]] = defaultdict(list)
    for group in groups:
        for one in group:
            named[one.passage].append(one)
    taken = {number: stretches(places) for number, places in named.items()}
    added: dict[int, list[Found]] = defaultdict(list)
    for index, found in [*_spoken_of(groups, passages), *_pronouns(groups, passages)]:
        if found.passage not in taken or not taken[found.passage].touch(found.start, found.end):
            added[index].append(found)
    return [
        sorted([*group, *added[index]], key=lambda one: (one.passage, one.start)) if added[index] else group
        for index, group in enumerate(groups)
    ]


def _spoken_of(groups: Sequence[list[Found]], passages: Sequence[Passage]) -> Iterator[tuple[int, Found]]:
    """Phrases such as "the minister", where the article calls one person so, and "the bank", where one name ends so."""
    called: dict[str, set[int]] = defaultdict(set)
    for index, group in enumerate(groups):
        for word in _nouns(group, passages):
            called[word].add(index)
    if not called:
        return
    for number, passage in enumerate(passages):
        for match in _DEFINITE.finditer(passage.cased):
            noun = _known_noun(match.group(1), called)
            if noun is None or len(called[noun]) > 1:
                continue
            [index] = called[noun]
            start = match.end() - len(noun)
            if _named_before(groups[index], number, start):
                yield index, _meant(groups[index][0], number, passage.cased, (start, match.end()))


def _known_noun(phrase: str, called: dict[str, set[int]]) -> str | None:
    """The longest ending of the phrase that names somebody: "new foreign minister" -> "foreign minister"."""
    parts = phrase.split(" ")
    endings = (" ".join(parts[at:]) for at in range(len(parts)))
    return next((ending for ending in endings if ending in called), None)


def _nouns(group: Sequence[Found], passages: Sequence[Passage]) -> set[str]:
    """What the article calls a person or an organisation: offices around the name, the name's last word."""
    first = group[0]
    if first.type == EntityType.ORGANISATION:
        last = {one.text.split()[-1].lower() for one in group if one.kind == MentionKind.NAME and " " in one.text}
        return {word for word in last if kind_nouns().get(word) == EntityType.ORGANISATION}
    if first.type != EntityType.PERSON:
        return set()
    found = set()
    for one in group:
        text = passages[one.passage].cased
        for role in (roles.role_before(text, one.start), roles.role_after(text, one.end)):
            if role and len(role.title) > 3 and not role.former:
                found |= {role.title, role.title.split(" ")[-1]}
    return {title for title in found if title.isascii() and "." not in title}


def _named_before(group: Sequence[Found], passage: int, start: int) -> bool:
    return any((one.passage, one.start) < (passage, start) for one in group if one.kind == MentionKind.NAME)


def _meant(one: Found, number: int, text: str, span: tuple[int, int]) -> Found:
    return replace(one, passage=number, start=span[0], end=span[1], text=text[slice(*span)], kind=MentionKind.NOMINAL)


def _pronouns(groups: Sequence[list[Found]], passages: Sequence[Passage]) -> Iterator[tuple[int, Found]]:
    """Words such as "he" and "she".

    Where the paragraph has named one person so far, or none and the paragraph before named one only.
    """
    people: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index, group in enumerate(groups):
        if group[0].type == EntityType.PERSON:
            for one in group:
                people[one.passage].append((one.start, index))
    if not people:
        return
    gender = {index: sex for index, group in enumerate(groups) if (sex := _gender(group, passages))}
    for number, passage in enumerate(passages):
        before = {index for _, index in people[number - 1]} if number - 1 in people else set()
        for match in _PRONOUN.finditer(passage.cased):
            here = {index for start, index in people.get(number, ()) if start < match.start()}
            meant = here or before
            if len(meant) != 1:
                continue
            [index] = meant
            sex = "m" if match.group().lower() in _HE else "f"
            if gender.setdefault(index, sex) == sex:
                found = _meant(groups[index][0], number, passage.cased, match.span())
                yield index, replace(found, kind=MentionKind.PRONOUN)


def _gender(group: Sequence[Found], passages: Sequence[Passage]) -> str | None:
    for one in group:
        before = passages[one.passage].cased[max(0, one.start - 12) : one.start].split()
        title = before[-1].lower() if before else ""
        if title in _MALE or title in _FEMALE:
            return "m" if title in _MALE else "f"
    return None
