"""Which format a value is in: the content type decides; without a known one, its first characters do."""

from __future__ import annotations

import re
from enum import Enum

from pipeline.failures.reasons import Reason
from pipeline.stages.decode.limits import decoded
from pipeline.stages.decode.refused import Refused


class Format(Enum):
    """The formats that are read."""

    JSON_LINES = "jsonl"
    JSON = "json"
    TEXT = "text"


CONTENT_TYPES = {
    "application/x-ndjson": Format.JSON_LINES,
    "application/json": Format.JSON,
    "text/plain": Format.TEXT,
}
# Known to the contract, not read by this release: never guessed at, since markup is not a text.
NOT_READ = frozenset(
    (
        "application/xml",
        "text/xml",
        "application/rss+xml",
        "application/atom+xml",
        "text/html",
        "application/xhtml+xml",
        "text/vnd.iptc.anpa",
        "text/vnd.iptc.iptc7901",
        "message/rfc822",
    )
)
_MARKUP = re.compile(rb"<(\?xml|!doctype|html|[a-z][\w:.-]*[\s/>].*>$)", re.IGNORECASE | re.DOTALL)
_JSON_LIST = re.compile(rb'\[\s*[\[{"\]\d-]')
_SNIFFED_BYTES = 4096
_MAX_CONTROL_SHARE = 0.05


def format_of(content_type: str | None, value: bytes) -> Format:
    """The format of a value that is not blank.

    Args:
        content_type: the header ``content-type``; its parameters and its case do not matter.
        value: UTF-8, or what should be.

    Raises:
        Refused: UNKNOWN_FORMAT; INVALID_UTF8 where nothing else can be told.
    """
    media_type = (content_type or "").split(";")[0].strip().lower()
    if media_type in NOT_READ:
        message = f"{media_type} is not read by this release; send ninjs, JSON lines or plain text"
        raise Refused.because(Reason.UNKNOWN_FORMAT, message)
    return CONTENT_TYPES.get(media_type) or _sniffed(value.removeprefix(b"\xef\xbb\xbf").strip())


def _sniffed(value: bytes) -> Format:
    if value.startswith(b"{"):
        first, _, rest = value.partition(b"\n")
        return Format.JSON_LINES if rest and _is_line_of_json(first, rest) else Format.JSON
    if _JSON_LIST.match(value):
        return Format.JSON
    if _MARKUP.match(value):
        message = (
            "the value looks like XML or HTML, which this release does not read; state a content-type if it is not"
        )
        raise Refused.because(Reason.UNKNOWN_FORMAT, message)
    decoded(value)
    head = value[:_SNIFFED_BYTES]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\v" for byte in head)
    if head.startswith((b"\x01", b"\x16")) or controls > len(head) * _MAX_CONTROL_SHARE + 1:
        message = "the value looks like none of the formats read: JSON, JSON lines, plain text; state its content-type"
        raise Refused.because(Reason.UNKNOWN_FORMAT, message)
    return Format.TEXT


def _is_line_of_json(first: bytes, rest: bytes) -> bool:
    """A line that is a whole object, or is followed by another one; an indented document is neither."""
    return first.rstrip().endswith(b"}") or rest.lstrip().startswith(b"{")
