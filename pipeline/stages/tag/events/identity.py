"""The identity of an event, and when two tellings are one event."""

from __future__ import annotations

import hashlib
import re
from collections import Counter


def event_id(article_id: str, type_: str, trigger_lemma: str, evidence: str, ordinal: int) -> str:
    """Sixteen hex digits of a SHA-256: stable over revisions that leave the sentence alone (record.md)."""
    parts = (article_id, type_, trigger_lemma, normalised(evidence), str(ordinal))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def normalised(sentence: str) -> str:
    """The words of a sentence in lower case with single spaces: typography and spacing do not change the event."""
    return " ".join(re.findall(r"\w+", sentence.casefold()))


class Ordinals:
    """Counts events that are equal in all that makes their id."""

    def __init__(self) -> None:
        """Starts with nothing counted."""
        self._seen: Counter[tuple[str, str, str]] = Counter()

    def next(self, type_: str, trigger_lemma: str, evidence: str) -> int:
        """0 for the first event of its kind in the sentence, then 1, 2, ..."""
        key = (type_, trigger_lemma, normalised(evidence))
        self._seen[key] += 1
        return self._seen[key] - 1
