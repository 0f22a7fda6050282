"""The flat form of the contract: ``id``, ``headline``, ``body`` and a handful of optional fields in one object."""

from __future__ import annotations

from typing import Any

from pipeline.failures.reasons import Reason
from pipeline.model import Article, Part
from pipeline.stages.decode.fields import Fields
from pipeline.stages.decode.refused import Refused

KEYS = frozenset(("id", "headline", "body"))


def read(item: dict[str, Any], part: Part) -> Article:
    """Read a flat article; whether it may be published was checked before. A missing headline stays missing.

    Raises:
        Refused: NOT_AN_ARTICLE (none of the three fields), or all of WRONG_TYPE, NO_ID, NO_TEXT that apply.
    """
    if KEYS.isdisjoint(item):
        message = "neither a flat article (id, headline, body) nor ninjs (uri, headlines, bodies)"
        raise Refused.because(Reason.NOT_AN_ARTICLE, message)
    fields = Fields(item)
    article_id = fields.id("id")
    headline, body = fields.needed_text("headline"), fields.needed_text("body")
    # A text of the wrong type is there; to say that there is none as well would be one complaint too many.
    has_text = fields.has_wrong_type or (headline or "").strip() or (body or "").strip()
    if not has_text:
        fields.error(Reason.NO_TEXT, "headline and body are both missing or blank")
    fields.refuse_if_wrong()
    return Article(
        source=part,
        id=article_id,
        headline=headline,
        body=body or "",
        version=fields.version(),
        byline=fields.text("byline"),
        language=fields.language(),
        provider=fields.text("source"),
        url=fields.text("url"),
        urgency=fields.urgency(),
        published_at=fields.moment("published_at"),
        updated_at=fields.moment("updated_at"),
        problems=fields.notes,
    )
