"""What the words in and around a name say of the kind of thing it is: the model often errs on names it never saw."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from pipeline.model import EntityType
from pipeline.stages.tag.entities import roles
from pipeline.stages.tag.entities.candidates import Found, told_by_words

_AGE = re.compile(r"\s?, (?:aged )?\d\d?(?:,| and\b)|\s?\(\d\d\)")
_RELATIVE = re.compile(r",? who(?:se|m)?\b")
_SPEAKS = re.compile(r" (?:said|says|told|added|explained|recalled|tweeted|noted|argued|admitted|insisted|joked)\b")
_WHERE = re.compile(
    r"(?:^|\W)(?:in|near|at|outside|around|across|throughout|northern|southern|eastern|western|central)\s$", re.I
)
_DEFINITE = re.compile(r"(?:^|\W)the\s$", re.IGNORECASE)
_WINDOW = 24


@cache
def given_names() -> frozenset[str]:
    """Names with which people's full names begin (``given_names.txt``)."""
    lines = files("pipeline.stages.tag").joinpath("given_names.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def votes(found: Found, text: str) -> dict[EntityType, int]:
    """How many votes one place gives to which kinds, beside the model's own."""
    before = text[max(0, found.start - _WINDOW) : found.start]
    after = text[found.end : found.end + _WINDOW]
    given: dict[EntityType, int] = {}
    person = 0
    first, *rest = found.text.split()
    if told_by_words(found.text) is None:
        person += 3 if rest and first in given_names() else 0
        role = roles.role_before(text, found.start)
        person += 3 if role and role.title and not role.title.endswith("s") else 0
        person += 3 if _AGE.match(after) or _RELATIVE.match(after) else 0
        person += 1 if _SPEAKS.match(after) else 0
        if _WHERE.search(before) and not person:
            given[EntityType.PLACE] = 2
        if _DEFINITE.search(before) and not person:
            given[EntityType.ORGANISATION] = 1
    if person:
        given[EntityType.PERSON] = person
    return given
