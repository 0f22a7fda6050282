"""Events of an article by a lexicon over the dependency parse, as PLOVER events.

In: the clean article, its parsed passages, its entities and resolved dates. Out: events of the record, each with the
sentence it stands in. Deterministic; writes the names of the entities and its corrections into the parse; raises
nothing for any text. Order of the questions (`assemble`): labels; of each sentence mend, triggers, arguments, flags,
collapse, plausible, participants, time, place, casualties, cameo, contexts; of the article genre, retelling,
confidence, identity.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import CleanArticle, Entity
from pipeline.stages.tag.events import assemble
from pipeline.stages.tag.events.candidate import Coding, Drop
from pipeline.stages.tag.events.lexicon import LEXICON_VERSION
from pipeline.stages.tag.passage import Passage, ResolvedDate

__all__ = ["LEXICON_VERSION", "Coding", "Drop", "code_events"]


def code_events(
    article: CleanArticle, passages: Sequence[Passage], entities: Sequence[Entity], dates: Sequence[ResolvedDate]
) -> Coding:
    """The events of the article, headline first, in text order; spans are code points of its headline and body.

    Beside them how each sentence was read: that holds parsed text, and must not outlive the passages.
    """
    return assemble.code(article, passages, entities, dates)
