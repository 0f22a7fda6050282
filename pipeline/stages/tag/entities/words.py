"""The words that tell what a name is: those in it (``name_words.tsv``) and those that are none (``no_names.tsv``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.model import EntityType
from pipeline.stages.tag.tables import rows

_PREPOSITIONS = frozenset({"of", "for", "on", "in", "against", "de", "del", "da", "do", "des", "du"})


@dataclass(frozen=True, slots=True)
class NameWord:
    """What a word at the end (or the beginning) of a name says of the thing."""

    type: EntityType
    sector: str | None


@cache
def name_words(position: str) -> dict[str, NameWord]:
    """Words that tell what a name is, for the ``position`` "first" or "last" in the name."""
    return {
        row["word"]: NameWord(EntityType(row["type"]), row["sector"] or None)
        for row in rows("name_words.tsv")
        if row["position"] == position
    }


def told_by_words(name: str) -> NameWord | None:
    """What the head of a name of several words tells, or its first word: "Commission on Elections", "Lake Chad"."""
    parts = name.split()
    if len(parts) < 2:
        return None
    head = next((at for at, word in enumerate(parts) if at and word in _PREPOSITIONS), len(parts))
    last = name_words("last")
    told = last.get(parts[head - 1])
    if head < len(parts) and told is None:
        told = name_words("first").get(parts[head - 1])
    return told or name_words("first").get(parts[0]) or (last.get(parts[-1]) if head == len(parts) else None)


@cache
def no_names() -> dict[str, EntityType | None]:
    """Words with capitals that are no person, organisation or place -> what they are instead; None: nothing."""
    return {row["word"]: None if row["type"] == "NONE" else EntityType(row["type"]) for row in rows("no_names.tsv")}


@cache
def given_names() -> frozenset[str]:
    """Names with which people's full names begin (``given_names.txt``)."""
    lines = files("pipeline.stages.tag").joinpath("given_names.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
