"""What bytes may be: each refusal has its own code and nothing crashes."""

from __future__ import annotations

import json

import pytest
from decoding import MAX_ARTICLE_BYTES, article, parts, reasons

from pipeline.model import Article, Failure
from pipeline.stages.decode.limits import MAX_DEPTH

FLAT = b'{"id": "1", "body": "Rain fell."}'


@pytest.mark.parametrize("content_type", [None, "application/json", "application/x-ndjson", "text/plain", "text/html"])
def test_a_record_without_value_is_a_tombstone(content_type: str | None) -> None:
    assert reasons(None, content_type) == ["TOMBSTONE"]


@pytest.mark.parametrize("value", [b"", b" \n\t\r\n ", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
def test_a_blank_value_is_an_empty_record(value: bytes) -> None:
    assert reasons(value) == ["EMPTY_RECORD"]


def test_a_value_over_the_limit_is_refused_before_anything_else() -> None:
    assert reasons(b"\xff" * (MAX_ARTICLE_BYTES + 1)) == ["ARTICLE_TOO_LARGE"]


def test_a_value_of_exactly_the_limit_is_read() -> None:
    frame = b'{"id": "1", "body": "'
    value = frame + b"a" * (MAX_ARTICLE_BYTES - len(frame) - 2) + b'"}'
    assert len(value) == MAX_ARTICLE_BYTES
    assert article(value).id == "1"


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"a":[', b'[{"b":'])
@pytest.mark.parametrize("content_type", ["application/json", "application/x-ndjson"])
def test_ten_thousand_levels_are_too_deep_and_no_crash(opening: bytes, content_type: str) -> None:
    assert reasons(opening * 10_000, content_type) == ["TOO_DEEP"]


def test_the_deepest_level_allowed_is_read() -> None:
    nested = b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1)
    assert article(b'{"id": "1", "body": "x", "extra": ' + nested + b"}").id == "1"
    assert reasons(b'{"id": "1", "body": "x", "extra": [' + nested + b"]}") == ["TOO_DEEP"]


def test_brackets_in_a_string_are_not_depth() -> None:
    assert article({"id": "1", "body": '[{"' * 500 + "\\" * 3}).body.startswith('[{"')


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("content_type", [None, "application/json", "text/plain"])
def test_other_encodings_are_not_utf8(encoding: str, content_type: str | None) -> None:
    value = json.dumps({"id": "1", "body": "Zürich, São Paulo"}, ensure_ascii=False).encode(encoding)
    assert reasons(value, content_type) == ["INVALID_UTF8"]


def test_a_byte_order_mark_is_skipped() -> None:
    assert article(b"\xef\xbb\xbf" + FLAT).body == "Rain fell."
    assert article(b"\xef\xbb\xbfRain fell.", "text/plain").body == "Rain fell."


@pytest.mark.parametrize(
    "value", [b'{"id": "1", "body": NaN}', b'{"id": Infinity}', b'{"id": "1"', b"{'id': 1}", b'{"a":"\x01"}']
)
def test_what_is_not_json_is_invalid_json(value: bytes) -> None:
    assert reasons(value, "application/json") == ["INVALID_JSON"]


@pytest.mark.parametrize("value", [b'"a text"', b"3", b"null", b"true"])
def test_json_that_is_no_object_is_no_article(value: bytes) -> None:
    assert reasons(value, "application/json") == ["NOT_AN_ARTICLE"]


def test_a_key_twice_is_refused_wherever_it_stands() -> None:
    assert reasons(b'{"id": "1", "body": "x", "id": "2"}') == ["DUPLICATE_KEY"]
    assert reasons(b'{"id": "1", "body": "x", "extra": [{"a": 1, "\\u0061": 1}]}') == ["DUPLICATE_KEY"]


def test_colons_and_quotes_in_strings_are_no_duplicate_keys() -> None:
    assert article({"id": "1", "body": 'He said: "a:b:c" \\ "d": "e"', "x:y": {"id": ["a:b"]}}).id == "1"


@pytest.mark.parametrize("escape", [rb"\ud800", rb"\udc00", rb"\ud800\ud800", rb"\udc00\ud800"])
def test_half_a_surrogate_pair_is_refused(escape: bytes) -> None:
    assert reasons(b'{"id": "1", "body": "x' + escape + b'"}') == ["LONE_SURROGATE"]


def test_a_whole_surrogate_pair_is_one_character() -> None:
    assert article(rb'{"id": "1", "body": "\ud83d\ude00"}').body == "\N{GRINNING FACE}"


def test_a_key_twice_in_one_item_of_a_list_is_a_failure_of_that_item_alone() -> None:
    first, second = parts(b'[{"id": "1", "body": "x", "body": "y"}, {"id": "2", "body": "z"}]', "application/json")
    assert isinstance(first, Failure)
    assert isinstance(second, Article)


def test_many_keys_of_which_two_are_equal_are_found_at_once() -> None:
    keys = ", ".join(f'"k{number}": 0' for number in range(200_000))
    assert reasons(f'{{"id": "1", "body": "x", {keys}, "k199999": 1}}'.encode()) == ["DUPLICATE_KEY"]
