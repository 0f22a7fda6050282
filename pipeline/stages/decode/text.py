"""Plain text: one article, described by the record's headers."""

from __future__ import annotations

import hashlib

from pipeline.failures.reasons import Reason
from pipeline.model import Article, Part
from pipeline.stages.decode.fields import Fields
from pipeline.stages.decode.limits import decoded
from pipeline.stages.decode.refused import Refused


def read(value: bytes, part: Part) -> Article:
    """Read a text; ``clean`` finds its headline.

    The headers ``wiredesk.id`` and ``wiredesk.published-at`` say what the text cannot. Without an id it is ``sha256:``
    and the first 32 hex digits of the hash of the bytes.

    Raises:
        Refused: INVALID_UTF8, NO_TEXT.
    """
    fields = Fields({"published_at": part.record.header("wiredesk.published-at")})
    body = fields.text_of(decoded(value))
    if not body.strip():
        raise Refused.because(Reason.NO_TEXT, "the text is blank but for control characters")
    stated_id = fields.text_of(part.record.header("wiredesk.id") or "").strip()
    return Article(
        source=part,
        id=stated_id or f"sha256:{hashlib.sha256(value).hexdigest()[:32]}",
        headline=None,
        body=body,
        find_headline=True,
        published_at=fields.moment("published_at"),
        problems=fields.notes,
    )
