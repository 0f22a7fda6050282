"""When: the dates an article states, resolved against its own date."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import CleanArticle
from pipeline.stages.tag.passage import Passage, ResolvedDate


def find_dates(article: CleanArticle, passages: Sequence[Passage]) -> tuple[ResolvedDate, ...]:
    """Find the dates of an article (none yet)."""
    return ()
