"""Looks for names once found again in the rest of the article: the model sees each paragraph alone and misses some."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import EntityType
from pipeline.stages.tag.entities.candidates import Found, in_capitals
from pipeline.stages.tag.passage import Passage

MIN_CHARS = 3
MAX_NAMES = 400
_WORD_CHARS = r"[\w]"


def found_again(found: Sequence[Found], passages: Sequence[Passage]) -> list[Found]:
    """Places of known names that do not overlap a place found before."""
    names = _names(found)
    if not names:
        return []
    exact = _pattern(names)
    folded = {name.upper(): one for name, one in names.items()}
    capitals = _pattern(folded)
    taken: dict[int, list[Found]] = {}
    for one in found:
        taken.setdefault(one.passage, []).append(one)
    result = []
    for number, passage in enumerate(passages):
        text = passage.doc.text
        shouted = in_capitals(text)
        for match in (capitals if shouted else exact).finditer(text):
            start, end = match.span()
            if any(t.start < end and start < t.end for t in taken.get(number, ())):
                continue
            if not shouted and not _stands_alone(passage, start, end):
                continue
            source = (folded if shouted else names)[match.group()]
            result.append(replace(source, passage=number, start=start, end=end, text=match.group()))
    return result


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
    if span is None or not any(token.tag_ in ("NNP", "NNPS") for token in span):
        return False
    after = passage.doc[span.end] if span.end < len(passage.doc) else None
    return not (
        after is not None and after.tag_ in ("NNP", "NNPS") and after.text[:1].isupper() and span[-1].whitespace_
    )
