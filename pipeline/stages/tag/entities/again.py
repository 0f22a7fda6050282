"""Looks for names once found again in the rest of the article: the model sees each paragraph alone and misses some."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import EntityType, Field
from pipeline.stages.tag.entities.candidates import PARTICLES, Found, may_begin_a_name, stretches, without_overlap
from pipeline.stages.tag.passage import Passage

MIN_CHARS = 3
MAX_PARTICLE = 8
_WORD_BEFORE = re.compile(r"(?:^|(?<=\W))(\w+)\s$")
MAX_NAMES = 400


def with_repeats(found: Sequence[Found], passages: Sequence[Passage]) -> list[Found]:
    """The places found, and those where the same names stand again, in text order.

    In a headline, where capitals and clipped grammar mislead the model, the names of the body go first.
    """
    body = [one for one in found if passages[one.passage].field == Field.BODY]
    names = _names(body or found)
    if not names:
        return list(found)
    pattern = _pattern(names)
    result: list[Found] = []
    places: dict[int, list[Found]] = defaultdict(list)
    for one in found:
        places[one.passage].append(one)
    for number, passage in enumerate(passages):
        headline = passage.field == Field.HEADLINE and bool(body)
        repeats = [
            repeat
            for match in pattern.finditer(passage.cased)
            if headline or _stands_alone(passage, *match.span())
            for repeat in [_repeat(number, passage, match, names[match.group()])]
        ]
        first, second = (repeats, places[number]) if headline else (places[number], repeats)
        first = without_overlap(first)
        taken = stretches(first)
        added = without_overlap(one for one in second if not taken.touch(one.start, one.end))
        result += sorted([*first, *added], key=lambda one: one.start)
    return result


def _repeat(number: int, passage: Passage, match: re.Match[str], source: Found) -> Found:
    """The same thing at this place; of a person with the given names before the surname."""
    start, end = match.span()
    if source.type == EntityType.PERSON:
        start = _with_given_names(passage, _with_particles(passage.cased, start, source.text))
    return replace(source, passage=number, start=start, end=end, text=passage.cased[start:end])


def _with_particles(text: str, start: int, full: str) -> int:
    """Where the surname begins with the small words that the full name has: "van der Meulen", "Van der Meulen"."""
    while match := _WORD_BEFORE.search(text, max(0, start - MAX_PARTICLE), start):
        word = match.group(1).lower()
        if word not in PARTICLES or f" {word} " not in full.lower():
            break
        start = match.start(1)
    return start


def _with_given_names(passage: Passage, start: int) -> int:
    span = passage.doc.char_span(start, start + 1, alignment_mode="expand")
    at = span.start if span is not None else 0
    while at > 0:
        before = passage.doc[at - 1]
        is_name = before.pos_ == "PROPN" and before.text[:1].isupper() and before.text[1:].islower()
        if not is_name or before.whitespace_ != " " or not may_begin_a_name(before.text) or before.ent_type_ == "DATE":
            break
        at -= 1
        start = before.idx
    return start


def _names(found: Sequence[Found]) -> dict[str, Found]:
    """What to look for: full names, and the surnames of people."""
    names: dict[str, Found] = {}
    for one in found:
        if one.type in (EntityType.GROUP, EntityType.OBJECT) or len(names) >= MAX_NAMES:
            continue
        if len(one.text) >= MIN_CHARS and one.text[:1].isalpha():
            names.setdefault(one.text, one)
        words = one.text.split()
        if one.type == EntityType.PERSON and len(words) > 1 and len(words[-1]) >= MIN_CHARS:
            names.setdefault(words[-1], one)
    return names


def _pattern(names: dict[str, Found]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def _stands_alone(passage: Passage, start: int, end: int) -> bool:
    """Whether the words are a name here, and not part of a longer one."""
    span = passage.doc.char_span(start, end)
    if span is None:
        return False
    after = passage.doc[span.end] if span.end < len(passage.doc) else None
    acts = after is not None and after.tag_ in ("MD", "VBD", "VBZ")  # at the beginning of a sentence the tagger errs
    if not acts and not any(token.pos_ == "PROPN" for token in span):
        return False
    return not (after is not None and after.pos_ == "PROPN" and after.text[:1].isupper() and span[-1].whitespace_)
