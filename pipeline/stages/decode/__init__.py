"""Bytes become articles: the one stage that knows formats.

In: a `RawRecord`. Out: its parts, one or more `Article`, `Failure` or `Dropped`, numbered from 0 in input order.
Can fail with: TOMBSTONE, EMPTY_RECORD, ARTICLE_TOO_LARGE, UNKNOWN_FORMAT, INVALID_UTF8, INVALID_JSON, TOO_DEEP,
DUPLICATE_KEY, LONE_SURROGATE, NOT_AN_ARTICLE, WRONG_TYPE, NO_ID, NO_TEXT. Drops with: NOT_PUBLISHABLE, EMPTY_CONTAINER.
Notes in ``problems``: CONTROL_CHARACTERS, BAD_TIME, TIME_WITHOUT_ZONE, BAD_FIELD.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pipeline.failures.reasons import Reason
from pipeline.model import Article, Dropped, Failure, Part, RawRecord
from pipeline.stages.decode import flat, limits, ninjs, publishable, text
from pipeline.stages.decode.refused import Refused, outcome_of
from pipeline.stages.decode.sniff import Format, format_of

Outcome = Article | Failure | Dropped

MAX_PARTS_WITH_RECORD = 100
"""In a record of more parts each carries its own bytes alone: else dead letters would weigh parts times bytes."""


def decode(record: RawRecord, *, max_article_bytes: int, now: datetime) -> tuple[Outcome, ...]:
    """Read one record into its parts; whatever the bytes are, there is at least one and nothing raises.

    Args:
        record: as it was read; the header ``content-type`` decides the format, without one it is sniffed.
        max_article_bytes: the largest value that is looked at, in bytes.
        now: aware time by which an embargo is judged.

    Returns:
        The parts, each with its number and their count. A part carries the whole record, but only its own bytes where
        a neighbour must not be published (so that nothing of it leaves) or there are more than `MAX_PARTS_WITH_RECORD`.
    """
    try:
        value = limits.checked_value(record.value, max_article_bytes)
        pieces = _split(value, format_of(record.header("content-type"), value))
    except Refused as refused:
        return (outcome_of(refused, Part(record)),)
    parts = [Part(record, number, len(pieces)) for number in range(len(pieces))]
    outcomes = tuple(_read(piece, part, now) for piece, part in zip(pieces, parts, strict=True))
    if len(parts) > MAX_PARTS_WITH_RECORD or any(isinstance(outcome, Dropped) for outcome in outcomes):
        return tuple(_alone(outcome, piece) for outcome, piece in zip(outcomes, pieces, strict=True))
    return outcomes


Piece = bytes | limits.Parsed
"""What one part is read from: the bytes of a text or a line, or an item of a JSON list."""


def _split(value: bytes, form: Format) -> list[Piece]:
    if form is Format.JSON_LINES:
        return [line for line in value.split(b"\n") if line.strip()]
    if form is Format.JSON:
        parsed = limits.parse_json(value)
        if not isinstance(parsed.value, list):
            return [parsed]
        if not parsed.value:
            raise Refused.because(Reason.EMPTY_CONTAINER, "the list of articles is empty")
        return [replace(parsed, value=item) for item in parsed.value]
    return [limits.Plain(value)]


def _read(piece: Piece, part: Part, now: datetime) -> Outcome:
    try:
        if isinstance(piece, limits.Plain):
            return text.read(piece, part)
        parsed = limits.parse_json(piece) if isinstance(piece, bytes) else piece
        item = limits.checked_object(parsed)
        embargo_until = publishable.checked(item, now)
        limits.check_characters_and_keys(parsed)
        reader = ninjs.read if ninjs.looks_like(item) else flat.read
        return replace(reader(item, part), embargo_until=embargo_until)
    except Refused as refused:
        return outcome_of(refused, part)


def _alone(outcome: Outcome, piece: Piece) -> Outcome:
    value = None if isinstance(outcome, Dropped) else limits.bytes_of(piece)
    record = replace(outcome.source.record, value=value)
    return replace(outcome, source=replace(outcome.source, record=record))
