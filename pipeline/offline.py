"""The same stages as the pipeline's in a plain loop: no Beam, no broker, input order kept. `wiredesk tag` is this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.failures.guard import guarded
from pipeline.model import Article, CleanArticle, Coordinates, Dropped, Failure, Moment, RawRecord
from pipeline.settings import Settings
from pipeline.stages.clean import clean
from pipeline.stages.clean.language import language_of_model
from pipeline.stages.decode.record import decode_record
from pipeline.stages.tag.batch import Incoming, Outgoing, is_full, tag_batch, tagger_of
from pipeline.stages.tag.tagger import Listener


def record(index: int, value: bytes, headers: tuple[tuple[str, bytes], ...] = ()) -> RawRecord:
    """Input that came from no topic: its coordinates are an empty topic and its number."""
    return RawRecord(Coordinates("", 0, index, index + 1, 0), None, value, headers)


def tag_records(
    records: Iterable[RawRecord],
    settings: Settings,
    *,
    published: Moment | None = None,
    listener: Listener | None = None,
) -> Iterator[Outgoing]:
    """Decode, clean and tag.

    Args:
        records: what would come from the topic.
        settings: of a run; those of the broker are not used.
        published: the time of articles that state none.
        listener: is told how the events of each article were coded.

    Yields:
        How each part ended, in input order.
    """
    tagger = tagger_of(settings, listener)
    of_model = language_of_model(settings.nlp_model)
    waiting: list[Incoming] = []
    for raw in records:
        for item in decode_record(raw, settings.max_article_bytes):
            waiting.append(_cleaned(item, published, of_model))
            if is_full(waiting):
                yield from tag_batch(tagger, waiting)
                waiting = []
    yield from tag_batch(tagger, waiting)


def _cleaned(
    item: Article | Failure | Dropped, published: Moment | None, of_model: str
) -> CleanArticle | Failure | Dropped:
    if not isinstance(item, Article):
        return item
    article = item if item.published_at else replace(item, published_at=published)
    return guarded("clean", article.source, lambda: clean(article, of_model))
