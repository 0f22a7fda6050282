"""Cuts an article into the pieces that the model parses: the headline, and the body's paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.model import CleanArticle, Field

# spaCy refuses a million characters and takes some GB for them. No real paragraph is longer than this, and a text of
# nothing but punctuation, a word a character, takes some hundred MB.
MAX_PASSAGE_CHARS = 20_000
# No word and no address is longer; the tokenizer's time is quadratic in what stands between two spaces.
MAX_WORD_CHARS = 1_000

_TOO_LONG_WORD = re.compile(rf"\S{{{MAX_WORD_CHARS + 1},}}")
_LINE = re.compile(r"[^\n]+")

Piece = tuple[Field, int, str]
"""Field, code point at which it begins, text."""


def cut(article: CleanArticle, max_chars: int) -> tuple[list[Piece], bool]:
    """Cut an article into pieces of at most ``MAX_PASSAGE_CHARS`` code points, ``max_chars`` in all.

    Returns:
        The pieces in text order, none of them blank, and whether that is all of the text. What is left out: the text
        beyond ``max_chars``, and words of more than ``MAX_WORD_CHARS`` code points.
    """
    pieces: list[Piece] = []
    left, whole = max_chars, True
    for field, text in ((Field.HEADLINE, article.headline or ""), (Field.BODY, article.body)):
        kept = text[:left]
        left -= len(kept)
        readable = [piece for line in _LINE.finditer(kept) for piece in _readable(line.group(), line.start())]
        whole = whole and len(kept) == len(text) and not _TOO_LONG_WORD.search(kept)
        pieces += [(field, start, part) for start, part in readable if part.strip()]
    return pieces, whole


def _readable(line: str, start: int) -> Iterator[tuple[int, str]]:
    """The line without its too long words, in pieces that the model takes."""
    at = 0
    for gap in [*_TOO_LONG_WORD.finditer(line), None]:
        end = gap.start() if gap else len(line)
        yield from _short(line[at:end], start + at)
        at = gap.end() if gap else end


def _short(text: str, start: int) -> Iterator[tuple[int, str]]:
    while len(text) > MAX_PASSAGE_CHARS:
        space = max(text.rfind(" ", 0, MAX_PASSAGE_CHARS), text.rfind("\t", 0, MAX_PASSAGE_CHARS))
        end = space + 1 if space > 0 else MAX_PASSAGE_CHARS
        yield start, text[:end]
        text, start = text[end:], start + end
    yield start, text
