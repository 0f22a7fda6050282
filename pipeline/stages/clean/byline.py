"""The line that says who wrote it, where it stands at the head of a body."""

from __future__ import annotations

import re

_NAME = r"(?:[^\W\d_][\w.'’-]*)"
_SMALL = frozenset(
    ("and", "de", "da", "di", "del", "der", "van", "von", "bin", "al", "el", "la", "le", "of", "for", "in")
)
_BYLINE = re.compile(rf"(?:By|BY|by) ({_NAME}(?:,? {_NAME}){{1,11}}),?=?")
_ONE_NAME = re.compile(rf"(?:By|BY) ({_NAME})=")
_JOB = re.compile(r"[A-Z][\w.'’ -]{2,60}=")
_DAYS_AND_MONTHS = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|november|december",
    re.IGNORECASE,
)
_HEAD_LINES = 3


def split_byline(lines: list[str]) -> tuple[str | None, list[str]]:
    """The byline among the first lines, without "By" and the mark of the wire (=), and the other lines."""
    for number, line in enumerate(lines[:_HEAD_LINES]):
        name = _name_in(line)
        if name is None:
            continue
        after = number + 1
        if after < len(lines) and line.endswith("=") and _JOB.fullmatch(lines[after]):
            after += 1
        return name, lines[:number] + lines[after:]
    return None, lines


def without_by(byline: str | None) -> str | None:
    """A byline as a field states it, without a leading "By"."""
    return re.sub(r"^by\s+", "", byline.strip(), flags=re.IGNORECASE) or None if byline else None


def _name_in(line: str) -> str | None:
    match = _BYLINE.fullmatch(line) or _ONE_NAME.fullmatch(line)
    if match is None or _DAYS_AND_MONTHS.search(line):
        return None
    words = re.findall(r"[^\s,]+", match[1])
    if line.endswith(".") or any(word[0].islower() and word not in _SMALL for word in words):
        return None
    return match[1].rstrip(",")
