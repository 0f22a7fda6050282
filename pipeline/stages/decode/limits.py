"""What bytes may be: size, UTF-8, depth, keys that stand once, whole characters. Each check is linear in the bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from pipeline.failures.reasons import Reason
from pipeline.model import Problem
from pipeline.stages.decode.refused import Refused

MAX_DEPTH = 64
"""Levels of JSON nesting. The deepest article seen in any agency's JSON has 9."""

# A JSON string. The closing quote is optional and nothing is given back, so an unclosed string is passed over once.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NOT_A_BRACKET = bytes(set(range(256)) - set(b"[]{}"))
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_NUL_SHARE = 0.2


class Plain(bytes):
    """The bytes of a plain text."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JSON value. ``suspect``: it was read the slow way, since a key stands twice or a surrogate stands alone."""

    value: Any
    suspect: bool = False


class Doubled(dict[str, Any]):
    """An object with a key that stands twice; ``pairs`` are all of them."""

    pairs: tuple[tuple[str, Any], ...] = ()


def checked_value(value: bytes | None, max_article_bytes: int) -> bytes:
    """The value of a record if there is one to look at.

    Raises:
        Refused: TOMBSTONE, ARTICLE_TOO_LARGE, EMPTY_RECORD.
    """
    if value is None:
        message = "the record has no value; to withdraw an article send it with the status canceled"
        raise Refused.because(Reason.TOMBSTONE, message)
    if len(value) > max_article_bytes:
        message = f"the value has {len(value)} bytes, more than max_article_bytes = {max_article_bytes}"
        raise Refused.because(Reason.ARTICLE_TOO_LARGE, message)
    if not value.removeprefix(b"\xef\xbb\xbf").strip():
        raise Refused.because(Reason.EMPTY_RECORD, "the value is empty or holds only white space")
    return value


def decoded(value: bytes) -> str:
    """The text of UTF-8 bytes, without a byte order mark.

    Raises:
        Refused: INVALID_UTF8, also for UTF-16 of English, which is UTF-8 full of NULs.
    """
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte 0x{value[error.start]:02x} at position {error.start}; send UTF-8"
        raise Refused.because(Reason.INVALID_UTF8, message) from None
    if value.count(0) > len(value) * _MAX_NUL_SHARE:
        raise Refused.because(Reason.INVALID_UTF8, "every other byte is NUL, as in UTF-16; send UTF-8")
    return text.removeprefix("\ufeff")


def parse_json(value: bytes) -> Parsed:
    """Parse one JSON document (RFC 8259: no NaN, no Infinity, no control character in a string).

    Raises:
        Refused: INVALID_UTF8, TOO_DEEP, INVALID_JSON.
    """
    value = decoded(value).encode()
    outside_strings = _STRING.sub(b"", value)
    _check_depth(outside_strings)
    try:
        parsed = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        if "surrogate" not in str(error):
            message = f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
            raise Refused.because(Reason.INVALID_JSON, message) from None
        return Parsed(_parse_slowly(value), suspect=True)
    # Outside of strings a colon stands only between a key and its value: more of them than keys is a key twice.
    if outside_strings.count(b":") != sum(len(node) for node in _nodes(parsed) if isinstance(node, dict)):
        return Parsed(_parse_slowly(value), suspect=True)
    return Parsed(parsed)


def checked_object(parsed: Parsed) -> dict[str, Any]:
    """The JSON object that an article must be.

    Raises:
        Refused: NOT_AN_ARTICLE.
    """
    if not isinstance(parsed.value, dict):
        message = f"an article is a JSON object, this is {json_type(parsed.value)}"
        raise Refused.because(Reason.NOT_AN_ARTICLE, message)
    return parsed.value


def check_characters_and_keys(parsed: Parsed) -> None:
    """Refuse an item with a key twice or half a character.

    Raises:
        Refused: DUPLICATE_KEY, LONE_SURROGATE; both where both are.
    """
    if not parsed.suspect:
        return
    problems: list[Problem] = []
    for node in _nodes(parsed.value):
        if isinstance(node, Doubled):
            message = f"the key {_twice(node.pairs)[:40]!a} stands twice in one object"
            problems.append(Problem(Reason.DUPLICATE_KEY, message))
        strings = [*node, *node.values()] if isinstance(node, dict) else node
        if any(isinstance(string, str) and _SURROGATE.search(string) for string in strings):
            problems.append(Problem(Reason.LONE_SURROGATE, "a string holds one half of a surrogate pair"))
    if problems:
        raise Refused(tuple(dict.fromkeys(problems)))


def bytes_of(piece: bytes | Parsed) -> bytes:
    """The bytes of one part alone: its line, or its item written again."""
    if isinstance(piece, bytes):
        return bytes(piece)
    return json.dumps(piece.value).encode() if piece.suspect else orjson.dumps(piece.value)


def json_type(value: Any) -> str:
    """What JSON calls the type of a value, with an article."""
    if value is None:
        return "null"
    names = {bool: "a boolean", str: "a string", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object")


def _check_depth(outside_strings: bytes) -> None:
    depth = 0
    for bracket in outside_strings.translate(None, _NOT_A_BRACKET):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            raise Refused.because(Reason.TOO_DEEP, f"JSON nested deeper than {MAX_DEPTH} levels")


def _parse_slowly(value: bytes) -> Any:
    """As the standard library reads it, which lets half characters pass and shows keys that stand twice."""
    try:
        return json.loads(value, object_pairs_hook=_object, parse_int=_number, parse_constant=_no_constant)
    except ValueError as error:
        raise Refused.because(Reason.INVALID_JSON, f"not JSON: {str(error)[:200]}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    doubled = Doubled(plain)
    doubled.pairs = tuple(pairs)
    return doubled


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)  # int() refuses 4,300 digits


def _no_constant(name: str) -> Any:
    message = f"{name} is no JSON number"
    raise ValueError(message)


def _nodes(value: Any) -> Iterator[list[Any] | dict[str, Any]]:
    """Every object and list in a JSON value, itself included."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            yield node
            waiting.extend(node)


def _twice(pairs: tuple[tuple[str, Any], ...]) -> str:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return key
        seen.add(key)
    return ""
