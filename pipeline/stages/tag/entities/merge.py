"""From places in the text to things: what names the same is one entity."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from pipeline.model import EntityType, MentionKind
from pipeline.stages.tag.entities import evidence
from pipeline.stages.tag.entities.candidates import PARTICLES, Found, as_type
from pipeline.stages.tag.tables import words

# More people of one surname than that are no sign of anything.
MAX_NAMESAKES = 50
MODEL = 3.0  # what the model's own reading counts, beside the reasons of `evidence`
_SUFFIXES = words("inc corp corporation ltd limited co company plc llc ag sa nv gmbh group holdings bank")
NEIGHBOUR = 1.5  # what a name listed beside it counts
_LISTED = re.compile(r"\s?(?:\([^()]{0,20}\)\s?)?(?:,|;|/|,? and|,? or)\s")
_ACRONYM = re.compile(r"\s?\(([A-Z][A-Za-z&.-]{1,9})\)")


def name_key(name: str) -> str:
    """A name as it is compared: without case, dots, hyphens' and apostrophes' form, "al-" and double spaces."""
    plain = name.casefold().replace("’", "'").replace(".", "").replace("-", " ")
    return " ".join(plain.split())


def settled(found: Sequence[Found], texts: Sequence[str]) -> list[Found]:
    """One reading for one name in one article: what the model and the words around all its places say together."""
    unsure = [one for one in found if not one.known]
    given: dict[str, Counter[evidence.Vote]] = defaultdict(Counter)
    labels: dict[str, Counter[EntityType]] = defaultdict(Counter)
    for one in unsure:
        labels[one.text][one.type] += 1
        given[one.text].update(evidence.votes(one, texts[one.passage]))
    own = {name: evidence.tally(votes) for name, votes in given.items()}
    for name, label in labels.items():
        for kind, count in label.items():
            own[name][kind] += MODEL * count / label.total()
    total = {name: own[name].copy() for name in own}
    for short, full in _parts(own):
        for kind, strength in own[full].items():
            total[short][kind] += strength
        for kind, strength in own[short].items():
            total[full][kind] += strength / 2
    reading = {name: _strongest(tally) for name, tally in total.items()}
    for name, kind, strength in list(_neighbours(found, texts, reading)):
        total[name][kind] += strength
    reading = {name: _strongest(tally) for name, tally in total.items()}
    return _with_surnames(found, reading)


def _with_surnames(found: Sequence[Found], reading: Mapping[str, EntityType]) -> list[Found]:
    """The places in their settled kind; a known person's surname is that person, even if it is a country's name too."""
    people = {_core(name) for name, kind in reading.items() if kind == EntityType.PERSON}
    people |= {_core(one.text) for one in found if one.known and one.type == EntityType.PERSON}
    surnames = {core[-1] for core in people if len(core) > 1}
    peoples = {one.known.key for one in found if one.known and one.kind == MentionKind.NOMINAL}
    result = []
    for one in found:
        kind = one.type if one.known else reading[one.text]
        core = _core(one.text)
        # "Jordan" is Michael Jordan, but not where Jordanians are spoken of.
        open_to_people = not one.known or one.known.iso2 is None or one.known.key not in peoples
        if len(core) == 1 and core[0] in surnames and open_to_people and one.kind == MentionKind.NAME:
            kind = EntityType.PERSON
        result.append(one if kind == one.type else as_type(one, kind))
    return result


def _strongest(tally: evidence.Tally) -> EntityType:
    return max(tally, key=lambda kind: tally[kind])


def _neighbours(
    found: Sequence[Found], texts: Sequence[str], reading: Mapping[str, EntityType]
) -> Iterator[tuple[str, EntityType, float]]:
    """What the names say that are listed beside a name: "Cusco, Lima and Ancash" are of one kind."""
    given: dict[str, Counter[EntityType]] = defaultdict(Counter)
    for one, other in pairwise(found):
        possessive = texts[other.passage][other.end : other.end + 3].lstrip()[:1] in ("'", "’")
        if (
            one.passage == other.passage
            and not possessive
            and _LISTED.fullmatch(texts[one.passage], one.end, other.start)
        ):
            for name, neighbour in ((one, other), (other, one)):
                if not name.known:
                    kind = neighbour.type if neighbour.known else reading[neighbour.text]
                    given[name.text][kind] += 1
    for text, near in given.items():
        yield from ((text, kind, NEIGHBOUR * count**0.5) for kind, count in near.items())


def _parts(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Single words with the longer names of this article that end, or begin, with them."""
    names = list(names)
    singles = {name for name in names if " " not in name}
    for full in names:
        words_of = full.split()
        if len(words_of) > 1:
            yield from ((word, full) for word in {words_of[0], words_of[-1]} if word in singles)


