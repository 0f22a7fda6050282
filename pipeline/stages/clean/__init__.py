"""What the sender wrote becomes the text of the record: paragraphs without markup and furniture, one a line.

In: an `Article`. Out: a `CleanArticle`, whose ``headline`` and ``body`` are what all spans point into; inside a kept
line no character changes but markup and control characters. Adds the dateline, the byline and the language.
Can fail with: NO_TEXT. Notes in ``problems``: CONTROL_CHARACTERS.
"""

from __future__ import annotations

import re

from pipeline.characters import normal_lines, without_controls
from pipeline.failures.reasons import Reason
from pipeline.model import Article, CleanArticle, Dateline, Failure, Problem
from pipeline.stages.clean.byline import split_byline, without_by
from pipeline.stages.clean.dateline import split_dateline
from pipeline.stages.clean.furniture import without_bullet, without_furniture
from pipeline.stages.clean.headline import find_headline
from pipeline.stages.clean.language import language_of
from pipeline.stages.clean.markup import to_text
from pipeline.stages.clean.url import canonical_url

_MARKUP_IN_HEADLINE = re.compile(
    r"&(?:#\d+|#x[0-9a-f]+|[a-z]+);|</?(?:b|i|em|strong|span|sup|sub|br|a|p)\b", re.IGNORECASE
)


def clean(article: Article, of_model: str = "en") -> CleanArticle | Failure:
    """Clean one article. Spans of later stages are code points of the texts returned here.

    ``of_model`` is the language of the language model: what a text counts as that is too short to tell.
    """
    text, headline = article.body, article.headline
    if article.body_is_html:
        text = to_text(text)
        headline = to_text(headline) if headline and _MARKUP_IN_HEADLINE.search(headline) else headline
    text, headline = normal_lines(text), normal_lines(headline or "")
    kept_text, headline = without_controls(text), without_controls(headline)
    problems = article.problems
    if len(kept_text) != len(text) and Reason.CONTROL_CHARACTERS not in problems:
        problems = (*problems, Reason.CONTROL_CHARACTERS.value)
    if article.find_headline and not headline.strip():
        found, kept_text = find_headline(kept_text)
        headline = found or ""
    headline = " ".join(line.strip() for line in headline.split("\n") if line.strip())
    dateline, byline, body = _story(kept_text, article)
    if not headline and not body:
        message = "nothing is left of headline and body but markup and furniture"
        return Failure(article.source, "clean", (Problem(Reason.NO_TEXT, message),))
    return CleanArticle(
        source=article.source,
        id=article.id,
        headline=headline or None,
        body=body,
        language=language_of(headline, body, article.language, of_model),
        dateline=dateline,
        version=article.version,
        byline=without_by(article.byline) or byline,
        provider=article.provider,
        url=canonical_url(article.url),
        urgency=article.urgency,
        published_at=article.published_at,
        updated_at=article.updated_at,
        embargo_until=article.embargo_until,
        problems=problems,
    )


def _story(text: str, article: Article) -> tuple[Dateline | None, str | None, str]:
    """Dateline, byline and the paragraphs of the story."""
    lines = [stripped for line in text.split("\n") if (stripped := line.strip())]
    byline, lines = split_byline(without_furniture(lines))
    dateline = None
    if lines:
        dateline, rest = split_dateline(lines[0], article.published_at)
        lines = [rest, *lines[1:]] if rest else lines[1:]
    return dateline, byline, "\n".join(bare for line in lines if (bare := without_bullet(line)))
