"""Typed values out of a JSON object: what is wrong with a needed field is collected, an optional one becomes null."""

from __future__ import annotations

import re
from typing import Any

from pipeline.characters import normal_lines, without_controls
from pipeline.failures.reasons import Reason
from pipeline.model import Moment, Problem
from pipeline.stages.decode.limits import json_type
from pipeline.stages.decode.refused import Refused
from pipeline.stages.decode.times import parse_time

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")


class Fields:
    """One object being read. ``errors`` make it a dead letter, ``notes`` become the article's ``problems``."""

    def __init__(self, item: dict[str, Any]) -> None:
        self.item = item
        self.errors: list[Problem] = []
        self._notes: dict[Reason, None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """The codes of what could be lived with, each once, in the order found."""
        return tuple(reason.value for reason in self._notes)

    @property
    def has_wrong_type(self) -> bool:
        """Whether a needed field has the wrong type."""
        return any(problem.reason is Reason.WRONG_TYPE for problem in self.errors)

    def note(self, reason: Reason) -> None:
        """Something is wrong that the article can live with."""
        self._notes[reason] = None

    def error(self, reason: Reason, message: str) -> None:
        """Something is wrong that the article cannot live with."""
        self.errors.append(Problem(reason, message))

    def wrong_type(self, name: str, value: Any, wanted: str) -> None:
        """A needed field has the wrong type."""
        self.error(Reason.WRONG_TYPE, f"{name} must be {wanted}, it is {json_type(value)}")

    def id(self, *names: str) -> str:
        """The item's identity, the first of these fields that is there: a string, or an integer as its digits."""
        value = self._first(names)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str):
            if text := self.text_of(value).strip():
                return text
        elif value is not None:
            self.wrong_type(names[0], value, "a string")
            return ""
        self.error(Reason.NO_ID, f"{names[0]} is missing or blank; it must be the same for every revision of the item")
        return ""

    def needed_text(self, name: str) -> str | None:
        """A text as it stands; None where it is absent or blank."""
        value = self.item.get(name)
        if value is not None and not isinstance(value, str):
            self.wrong_type(name, value, "a string")
        return (self.text_of(value) if isinstance(value, str) else "") or None

    def text(self, *names: str) -> str | None:
        """An optional string, the first of these fields that is there."""
        value = self._first(names)
        if value is None:
            return None
        if not isinstance(value, str):
            self.note(Reason.BAD_FIELD)
            return None
        return self.text_of(value).strip() or None

    def version(self, name: str = "version") -> str | None:
        """The sender's version: a string, or a number as it is written."""
        value = self.item.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        return self.text(name)

    def language(self, name: str = "language") -> str | None:
        """A language tag in the form of BCP 47 (an underscore counts as its hyphen)."""
        text = self.text(name)
        if text is None or _LANGUAGE.fullmatch(text):
            return text.replace("_", "-") if text else None
        self.note(Reason.BAD_FIELD)
        return None

    def urgency(self, name: str = "urgency") -> int | None:
        """1 (flash) to 9."""
        value = self.item.get(name)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and value in range(1, 10):
            return int(value)
        self.note(Reason.BAD_FIELD)
        return None

    def moment(self, *names: str) -> Moment | None:
        """A time, the first of these fields that is there."""
        text = self.text(*names)
        if text is None:
            return None
        moment, problem = parse_time(text)
        if problem:
            self.note(problem)
        return moment

    def text_of(self, value: str) -> str:
        """The string without control characters, every line end a newline."""
        text = normal_lines(value)
        kept = without_controls(text)
        if len(kept) != len(text):
            self.note(Reason.CONTROL_CHARACTERS)
        return kept

    def refuse_if_wrong(self) -> None:
        """Refuse the item if a needed field is wrong.

        Raises:
            Refused: with every problem found: WRONG_TYPE, NO_ID, NO_TEXT.
        """
        if self.errors:
            raise Refused(tuple(self.errors))

    def _first(self, names: tuple[str, ...]) -> Any:
        return next((value for name in names if (value := self.item.get(name)) is not None), None)
