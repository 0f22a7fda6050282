"""What kind of thing a name is, told by the words in and around it: the model often errs on names it never saw.

Each place gives votes for reasons. A reason that returns counts less each time, since an article says the same thing
in the same way.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache

from pipeline.model import EntityType
from pipeline.stages.tag.entities import roles
from pipeline.stages.tag.entities.candidates import Found
from pipeline.stages.tag.entities.cities import cities_named
from pipeline.stages.tag.entities.gazetteer import look_up
from pipeline.stages.tag.entities.words import given_names, told_by_words
from pipeline.stages.tag.tables import rows, words

PERSON, ORGANISATION, PLACE = EntityType.PERSON, EntityType.ORGANISATION, EntityType.PLACE
Vote = tuple[EntityType, str, float]
"""For which kind, for which reason, and how strongly."""
Tally = defaultdict[EntityType, float]

_WINDOW = 60
_WORD = re.compile(r"[\w-]+")
_AGE = re.compile(r"\s?, (?:aged )?\d\d?(?:,|\.| and\b)|\s?\(\d\d\)")
_RELATIVE = re.compile(r",? who(?:se|m)?\b")
_APPOSITION = re.compile(
    r"\s?, (?:an?|the|one of the|another|formerly an?|then an?) ((?:[\w'’&-]+ ?){1,7})(?:[,.;:(]|$)", re.IGNORECASE
)
_PRONOUN_NEXT = re.compile(r"[^.\n]{0,100}\. (?:He|She)\b")
_POSSESSED = re.compile(r"\s?['’]\s?s? ([a-z-]+)")
_NEXT = re.compile(r" ([a-z-]+)")
_GOALS = re.compile(r" \d{1,2}(?:[,;]| [A-Z(]|-\d)")
_NEXT_NAME = re.compile(r"\s?, ([A-Z][\w.]*(?: [A-Z][\w.]*)?)")
_ACRONYM_AFTER = re.compile(r"\s\(\s?[A-Z][A-Za-z-]*[A-Z]\s?\)")
_INITIAL = re.compile(r"(?:[A-Z]\.\s?)+[A-Z][a-z]|[A-Z][\w'’-]+ [A-Z]\. [A-Z]")
_CAMEL = re.compile(r"(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bLa)(?<!\bDi)(?<!\bVan)(?<!\bFitz)(?<!\bO['’])(?<=[a-z])[A-Z]")
_STOPS = words(
    "of in from at who that which with for on and or near based whose where to by as was is has had under into about"
)

_SPOKE = re.compile(
    r"[\"”,] ?(?:said|says|added|explains?|explained|recall(?:s|ed)|admit(?:s|ted)|writes|wrote|continues|recalls)\s$"
)


@cache
def kind_nouns() -> dict[str, EntityType]:
    """Common nouns -> the kind of thing a name beside them is (``kind_nouns.tsv``)."""
    return {row["noun"]: EntityType(row["type"]) for row in rows("kind_nouns.tsv")}


@cache
def _cue(name: str) -> frozenset[str]:
    """The words of a cue (``cue_words.tsv``)."""
    return frozenset(row["word"] for row in rows("cue_words.tsv") if row["cue"] == name)


def votes(found: Found, text: str) -> list[Vote]:
    """The votes of one place."""
    before = text[max(0, found.start - _WINDOW) : found.start]
    after = text[found.end : found.end + 2 * _WINDOW]
    given = [*_inside(found.text), *_after(after), *_before(before)]
    role = roles.role_before(text, found.start)
    if role and role.title and not role.title.endswith("s"):
        given.append((PERSON, "title", 3.0))
    return given


def _inside(name: str) -> list[Vote]:
    given: list[Vote] = []
    first, *rest = name.split()
    if word := told_by_words(name):
        given.append((word.type, "word", 4.0))
    elif rest and first in given_names():
        given.append((PERSON, "given name", 3.0))
    elif _INITIAL.match(name):
        given.append((PERSON, "initial", 3.0))
    if _is_city(name):
        given.append((PLACE, "city", 2.0))
    if name.isupper() and not rest and name.isalpha() and len(name) < 7:
        given.append((ORGANISATION, "capitals", 1.5))
    if _CAMEL.search(name):
        given.append((ORGANISATION, "camel", 2.0))
    if "&" in name:
        given.append((ORGANISATION, "ampersand", 2.0))
    return given


def _is_city(name: str) -> bool:
    return any(city.population >= 15_000 for city in cities_named(name))


def _after(after: str) -> list[Vote]:
    given: list[Vote] = []
    if _AGE.match(after) or _RELATIVE.match(after):
        given.append((PERSON, "age or who", 3.0))
    if _PRONOUN_NEXT.match(after):
        given.append((PERSON, "he or she", 1.0))
    if (apposition := _APPOSITION.match(after)) and (kind := _head_kind(apposition.group(1))):
        given.append((kind, "apposition", 3.0))
    if possessed := _POSSESSED.match(after):
        given += _owner(possessed.group(1))
    elif following := _NEXT.match(after):
        given += _modifier(following.group(1))
    if _ACRONYM_AFTER.match(after):
        given.append((ORGANISATION, "acronym after", 2.0))
    if place := _NEXT_NAME.match(after):
        known = look_up(place.group(1))
        if known and known.type is PLACE:
            given.append((PLACE, "country after", 2.0))
    return given


def _head_kind(phrase: str) -> EntityType | None:
    """What the head of a noun phrase says: "smallholder farmer from ..." -> person."""
    head = ""
    for word in phrase.split():
        if word.lower() in _STOPS:
            break
        head = word
    return kind_nouns().get(head.lower())


def _owner(noun: str) -> list[Vote]:
    if noun in _cue("kin"):
        return [(PERSON, "kin", 2.0)]
    if noun in _cue("lived in"):
        return [(PLACE, "its people", 2.0)]
    return [(ORGANISATION, "its people", 2.0)] if noun in _cue("led") else []


def _modifier(word: str) -> list[Vote]:
    if word in _cue("speaks"):
        return [(PERSON, "speaks", 1.0)]
    if word in _cue("lives"):
        return [(PERSON, "lives", 1.0)]
    if word in _cue("trades"):
        return [(ORGANISATION, "trades", 0.7)]
    if word in _cue("led"):
        return [(ORGANISATION, "led", 2.0)]
    if word in _cue("lived in") or word == "-based":
        return [(PLACE, "lived in", 2.0)]
    if word in _cue("ruled"):
        return [(PERSON, "rules", 2.0)]
    kind = kind_nouns().get(word)
    return [(kind, "noun after", 3.0)] if kind and kind is not PERSON else []


def _before(before: str) -> list[Vote]:
    given: list[Vote] = []
    if _SPOKE.search(before):
        given.append((PERSON, "speaker", 2.0))
    parts = _WORD.findall(before)
    if parts and before.endswith(f"{parts[-1]}, ") and (kind := kind_nouns().get(parts[-1].lower())):
        return [*given, (kind, "noun and comma", 1.5)]
    if not parts or not before.endswith(" ") or before[-2:-1] in ",;:.!?)":
        return given
    last, former = parts[-1], parts[-2].lower() if len(parts) > 1 else ""
    lower = last.lower()
    if lower in _cue("in"):
        given.append((PLACE, "in", 2.0))
    elif lower == "from":
        given.append((PLACE, "from", 1.0))
    elif lower == "to" and former in _cue("go"):
        given.append((PLACE, "goes to", 2.0))
    elif lower == "the":
        given.append((ORGANISATION, "definite", 1.0))
        given.append((PERSON, "definite", -1.5))
    elif lower in ("of", "for") and former in _cue("seat of"):
        given.append((PLACE, "seat", 2.5))
    elif lower == "of":
        given += _of(former)
    elif lower == "at":
        given.append((PLACE, "at", 0.7))
    elif last.islower() and (kind := kind_nouns().get(lower)):
        given.append((kind, "noun before", 3.0))
    return given


def _of(noun: str) -> list[Vote]:
    if noun in _cue("kin of"):
        return [(PERSON, "of kin", 2.0)]
    if noun in _cue("part of"):
        return [(ORGANISATION, "part of", 1.5)]
    return [(PLACE, "of", 3.0)] if kind_nouns().get(noun) is PLACE else []


def plays(found: Found, text: str) -> bool:
    """Whether a club is meant that bears its city's name: "Liverpool beat", "Liverpool 2"."""
    following = _NEXT.match(text, found.end)
    return bool(following and following.group(1) in _cue("plays")) or bool(_GOALS.match(text, found.end))


def tally(given: Counter[Vote]) -> Tally:
    """The sum of the votes: a reason that came n times counts as its strength times the root of n."""
    total: Tally = defaultdict(float)
    for (kind, _, strength), count in given.items():
        total[kind] += strength * count**0.5
    return total
