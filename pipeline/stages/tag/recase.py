"""Gives text in capitals ("LAVROV MEETS U.N. ENVOY"), or in small letters, the case that the model was trained on.

Only letters change, one for one: positions stay what they are, and the record keeps the text as it came.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipeline.stages.tag.entities.gazetteer import scan_capitals
from pipeline.stages.tag.entities.words import given_names
from pipeline.stages.tag.passages import Piece

_WORD = re.compile(r"[^\W\d_](?:[\w'’-]|\.(?=\w\.?))*\.?(?<![\w.]\.)|[^\W\d_]+")
_OPENS = re.compile(r"(?:^|[.!?:;]|--)[\s\"“”'‘’(]*$")
MIN_LETTERS = 9  # less is an acronym
MOST = 0.8  # of the letters


def in_capitals(text: str) -> bool:
    """Whether a text of several words is written in capitals, so that capitals tell nothing."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= MIN_LETTERS and sum(c.isupper() for c in letters) > MOST * len(letters)


def in_small_letters(text: str) -> bool:
    """Whether a text of a sentence or more has no capital at all."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 4 * MIN_LETTERS and all(c.islower() for c in letters)


def forms(texts: Iterable[str]) -> dict[str, str]:
    """Each word of the article in capitals -> how it is written where it does not begin a sentence."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        if in_capitals(text) or in_small_letters(text):
            continue
        for match in _WORD.finditer(text):
            if not _OPENS.search(text, max(0, match.start() - 6), match.start()):
                seen[match.group().upper()][match.group()] += 1
    return {upper: counted.most_common(1)[0][0] for upper, counted in seen.items()}


def in_running_case(pieces: Sequence[Piece]) -> list[str]:
    """The texts of an article's pieces, each in the case of running text and of its own length."""
    texts = [text for _, _, text in pieces]
    if not any(in_capitals(text) or in_small_letters(text) for text in texts):
        return texts
    written = forms(texts)
    return [recased(text, written) if in_capitals(text) or in_small_letters(text) else text for text in texts]


def recased(text: str, written: Mapping[str, str]) -> str:
    """The text in the case of running text, of the same length.

    Args:
        text: what `in_capitals` or `in_small_letters`.
        written: `forms` of the article.
    """
    upper = text.upper()
    if len(upper) != len(text):  # "ß" is two letters in capitals
        return text
    letters = [small if len(small := letter.lower()) == 1 else letter for letter in text]  # "İ" is two small ones
    for match in _WORD.finditer(upper):
        word = match.group()
        form = written.get(word) or (word.title() if word.title() in given_names() else None)
        if form is None and re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]\.?", word):
            form = word
        if form and len(form) == len(word):
            letters[match.start() : match.end()] = form
    for start, end, name in scan_capitals(upper):
        letters[start:end] = name
    first = next((at for at, letter in enumerate(letters) if letter.isalpha()), None)
    if first is not None:
        letters[first] = text[first].upper()
    return "".join(letters)
