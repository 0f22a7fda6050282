"""The CAMEO code of an event, for readers who count by the older codes: ``data/cameo.tsv``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.model import Participant
from pipeline.stages.tag.events import collapse
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.lexicon import rows


def code_of(candidate: Candidate, actors: Sequence[Participant]) -> str | None:
    """The code, three or four digits; None where CAMEO has none, and for what did not happen."""
    if candidate.negated:
        return None
    for when in _circumstances(candidate, actors):
        code = _codes().get((candidate.type, candidate.mode or "-", when))
        if code is not None:
            return None if code == "-" else code
    return None


def _circumstances(candidate: Candidate, actors: Sequence[Participant]) -> Iterator[str]:
    """What may decide between codes of a category, the most telling first."""
    yield from (word.lemma_.lower() for word in (*candidate.words, *candidate.recipients))
    if candidate.rule.type != candidate.type:
        yield candidate.rule.type
    content = collapse.content_category(candidate.content)
    if content is not None:
        yield content
    yield from (actor.sector for actor in actors if actor.sector)
    yield "-"


@cache
def _codes() -> dict[tuple[str, str, str], str]:
    return {(type_, mode, when): code for type_, mode, when, code in rows("cameo.tsv")}