def grouped(found: Sequence[Found], texts: Sequence[str]) -> list[list[Found]]:
    """The places, one list for each thing, in order of first appearance."""
    groups: dict[tuple[EntityType, str], list[Found]] = {}
    people = _people([one.text for one in found if one.type == EntityType.PERSON])
    listed = {people[one.text]: one.known.key for one in found if one.type == EntityType.PERSON and one.known}
    organisations = _organisations(found, texts)
    for one in found:
        if one.type == EntityType.PERSON:
            key = listed.get(people[one.text], people[one.text])
        elif one.known:
            key = one.known.key
        elif one.type == EntityType.ORGANISATION:
            key = organisations[one.text]
        else:
            key = name_key(one.text)
        groups.setdefault((one.type, key), []).append(one)
    return list(groups.values())


def _core(name: str) -> tuple[str, ...]:
    """The words of a person's name that tell people apart: without particles, initials and "al-"."""
    parts = re.sub(r"\b(?:al|el)[- ]", "", name_key(name)).split()
    return tuple(word for word in parts if word not in PARTICLES and word not in ("jr", "sr", "ii", "iii"))


def _people(names: Iterable[str]) -> dict[str, str]:
    """Name -> key of the person: the fullest name in this article that ends (or begins) with its words.

    A surname that two people of this article share stays by itself.
    """
    cores = {name: _core(name) for name in dict.fromkeys(names)}
    by_last: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    by_first: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for core in cores.values():
        if len(core) > 1:
            by_last[core[-1]].add(core)
            by_first[core[0]].add(core)
    return {
        name: " ".join(_fullest_of(core, by_last[core[-1]], by_first[core[0]])) if core else name_key(name)
        for name, core in cores.items()
    }


def _fullest_of(
    core: tuple[str, ...], of_surname: Collection[tuple[str, ...]], of_first_name: Collection[tuple[str, ...]]
) -> tuple[str, ...]:
    """The one longer name that these words stand for, or the words themselves."""
    if max(len(of_surname), len(of_first_name)) > MAX_NAMESAKES:
        return core
    ends = [full for full in of_surname if len(full) > len(core) and _ends(full, core)]
    begins = [full for full in of_first_name if len(full) > len(core) == 1]
    candidates = sorted(ends or begins, key=lambda full: (-len(full), full))
    if candidates and all(_ends(candidates[0], other) or _begins(candidates[0], other) for other in candidates):
        return candidates[0]
    return core


def _ends(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    if longer[-len(shorter) :] == shorter:
        return True
    return len(shorter) > 1 and longer[0] == shorter[0] and longer[-1] == shorter[-1]


def _begins(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    return longer[: len(shorter)] == shorter


def _organisations(found: Sequence[Found], texts: Sequence[str]) -> dict[str, str]:
    """Name -> key of the organisation: acronyms go to the name before the bracket or to the name they abbreviate."""
    names = list(dict.fromkeys(one.text for one in found if one.type == EntityType.ORGANISATION))
    keys = {name: _bare(name) for name in names}
    for one in found:
        if one.type == EntityType.ORGANISATION:
            bracket = _ACRONYM.match(texts[one.passage], one.end)
            if bracket:
                keys[bracket.group(1)] = one.known.key if one.known else keys[one.text]
    initials = {_initials(name): keys[name] for name in names if len(name.split()) > 1}
    for name in names:
        if name.isupper() and keys[name] == _bare(name) and name.replace(".", "") in initials:
            keys[name] = initials[name.replace(".", "")]
    return keys


def _bare(name: str) -> str:
    parts = name_key(name).split()
    while len(parts) > 1 and parts[-1] in _SUFFIXES:
        parts.pop()
    return " ".join(parts)


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"\w+", name) if word[0].isupper())


def fullest(names: Sequence[str]) -> str:
    """The fullest form: most words, then longest, then first."""
    return max(names, key=lambda name: (len(name.split()), len(name)))


def kinds(found: Sequence[Found]) -> list[Found]:
    """The names among the places, or all of them where there is no name."""
    named = [one for one in found if one.kind == MentionKind.NAME]
    return named or list(found)
