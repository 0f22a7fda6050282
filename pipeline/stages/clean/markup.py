"""HTML bodies as lines of plain text: a block is a line, ``<br>`` ends one, scripts and styles are gone."""

from __future__ import annotations

import html
import re

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

_DROPPED = frozenset(
    """script style head title noscript template iframe object svg math select textarea button""".split()  # noqa: SIM905 - a word list
)
_BLOCKS = frozenset(
    """address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul""".split()  # noqa: SIM905
)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_TAG = re.compile(r"<(/?[a-z][^\s/<>]*)[^<>]*>|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_DROPPED_ELEMENT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)


def to_text(markup: str) -> str:
    """The text of an HTML fragment or document, one line a block; entities are decoded, runs of white space are one.

    Nothing is fetched and no entity of a DTD is expanded. What libxml2 refuses (more than 256 levels) is read by its
    tags alone, so no text is lost.
    """
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # nothing in it but tags
        return _by_tags(markup)
    if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
        return _by_tags(markup)
    return _joined(_pieces(root))


def _pieces(root: etree._Element) -> list[str]:
    """White space of the source is a space; a newline is a line end of ours."""
    pieces: list[str] = []
    dropped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            dropped += name in _DROPPED
            if not dropped:
                if name in _BLOCKS:
                    pieces.append("\n")
                elif name in ("td", "th"):
                    pieces.append(" ")
                pieces.append(_flat(element.text, keep_lines=name == "pre"))
            continue
        if not dropped and name in _BLOCKS:
            pieces.append("\n")
        dropped -= name in _DROPPED
        if not dropped and element is not root:
            pieces.append(_flat(element.tail))
    return pieces


def _flat(text: str | None, *, keep_lines: bool = False) -> str:
    return "" if not text else text if keep_lines else _SPACE.sub(" ", text)


def _joined(pieces: list[str]) -> str:
    lines = "".join(pieces).split("\n")
    return "\n".join(re.sub(" {2,}", " ", line).strip(" ") for line in lines)


def _by_tags(markup: str) -> str:
    def line_end(match: re.Match[str]) -> str:
        return "\n" if (match[1] or "").strip("/").lower() in _BLOCKS else ""

    text = _SPACE.sub(" ", _DROPPED_ELEMENT.sub("", markup))
    return _joined([html.unescape(_TAG.sub(line_end, text))])
