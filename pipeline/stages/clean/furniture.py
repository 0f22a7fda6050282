"""What surrounds a story and is not part of it: sign-offs, codes, contacts, promotion; marks of bullets."""

from __future__ import annotations

import re
from functools import cache

from pipeline.stages.clean.tables import rows

_TAIL_CHARS = 600
_SPLIT_SIGN_OFF_LINES = 6
_MAX_LINE_CHARS = 800
_SIGN_OFF_OPENS = re.compile(r"[(\[](?:additional )?(?:reporting|writing|editing|compiled) by\b", re.IGNORECASE)
_BULLET = re.compile(r"(?:[•▪▫◦‣⁃·●○■□►*–—-]|--)[ \t\u00a0]+(?=\S)")


def without_furniture(lines: list[str]) -> list[str]:
    """The lines of a story without what ``furniture.tsv`` names and without lines that hold no letter and no digit."""
    kept = [line for line in lines if _says_something(line) and not _is_any(line, "LINE")]
    while kept:
        if (start := _split_sign_off(kept)) is not None:
            kept[start:] = [line for line in [_before_sign_off(kept[start])] if line]
        elif _is_any(kept[-1], "LINE") or _is_any(kept[-1], "END") or not _says_something(kept[-1]):
            kept.pop()
        elif (shorter := _without_tail(kept[-1])) != kept[-1]:
            kept[-1] = shorter
        else:
            break
    return kept


def without_bullet(line: str) -> str:
    """The line without the mark of a bullet before it; the mark must be followed by a space."""
    return _BULLET.sub("", line, count=1) if _BULLET.match(line) else line


@cache
def _patterns(where: str) -> tuple[re.Pattern[str], ...]:
    end = "$" if where == "TAIL" else ""
    patterns = (row["pattern"] for row in rows("furniture.tsv") if row["where"] == where)
    return tuple(re.compile(f"(?:{pattern}){end}", re.IGNORECASE) for pattern in patterns)


def _is_any(line: str, where: str) -> bool:
    return len(line) <= _MAX_LINE_CHARS and any(pattern.fullmatch(line) for pattern in _patterns(where))


def _says_something(line: str) -> bool:
    return any(character.isalnum() for character in line)


def _without_tail(line: str) -> str:
    start = max(0, len(line) - _TAIL_CHARS)
    for pattern in _patterns("TAIL"):
        if match := pattern.search(line, start):
            return line[: match.start()].rstrip()
    return line


def _split_sign_off(lines: list[str]) -> int | None:
    """The line on which a bracket opens that holds the sign-off and closes on the last line."""
    if not lines[-1].endswith((")", "]")):
        return None
    for number in range(len(lines) - 1, max(-1, len(lines) - 1 - _SPLIT_SIGN_OFF_LINES), -1):
        match = _last_opening(lines[number])
        if match is not None and not re.search(r"[)\]]\s*\S", lines[number][match:]):
            return number
    return None


def _last_opening(line: str) -> int | None:
    starts = [match.start() for match in _SIGN_OFF_OPENS.finditer(line)]
    return starts[-1] if starts else None


def _before_sign_off(line: str) -> str:
    start = _last_opening(line)
    return line[:start].rstrip() if start is not None else line
