"""From places in the text to things: what names the same is one entity."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipeline.model import EntityType, MentionKind
from pipeline.stages.tag.entities.candidates import Found
from pipeline.stages.tag.entities.people import bare, name_key, persons
from pipeline.stages.tag.tables import words

_ACRONYM = re.compile(r"\s?\([“\"]?([A-Z][A-Za-z&.-]{1,9})[”\"]?\)")
_SMALL = words("of the and for in on de del la le des du et y e to")
MIN_SHORT = 4
"""Letters of the first word of a name that may stand for the whole: "Mathare" for "Mathare United"."""


def grouped(found: Sequence[Found], texts: Sequence[str]) -> list[list[Found]]:
    """The places, one list for each thing, in order of first appearance."""
    groups: dict[tuple[EntityType, str], list[Found]] = {}
    at = [number for number, one in enumerate(found) if one.type == EntityType.PERSON]
    people = dict(zip(at, persons([found[number] for number in at]), strict=True))
    listed = {people[number]: known.key for number in at if (known := found[number].known)}
    organisations = _organisations(found, texts)
    for number, one in enumerate(found):
        if one.type == EntityType.PERSON:
            key = listed.get(people[number], people[number])
        elif one.known:
            key = one.known.key
        elif one.type == EntityType.ORGANISATION:
            key = organisations[one.text]
        else:
            key = name_key(one.text)
        groups.setdefault((one.type, key), []).append(one)
    return list(groups.values())


def _organisations(found: Sequence[Found], texts: Sequence[str]) -> dict[str, str]:
    """Name -> key of the organisation: acronyms and short forms go to the full name that the article has for them."""
    places = [one for one in found if one.type == EntityType.ORGANISATION]
    full = {one.text: one.known.key if one.known else bare(one.text) for one in places}
    known = {bare(one.text): one.known.key for one in places if one.known}
    full = {
        name: known.get(bare(name), key) for name, key in full.items()
    }  # "Boeing Co" beside the Boeing of our lists
    keys = dict(full)
    for one in places:
        bracket = _ACRONYM.match(texts[one.passage], one.end)
        if bracket:
            keys[bracket.group(1)] = keys[one.text]
    initials = {short: keys[name] for name in full if " " in name for short in _initials(name)}
    firsts = _firsts([name for name in full if " " in name])
    for name in full:
        if keys[name] == bare(name):
            plain = name.replace(".", "")
            short = initials.get(plain) if plain.isupper() else firsts.get(name_key(name))
            keys[name] = (short if plain.isupper() else keys[short] if short else None) or keys[name]
    return keys


def _firsts(names: Sequence[str]) -> dict[str, str]:
    """What a name is called by its beginning, or a firm by its last word -> that one name: "Amnesty", "Labatt"."""
    longer: dict[str, set[str]] = defaultdict(set)
    for name in names:
        parts = name_key(name).split()
        if len(parts[0]) >= MIN_SHORT:
            for size in range(1, len(parts)):
                longer[" ".join(parts[:size])].add(name)
        if bare(name) != " ".join(parts):  # a firm that bears a person's name: "Labatt", of John Labatt Ltd
            longer[bare(name).split()[-1]].add(name)
    return {short: names_of.pop() for short, names_of in longer.items() if len(names_of) == 1}


def _initials(name: str) -> Iterator[str]:
    """The acronyms of a name, with and without its small words and the parts of words with hyphens."""
    parts = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", name)
    large = [word for word in parts if word.casefold() not in _SMALL]
    yield "".join(word[0] for word in large).upper()
    yield "".join(word[0] for word in parts).upper()
    yield "".join(word[0] for word in re.split(r"[\s-]+(?=[^\W\d_a-z])", name) if word and word[0].isupper())


def fullest(names: Sequence[str]) -> str:
    """The fullest form: most words, then longest, then first."""
    return max(names, key=lambda name: (len(name.split()), len(name)))


def kinds(found: Sequence[Found]) -> list[Found]:
    """The names among the places, or all of them where there is no name."""
    named = [one for one in found if one.kind == MentionKind.NAME]
    return named or list(found)
