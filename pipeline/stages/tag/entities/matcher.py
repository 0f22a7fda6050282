"""Finds thousands of names in a text in one pass: an Aho-Corasick automaton, at word boundaries, longest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick

APOSTROPHES = str.maketrans({"’": "'", "‘": "'"})

T = TypeVar("T")


class Matcher(Generic[T]):
    """Names, written with straight apostrophes, and what each of them means."""

    def __init__(self, table: Mapping[str, T]) -> None:
        """Builds the automaton: some milliseconds for each thousand names."""
        self.table = table
        self._names = list(table)
        self._automaton = AhoCorasick(self._names)

    def find(self, text: str) -> Iterator[tuple[int, int, T]]:
        """What is named in a text, without overlap, of two the one that begins first, then the longer.

        Yields:
            Code points ``[start, end)`` and what stands there.
        """
        plain = text.translate(APOSTROPHES)
        found = self._automaton.find_matches_as_indexes(plain, overlapping=True)
        after = 0
        for number, start, end in sorted(found, key=lambda match: (match[1], -match[2])):
            if start >= after and _is_whole(plain, start, end):
                yield start, end, self.table[self._names[number]]
                after = end

    def get(self, name: str) -> T | None:
        """What this name means, its apostrophes in either form."""
        return self.table.get(name.translate(APOSTROPHES))


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word goes on beyond the name to either side."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not ((before.isalnum() and text[start].isalnum()) or (after.isalnum() and text[end - 1] != "."))
