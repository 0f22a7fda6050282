"""One record, whatever its bytes: the entrance of this stage for the pipeline and for `wiredesk tag`."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.failures.guard import guarded
from pipeline.model import Article, Dropped, Failure, Part, RawRecord
from pipeline.stages.decode import decode


def decode_record(record: RawRecord, max_article_bytes: int) -> tuple[Article | Failure | Dropped, ...]:
    """The parts of one record, never none; an embargo is judged by the clock of this moment."""
    parts = guarded(
        "decode", Part(record), lambda: decode(record, max_article_bytes=max_article_bytes, now=datetime.now(UTC))
    )
    return (parts,) if isinstance(parts, Failure) else parts
