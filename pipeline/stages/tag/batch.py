"""Articles are tagged together, since the model is faster so; what needs no tagging keeps its place among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.model import CleanArticle, Dropped, Failure, Gap, Tagged
from pipeline.settings import Settings
from pipeline.stages.tag.alias_file import alias_file
from pipeline.stages.tag.tagger import Listener, Tagger

BATCH_ITEMS = 64

Incoming = CleanArticle | Failure | Dropped | Gap
Outgoing = Tagged | Failure | Dropped | Gap


def tagger_of(settings: Settings, listener: Listener | None = None) -> Tagger:
    """A tagger with the alias table as its file is now; as cheap as the look at the file.

    Raises:
        ConfigError: the file cannot be used and never could in this process.
    """
    table = alias_file(settings.alias_table).current() if settings.alias_table else None
    return Tagger(settings.nlp_model, settings.max_tagged_chars, strict=settings.strict, table=table, listener=listener)


def is_full(waiting: Sequence[Incoming]) -> bool:
    """Whether a batch is large enough to be tagged now."""
    return len(waiting) >= BATCH_ITEMS


def tag_batch(tagger: Tagger, waiting: Sequence[Incoming]) -> Iterator[Outgoing]:
    """Tag the articles of a batch; one outcome an item, in the order in which they came."""
    tagged = iter(tagger.tag([item for item in waiting if isinstance(item, CleanArticle)]))
    for item in waiting:
        yield next(tagged) if isinstance(item, CleanArticle) else item
