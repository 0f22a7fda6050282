"""The headline of a plain text: its first line, where it looks like one."""

from __future__ import annotations

import re

from pipeline.stages.clean.dateline import split_dateline

MAX_HEADLINE_CHARS = 200
_ABBREVIATION = re.compile(r"(?:\b[A-Z]\.){2,}[\"'”’)]*$")
_LIST_MARK = re.compile(r"[•▪◦‣*–—-]\s")


def find_headline(text: str) -> tuple[str | None, str]:
    """The first line, if it is short, ends without a full stop and has a blank or a longer line after it; the rest.

    A dateline, a byline and a bullet are no headline. A text of one line has none.
    """
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return None, text
    head, rest = lines[first].strip(), lines[first + 1 :]
    following = next((line.strip() for line in rest if line.strip()), None)
    if following is None or len(head) > MAX_HEADLINE_CHARS or not any(character.isalpha() for character in head):
        return None, text
    if not (not rest[0].strip() or len(following) > len(head)):
        return None, text
    if _ends_a_sentence(head) or _LIST_MARK.match(head) or re.match(r"by\s", head, re.IGNORECASE):
        return None, text
    if split_dateline(head, None)[0] is not None:
        return None, text
    return head, "\n".join(rest)


def _ends_a_sentence(line: str) -> bool:
    return line.rstrip("\"'”’)").endswith((".", ":", ";", ",")) and not _ABBREVIATION.search(line)
