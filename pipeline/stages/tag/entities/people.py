"""Which person a name stands for in an article: the one it names in full, or the one of that surname."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pipeline.stages.tag.entities.candidates import PARTICLES, Found
from pipeline.stages.tag.tables import words

Name = tuple[str, ...]

# More people who share a word of their names than that are no sign of anything; a text can be made of them.
MAX_NAMESAKES = 50
_SUFFIXES = words("jr sr ii iii")
_FIRM = words(
    "inc corp corporation ltd limited co company plc llc ag sa nv gmbh group holdings bank bhd sdn pty ab asa oyj spa"
)
_ARTICLE = re.compile(r"\b(?:al|el)[- ]")
_VOWELS = re.compile(r"[aeiouy']")
_SOUNDS = str.maketrans({"q": "k", "c": "k", "z": "s", "w": "v"})
MIN_SPELLING = 5
"""Given names shorter than that are not compared by their sound."""


def name_key(name: str) -> str:
    """A name as it is compared: without case, dots, hyphens' and apostrophes' form, and double spaces."""
    plain = name.casefold().replace("’", "'").replace(".", "").replace("-", " ")
    return " ".join(plain.split())


def bare(name: str) -> str:
    """A firm's name as it is compared: without "Inc", "Ltd" and the like."""
    parts = name_key(name).split()
    while len(parts) > 1 and parts[-1] in _FIRM:
        parts.pop()
    return " ".join(parts)


def core(name: str) -> Name:
    """The words of a person's name that tell people apart: without particles, "al-" and "Jr."."""
    parts = _ARTICLE.sub("", name_key(name)).split()
    return tuple(word for word in parts if word not in PARTICLES and word not in _SUFFIXES)


def persons(found: Sequence[Found]) -> list[str]:
    """A key for the person at each place, in the order of the places, which is that of the text.

    A longer name that ends or begins with the words is the same person, if there is one only. A single name that
    several people bear is the one who was named in full in an earlier paragraph than the others, since articles call
    their main person by the surname; where there is none such, it stays by itself.
    """
    names = [core(one.text) or (name_key(one.text),) for one in found]
    whole = _whole([name for name in dict.fromkeys(names) if len(name) > 1])
    bearers = _bearers(dict.fromkeys(whole.values()))
    first: dict[Name, int] = {}
    for one, name in zip(found, names, strict=True):
        if len(name) > 1:
            first.setdefault(whole[name], one.passage)
    people = (whole[name] if len(name) > 1 else _bearer(name, bearers.get(name[0], ()), first) for name in names)
    return [" ".join(person) for person in people]


def _bearers(people: dict[Name, None]) -> dict[str, list[Name]]:
    """Each word that people are called by alone -> those people, in order of first mention."""
    found: dict[str, list[Name]] = defaultdict(list)
    inner: dict[str, list[Name]] = defaultdict(list)
    for person in people:
        for word in dict.fromkeys((person[-1], person[0])):
            found[word].append(person)
        for word in person[1:-1]:
            inner[word].append(person)
    for word, persons_of in inner.items():
        if word not in found and len(persons_of) == 1 and len(word) > 1:
            found[word] = persons_of
    return {word: persons_of for word, persons_of in found.items() if len(persons_of) <= MAX_NAMESAKES}


def _bearer(name: Name, bearers: Sequence[Name], first: Mapping[Name, int]) -> Name:
    """The one who is called so: of several the one who was named in full in an earlier paragraph than the others."""
    if len(bearers) <= 1:
        return bearers[0] if bearers else name
    main, second = sorted(bearers, key=lambda person: first[person])[:2]
    return main if first[main] < first[second] else name


def _whole(names: list[Name]) -> dict[Name, Name]:
    """Each full name -> the fullest form of it: "H. Rezaei" and "Hossein Rezaei", "Regula Marquardt" and "... Frey"."""
    by_word: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        for word in {name[0], name[-1]}:
            by_word[word].append(name)
    crowded = {
        word for word, count in Counter(w for n in names for w in {n[0], n[-1]}).items() if count > MAX_NAMESAKES
    }
    result = {}
    for name in names:
        near = [other for word in {name[0], name[-1]} - crowded for other in by_word[word]]
        longer = sorted({other for other in near if _is_short_for(name, other)}, key=lambda other: (-len(other), other))
        one = bool(longer) and all(other == longer[0] or _is_short_for(other, longer[0]) for other in longer)
        result[name] = longer[0] if one else name
    return result


def _is_short_for(name: Name, other: Name) -> bool:
    """Whether a full name is a shorter form, or another spelling, of another one."""
    if name == other:
        return False
    if len(name) < len(other):
        ends = other[-len(name) :] == name or other[: len(name)] == name
        return ends or (other[0] == name[0] and other[-1] == name[-1])
    if len(name) != len(other) or name[1:] != other[1:]:
        return (
            len(name) == len(other) == 2
            and name[0] == other[0]
            and _sound(name[1]) == _sound(other[1])
            and name > other
        )
    if len(name[0]) == 1:
        return other[0].startswith(name[0])
    return min(len(name[0]), len(other[0])) >= MIN_SPELLING and _sound(name[0]) == _sound(other[0]) and name > other


def _sound(word: str) -> str:
    """What is left of a word whichever way it was transliterated: "muqtada", "moqtada" -> "mktd"."""
    return re.sub(r"(.)\1+", r"\1", word[:1] + _VOWELS.sub("", word[1:].translate(_SOUNDS)))
