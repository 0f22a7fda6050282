"""When: the dates an article states, resolved against its own date.

An own small grammar instead of a date library: those fill what is missing from today's clock, or read "10 a week" as a
date. `grammar` says what a date looks like, `tense` which way its sentence looks, `resolve` what it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date

from pipeline.model import CleanArticle, DateMention
from pipeline.stages.tag.dates import grammar
from pipeline.stages.tag.dates.resolve import Context, resolve
from pipeline.stages.tag.dates.tense import direction
from pipeline.stages.tag.passage import Passage, ResolvedDate


def find_dates(article: CleanArticle, passages: Sequence[Passage]) -> tuple[ResolvedDate, ...]:
    """Find the dates of an article.

    The anchor is the day (UTC) of ``published_at``, else the dateline's. Without one, only dates that state their year
    are found. "A year later" counts from the date named last before it.

    Args:
        article: the article the passages are of.
        passages: its parsed headline and paragraphs, in text order.

    Returns:
        The dates in text order, without overlap.
    """
    anchor = _anchor(article)
    found: list[ResolvedDate] = []
    last = None
    for passage in passages:
        for kind, match in _matches(passage):
            start, end = match.start(), match.start() + len(_text(match))
            if kind == "apart" and not _follows_a_date(passage, start, end, found):
                continue
            context = Context(anchor, last, direction(passage.doc, start, end))
            resolved = resolve(kind, match, context)
            if resolved is None:
                continue
            period, last = resolved.period, resolved.period
            span = passage.span(start, end)
            mention = DateMention(span.field, span.start, span.end, span.text, period.value, period.precision)
            found.append(ResolvedDate(mention, period.moment, resolved.relative))
    return tuple(found)


def _follows_a_date(passage: Passage, start: int, end: int, found: Sequence[ResolvedDate]) -> bool:
    """Whether "a week after" begins a clause, and a date was named before it in its sentence.

    Then it dates the clause: "met them on Monday, a week after he had met the president".
    """
    span = passage.doc.char_span(start, end, alignment_mode="expand")
    if span is None or not found or span[-1].dep_ != "mark":
        return False
    mention = found[-1].mention
    low, high = passage.start + span.sent.start_char, passage.start + start
    return mention.field is passage.field and low <= mention.start and mention.end <= high


def _anchor(article: CleanArticle) -> date | None:
    dateline = article.dateline.date if article.dateline else None
    moment = article.published_at or dateline
    return moment.at.astimezone(UTC).date() if moment else None


def _text(match: re.Match[str]) -> str:
    """The match without what may end it; the full stop belongs to "Feb.", not to "February."."""
    text = match.group().rstrip(" ,(")
    return text[:-1] if text.endswith(".") and text[:-1].split()[-1] in grammar.FULL_MONTHS else text


def _matches(passage: Passage) -> Iterator[tuple[str, re.Match[str]]]:
    """What looks like a date, the longest first where two overlap, in text order."""
    text = passage.cased
    found = [
        (kind, match)
        for kind, pattern in grammar.PATTERNS
        for match in pattern.finditer(text)
        if _is_date(kind, match, passage)
    ]
    after = 0
    for kind, match in sorted(found, key=lambda pair: (pair[1].start(), -pair[1].end())):
        if match.start() >= after:
            after = match.end()
            yield kind, match


def _is_date(kind: str, match: re.Match[str], passage: Passage) -> bool:
    before = match.string[max(0, match.start() - 16) : match.start()]
    if kind in ("month", "year") and not _sure(kind, match):
        named = grammar.NAMED_BEFORE.search(before)
        return not named and (bool(grammar.LEADS_TO_TIME.search(before)) or _model_agrees(match, passage))
    if kind == "turn":
        return not grammar.A_STRETCH.search(before)
    if kind == "step":
        return not grammar.STRETCHES.search(before)
    if kind in ("weekday", "near"):
        named = grammar.NAMED_BEFORE.search(before) or grammar.NAMED_AFTER.match(match.string, match.end())
        return not (named or grammar.REPEATED.search(before))
    return True


def _sure(kind: str, match: re.Match[str]) -> bool:
    """A month with its year, or "last May", needs no further sign."""
    found = match.groupdict()
    return kind == "month" and bool(found.get("year") or found.get("turn") or found.get("which"))


def _model_agrees(match: re.Match[str], passage: Passage) -> bool:
    """Whether the model sees a date here too."""
    span = passage.doc.char_span(match.start(), match.start() + len(match.group().rstrip(".")), alignment_mode="expand")
    return span is not None and len(span) > 0 and all(token.ent_type_ == "DATE" for token in span)
