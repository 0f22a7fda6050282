"""The closed list of reason codes. ``docs/failures.md`` is generated from it (``python -m pipeline.failures.reasons``).

A reason is about the record. A broken broker, disk or model has no code here: it raises and stops the run.
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What a reason leads to."""

    DEAD_LETTER = "dead letter"
    DROPPED = "dropped, counted"
    PROBLEM = "kept, noted in `problems`"


class Reason(StrEnum):
    """Why a part became a dead letter, was dropped, or is noted as imperfect."""

    # decode: dead letters
    TOMBSTONE = "TOMBSTONE"
    EMPTY_RECORD = "EMPTY_RECORD"
    ARTICLE_TOO_LARGE = "ARTICLE_TOO_LARGE"
    INVALID_UTF8 = "INVALID_UTF8"
    INVALID_JSON = "INVALID_JSON"
    TOO_DEEP = "TOO_DEEP"
    DUPLICATE_KEY = "DUPLICATE_KEY"
    LONE_SURROGATE = "LONE_SURROGATE"
    UNKNOWN_FORMAT = "UNKNOWN_FORMAT"
    NOT_AN_ARTICLE = "NOT_AN_ARTICLE"
    WRONG_TYPE = "WRONG_TYPE"
    NO_ID = "NO_ID"
    NO_TEXT = "NO_TEXT"
    # decode: dropped
    NOT_PUBLISHABLE = "NOT_PUBLISHABLE"
    EMPTY_CONTAINER = "EMPTY_CONTAINER"
    # decode, clean: lived with
    CONTROL_CHARACTERS = "CONTROL_CHARACTERS"
    BAD_TIME = "BAD_TIME"
    TIME_WITHOUT_ZONE = "TIME_WITHOUT_ZONE"
    BAD_FIELD = "BAD_FIELD"
    # tag
    TAG_FAILED = "TAG_FAILED"
    TAGGED_PARTLY = "TAGGED_PARTLY"
    ENTITIES_FAILED = "ENTITIES_FAILED"
    DATES_FAILED = "DATES_FAILED"
    EVENTS_FAILED = "EVENTS_FAILED"
    LANGUAGE_NOT_SUPPORTED = "LANGUAGE_NOT_SUPPORTED"
    # encode
    RECORD_TOO_LARGE = "RECORD_TOO_LARGE"
    # any stage
    UNEXPECTED = "UNEXPECTED"


_D, _X, _P = Outcome.DEAD_LETTER, Outcome.DROPPED, Outcome.PROBLEM

MEANING: dict[Reason, tuple[str, Outcome, str]] = {
    Reason.TOMBSTONE: (
        "decode",
        _D,
        "The record has no value (null). Articles are withdrawn by their status, not by a tombstone.",
    ),
    Reason.EMPTY_RECORD: ("decode", _D, "The value is empty or holds only white space."),
    Reason.ARTICLE_TOO_LARGE: ("decode", _D, "The value is larger than `max_article_bytes`."),
    Reason.INVALID_UTF8: ("decode", _D, "The bytes are not UTF-8. Send UTF-8."),
    Reason.INVALID_JSON: ("decode", _D, "The value, or this line of it, is not JSON (RFC 8259)."),
    Reason.TOO_DEEP: ("decode", _D, "JSON nested deeper than 64 levels."),
    Reason.DUPLICATE_KEY: (
        "decode",
        _D,
        "An object of the article has the same key twice, so what it says is ambiguous.",
    ),
    Reason.LONE_SURROGATE: ("decode", _D, "A `\\ud800`-`\\udfff` escape without its other half: not a character."),
    Reason.UNKNOWN_FORMAT: ("decode", _D, "The content type is not one we read and the value looks like none."),
    Reason.NOT_AN_ARTICLE: ("decode", _D, "JSON, but no article: not an object, or an item that is not a text."),
    Reason.WRONG_TYPE: ("decode", _D, "A field that is needed has the wrong type."),
    Reason.NO_ID: ("decode", _D, "The article has no id."),
    Reason.NO_TEXT: ("decode, clean", _D, "Neither a headline nor a body with text is left."),
    Reason.NOT_PUBLISHABLE: (
        "decode",
        _X,
        "Withheld, canceled, or under an embargo that is in the future or cannot be read for certain.",
    ),
    Reason.EMPTY_CONTAINER: ("decode", _X, "A list of articles with none in it."),
    Reason.CONTROL_CHARACTERS: ("decode", _P, "Control characters were removed from the text."),
    Reason.BAD_TIME: ("decode", _P, "A time could not be read; the field is null."),
    Reason.TIME_WITHOUT_ZONE: ("decode", _P, "A time states no zone; it was taken as UTC."),
    Reason.BAD_FIELD: ("decode", _P, "An optional field had the wrong type or range; the field is null."),
    Reason.TAG_FAILED: ("tag", _D, "The language model failed on this article alone."),
    Reason.TAGGED_PARTLY: ("tag", _P, "The text is longer than `max_tagged_chars`; what is beyond has no tags."),
    Reason.ENTITIES_FAILED: ("tag", _P, "Finding entities failed; `entities` is empty. With `strict`: a dead letter."),
    Reason.DATES_FAILED: ("tag", _P, "Finding dates failed; `dates` is empty. With `strict`: a dead letter."),
    Reason.EVENTS_FAILED: ("tag", _P, "Coding events failed; `events` is empty. With `strict`: a dead letter."),
    Reason.LANGUAGE_NOT_SUPPORTED: (
        "tag",
        _P,
        "The text is not in the model's language; it has only entities of our lists.",
    ),
    Reason.RECORD_TOO_LARGE: ("encode", _D, "The tagged record is larger than the producer may send."),
    Reason.UNEXPECTED: (
        "any",
        _D,
        "A stage failed on this record in a way nobody foresaw: a bug of ours; please report it.",
    ),
}


def table() -> str:
    """The Markdown table of ``docs/failures.md``."""
    rows = [f"| `{reason}` | {stage} | {outcome} | {text} |" for reason, (stage, outcome, text) in MEANING.items()]
    return "\n".join(["| code | stage | outcome | meaning |", "|---|---|---|---|", *rows]) + "\n"


if __name__ == "__main__":
    print(table(), end="")
