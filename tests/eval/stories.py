"""Reads the golden articles of ``stories/``: the text as a wire would send it, and every PLOVER event it tells of.

A file is: comment lines (``# published:``, ``# kind:``), the headline, a blank line, the paragraphs, a line ``---``,
and one JSON object a line. An event has ``type`` (or ``types``: any of them), ``quotes`` (a run of words for each
sentence that tells it, unique in the article) and what is known of it (`CHECKS`); ``"optional": true`` marks what two
coders may disagree on. ``{"none": run of words, "why": ...}`` marks a sentence from which nothing must come. In
``actors``, ``recipients`` and ``place`` a bar separates wordings any of which will do. A broken file fails with its
name and line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gold import BrokenGoldError

from pipeline.model import DateSource, EventType
from pipeline.stages.tag.events.lexicon import lexicon

STORIES = Path(__file__).with_name("stories")
KINDS = frozenset(
    ("conflict", "protest", "diplomacy", "politics", "court", "business", "sport", "disaster")
) | frozenset(("crime", "economy", "feature", "obituary", "history", "weather", "elections"))
TYPES = frozenset(EventType) - {EventType.UNKNOWN}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?|-W\d\d)?")
_COUNTRY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """One event of an article: ``wanted`` are those of the keys of `CHECKS` that the file gives."""

    line: int
    types: frozenset[str]
    quotes: tuple[str, ...]
    optional: bool
    wanted: Mapping[str, Any]

    @property
    def negated(self) -> bool:
        return bool(self.wanted.get("negated"))


@dataclass(frozen=True, slots=True)
class Nothing:
    """A run of words in a sentence from which no event must come, and why."""

    run: str
    why: str


@dataclass(frozen=True, slots=True)
class Story:
    """An article and its gold."""

    file: str
    published: date
    kind: str
    headline: str
    body: str
    events: tuple[GoldEvent, ...]
    nothing: tuple[Nothing, ...]


def stories(files: Sequence[Path] = ()) -> Iterator[Story]:
    """Those files, or all of ``stories/``, in the order of their names."""
    for file in files or sorted(STORIES.glob("*.txt")):
        yield read(file.read_text(encoding="utf-8"), file.name)


def read(text: str, file: str) -> Story:
    """One file.

    Raises:
        BrokenGoldError: with file and line of the first thing that is wrong.
    """
    lines = text.splitlines()
    head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    published, kind = _header(lines[:head], file)
    if lines.count("---") != 1:
        raise BrokenGoldError(file, len(lines), f"{lines.count('---')} lines '---', need one")
    end = lines.index("---")
    story = lines[head:end]
    if len(story) < 3 or not story[0].strip() or story[1].strip():
        raise BrokenGoldError(file, head + 1, "need a headline, a blank line and the body")
    paragraphs = [line for line in story[2:] if line.strip()]
    events: list[GoldEvent] = []
    nothing: list[Nothing] = []
    for number, line in enumerate(lines[end + 1 :], end + 2):
        if not line.strip():
            continue
        cells = _object(line, file, number)
        for run in _runs(cells, file, number):
            if sum(paragraph.count(run) for paragraph in (story[0], *paragraphs)) != 1:
                raise BrokenGoldError(file, number, f"not once in the article: {run!r}")
        if "none" in cells:
            nothing.append(Nothing(cells["none"], cells["why"]))
        else:
            events.append(_event(cells, file, number))
    return Story(file, published, kind, story[0], "\n".join(paragraphs), tuple(events), tuple(nothing))


def _header(head: Sequence[str], file: str) -> tuple[date, str]:
    cells = {key.strip(): value.strip() for line in head for key, _, value in [line.lstrip("# ").partition(":")]}
    if cells.get("kind") not in KINDS:
        raise BrokenGoldError(file, 1, f"need a line '# kind:' (one of {sorted(KINDS)})")
    try:
        return date.fromisoformat(cells.get("published", "")), cells["kind"]
    except ValueError as error:
        raise BrokenGoldError(file, 1, f"need a line '# published:': {error}") from error


def _object(line: str, file: str, number: int) -> dict[str, Any]:
    try:
        cells = json.loads(line)
    except ValueError as error:
        raise BrokenGoldError(file, number, f"no JSON: {error}") from error
    if not isinstance(cells, dict):
        raise BrokenGoldError(file, number, "no JSON object")
    return cells


def _runs(cells: Mapping[str, Any], file: str, number: int) -> list[str]:
    """The words of the article that the line is about."""
    if "none" in cells:
        if cells.keys() != {"none", "why"} or not _are_texts([*cells.values()]):
            raise BrokenGoldError(file, number, "need 'none' and 'why', two texts, and nothing else")
        return [cells["none"]]
    quotes = cells.get("quotes")
    if not _are_texts(quotes) or not quotes:
        raise BrokenGoldError(file, number, "need 'quotes', a list of texts")
    return list(quotes)


def _event(cells: dict[str, Any], file: str, number: int) -> GoldEvent:
    kinds = cells.get("types", [cells.get("type")])
    if not isinstance(kinds, list) or not kinds or not set(kinds) <= TYPES or ("types" in cells) == ("type" in cells):
        raise BrokenGoldError(file, number, f"type {kinds}: need one or a list of PLOVER's sixteen, in one of two keys")
    wanted = {key: value for key, value in cells.items() if key not in ("type", "types", "quotes", "optional")}
    for key, value in wanted.items():
        if key not in CHECKS or not CHECKS[key](value):
            raise BrokenGoldError(file, number, f"{key}: {value!r}")
    mode = wanted.get("mode")
    if mode is not None and not any((kind, mode) in lexicon().scales for kind in kinds):
        raise BrokenGoldError(file, number, f"{'/'.join(kinds)} has no mode {mode!r}")
    if not isinstance(cells.get("optional", False), bool):
        raise BrokenGoldError(file, number, f"optional: {cells['optional']!r}")
    return GoldEvent(number, frozenset(kinds), tuple(cells["quotes"]), cells.get("optional", False), wanted)


# ------------------------------------------------------------------------------------------------ what a key may hold


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)


def _is_text(value: object) -> bool:
    return value is None or _are_texts([value])


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_code(value: object) -> bool:
    return value is None or (isinstance(value, str) and _COUNTRY.fullmatch(value) is not None)


def _is_date(value: object) -> bool:
    return value is None or (isinstance(value, str) and _DATE.fullmatch(value) is not None)


def _is_source(value: object) -> bool:
    return value is None or value in set(DateSource)


def _is_count(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 2 or not isinstance(value[0], int):
        return False
    return value[1] is None or (isinstance(value[1], int) and value[0] <= value[1])


CHECKS: Mapping[str, Callable[[object], bool]] = {
    **dict.fromkeys(("actors", "recipients"), _are_texts),
    **dict.fromkeys(("mode", "place", "attributed_to"), _is_text),
    **dict.fromkeys(("negated", "future", "hypothetical", "historical"), _is_flag),
    **dict.fromkeys(("country", "actor_country", "actor_sector", "recipient_country", "recipient_sector"), _is_code),
    **dict.fromkeys(("dead", "injured", "arrested"), _is_count),
    "date": _is_date,
    "date_source": _is_source,
}
