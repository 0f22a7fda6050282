"""ninjs, the IPTC's News in JSON: 2.x and 3.x, which differ in the case of their keys, and the texts of 1.x.

The version is told by the shape of the keys, since the items of most senders do not state it (IPTC documentation guide
of ninjs; ``standard`` is optional). Keys that no version knows are left alone: agencies extend the standard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pipeline.failures.reasons import Reason
from pipeline.model import Article, Part
from pipeline.stages.decode.fields import Fields
from pipeline.stages.decode.refused import Refused

_NAMES = frozenset(("uri", "guid", "headlines", "bodies"))
_OLD_TEXT = re.compile(r"(?:body|headline)_.+")
_MARKUP_TYPE = re.compile(r"html|xml|nitf", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"<(?:p|br|div|h[1-6]|ul|ol|table|blockquote)\b[^<>]*>", re.IGNORECASE)
_READABLE_TYPE = re.compile(r"text/|.*(?:html|xml|nitf|plain)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Text:
    role: str
    value: str
    is_html: bool


def looks_like(item: dict[str, Any]) -> bool:
    """Whether the keys are those of ninjs; an object with a plain ``body`` is a flat article."""
    return "body" not in item and (not _NAMES.isdisjoint(item) or any(_OLD_TEXT.fullmatch(key) for key in item))


def read(item: dict[str, Any], part: Part) -> Article:
    """Read one item; whether it may be published was checked before.

    ``published_at`` is the time it was first created, or else that of this version.

    Raises:
        Refused: NOT_AN_ARTICLE (a picture, a video, a plan without a body), or all of WRONG_TYPE, NO_ID, NO_TEXT.
    """
    fields = Fields(item)
    article_id = fields.id("uri", "guid")
    headline = _chosen(_texts(fields, "headlines", "headline"))
    body = _chosen(_texts(fields, "bodies", "body"))
    kind = fields.text("type") or "text"
    if body is None and kind != "text" and not fields.errors:
        message = f"an item of type {kind[:40]!a} without a body is not an article"
        raise Refused.because(Reason.NOT_AN_ARTICLE, message)
    if body is None and headline is None and not fields.has_wrong_type:
        fields.error(Reason.NO_TEXT, "neither headlines nor bodies hold a text")
    fields.refuse_if_wrong()
    updated_at = fields.moment("versionCreated", "versioncreated")
    return Article(
        source=part,
        id=article_id,
        headline=headline.value if headline else None,
        body=body.value if body else "",
        body_is_html=body is not None and body.is_html,
        version=fields.version(),
        byline=fields.text("by", "byline"),
        language=fields.language(),
        provider=_provider(fields),
        url=article_id if article_id.startswith(("http://", "https://")) else None,
        urgency=fields.urgency(),
        published_at=fields.moment("firstCreated", "firstcreated") or updated_at,
        updated_at=updated_at,
        problems=fields.notes,
    )


def _texts(fields: Fields, plural: str, singular: str) -> list[_Text]:
    """All texts of that kind that can be read; a wrong type is fatal only if it leaves none."""
    wrong: list[tuple[str, Any, str]] = []
    if (entries := fields.item.get(plural)) is not None:
        found = _listed(fields, plural, entries, wrong)
    else:
        found = _by_name(fields, singular, wrong)
    for name, value, wanted in wrong:
        if found:
            fields.note(Reason.BAD_FIELD)
        else:
            fields.wrong_type(name, value, wanted)
    return found


def _listed(fields: Fields, name: str, entries: Any, wrong: list[tuple[str, Any, str]]) -> list[_Text]:
    """2.x and 3.x: a list of {role, contenttype or contentType, value}."""
    if not isinstance(entries, list):
        wrong.append((name, entries, "a list of objects"))
        return []
    found = []
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict):
            wrong.append((f"{name}[{number}]", entry, "an object"))
        elif not isinstance(value := entry.get("value"), str):
            if value is not None:
                wrong.append((f"{name}[{number}].value", value, "a string"))
        else:
            role, content_type = entry.get("role"), entry.get("contentType", entry.get("contenttype"))
            found += _text(fields, role if isinstance(role, str) else "", content_type, value)
    return found


def _by_name(fields: Fields, name: str, wrong: list[tuple[str, Any, str]]) -> list[_Text]:
    """1.x: ``headline``, ``body_text``, ``body_html``, ``body_xhtml``, ``body_<whatever the sender calls it>``."""
    found = []
    for key in sorted((key for key in fields.item if key == name or re.fullmatch(f"{name}_.+", key)), key=_old_rank):
        value = fields.item[key]
        if isinstance(value, str):
            markup = _MARKUP_TYPE.search(key) is not None
            plain = key.endswith("_text") or key == name
            found += _text(fields, key, "text/html" if markup else "text/plain" if plain else None, value)
        elif value is not None:
            wrong.append((key, value, "a string"))
    return found


def _old_rank(key: str) -> tuple[int, str]:
    order = ("headline", "headline_main", "body_text", "body_html", "body_xhtml")
    return (order.index(key) if key in order else len(order), key)


def _text(fields: Fields, role: str, content_type: Any, value: str) -> list[_Text]:
    if isinstance(content_type, str) and content_type and not _READABLE_TYPE.match(content_type):
        return []
    text = fields.text_of(value)
    if not text.strip():
        return []
    if isinstance(content_type, str) and content_type:
        return [_Text(role, text, _MARKUP_TYPE.search(content_type) is not None)]
    return [_Text(role, text, _MARKUP_TYPE.search(role) is not None or _BLOCK_TAG.search(text) is not None)]


def _chosen(texts: list[_Text]) -> _Text | None:
    """The main one, else the first; of those with the same role plain text before markup."""
    if not texts:
        return None
    role = "main" if any(text.role == "main" for text in texts) else texts[0].role
    return min((text for text in texts if text.role == role), key=lambda text: text.is_html)


def _provider(fields: Fields) -> str | None:
    for name in ("infoSources", "infosources", "infosource"):
        sources = fields.item.get(name)
        if isinstance(sources, list):
            for source in sources:
                if isinstance(source, dict) and isinstance(source.get("name"), str):
                    return fields.text_of(source["name"]).strip() or None
        if sources is not None and not isinstance(sources, list):
            fields.note(Reason.BAD_FIELD)
    return fields.text("source", "provider")
