"""What kind of thing each name is: one reading for one name in one article."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from pipeline.model import EntityType, MentionKind
from pipeline.stages.tag.entities import evidence
from pipeline.stages.tag.entities.candidates import Found, as_type
from pipeline.stages.tag.entities.people import bare, core, name_key

MODEL = 3.0  # what the model's own reading counts, beside the reasons of `evidence`
MAX_WORDS = 8
FIRM = 6.0  # what it counts that a name is another one's without "Ltd": "John Labatt"
NEIGHBOUR = 1.5  # what a name listed beside it counts
_LISTED = re.compile(r"\s?(?:\([^()]{0,20}\)\s?)?(?:,|;|/|,? and|,? or)\s")
_ACTS = re.compile(r" (?:said|will|would|is|was|has|had|says|plans|agreed|may|could|also)\b|['’]s ")
_PLACED = re.compile(r"(?:^|\W)(?:in|near|at|from|to|outside|of)\s$", re.IGNORECASE)


def settled(found: Sequence[Found], texts: Sequence[str]) -> list[Found]:
    """One reading for one name in one article: what the model and the words around all its places say together."""
    clubs = {one.text for one in found if _is_city(one) and evidence.plays(one, texts[one.passage])}
    found = [as_type(one, EntityType.ORGANISATION) if one.text in clubs and _is_city(one) else one for one in found]
    found = _with_firms(found, texts)
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
    for short, full in _parts(own):
        if bare(full) == bare(short) != name_key(full):
            own[short][EntityType.ORGANISATION] += FIRM
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
    return _with_surnames(found, texts, reading)


def _with_firms(found: Sequence[Found], texts: Sequence[str]) -> list[Found]:
    """The places; a demonym that acts is short for a firm of the article: "American said", of American Airlines."""
    firms = {one.text.split()[0] for one in found if one.type == EntityType.ORGANISATION and " " in one.text}
    return [
        as_type(one, EntityType.ORGANISATION)
        if one.kind == MentionKind.NOMINAL and one.text in firms and _ACTS.match(texts[one.passage], one.end)
        else one
        for one in found
    ]


def _is_city(one: Found) -> bool:
    return one.known is not None and one.known.label == "GPE" and one.known.iso2 is None and not one.known.ids


def _with_surnames(found: Sequence[Found], texts: Sequence[str], reading: Mapping[str, EntityType]) -> list[Found]:
    """The places in their settled kind; a known person's name alone is that person, even if a place has it too."""
    people = {core(name) for name, kind in reading.items() if kind == EntityType.PERSON}
    people |= {core(one.text) for one in found if one.known and one.type == EntityType.PERSON}
    surnames = {name[-1] for name in people if len(name) > 1}
    given = {name[0] for name in people if len(name) > 1}
    peoples = {one.known.key for one in found if one.known and one.kind == MentionKind.NOMINAL}
    result = []
    for one in found:
        kind = one.type if one.known else reading[one.text]
        name = core(one.text)
        # "Jordan" is Michael Jordan, but not where Jordanians are; "Sydney" is Sydney Albright, but not "in Sydney".
        open_to_people = one.kind == MentionKind.NAME and not (one.known and one.known.key in peoples)
        open_to_people = open_to_people and not (one.known and one.known.listed)
        placed = _PLACED.search(texts[one.passage][max(0, one.start - 9) : one.start])
        if len(name) == 1 and open_to_people and (name[0] in surnames or (name[0] in given and not placed)):
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
    """Shorter names with the longer names of this article that begin with them, or end with their one word."""
    names = dict.fromkeys(names)
    for full in names:
        words_of = full.split()
        beginnings = [" ".join(words_of[:size]) for size in range(1, min(len(words_of), MAX_WORDS))]
        shorter = dict.fromkeys([*beginnings, words_of[-1]])
        yield from ((short, full) for short in shorter if short in names and short != full)
