"""Records become parts: their number, their order, and what each format says of a bad neighbour."""

from __future__ import annotations

import json

import pytest
from decoding import article, parts, raw, reasons

from pipeline.model import Article, Dropped, Failure
from pipeline.stages.decode import MAX_PARTS_WITH_RECORD


def test_each_line_that_is_not_blank_is_a_part() -> None:
    lines = b'{"id": "a", "body": "x"}\r\n\n  \n{"id": "b", "body": "y"}\n'
    found = parts(lines, "application/x-ndjson; charset=utf-8")
    assert [(part.source.part, part.source.parts) for part in found] == [(0, 2), (1, 2)]
    assert [part.id for part in found if isinstance(part, Article)] == ["a", "b"]


def test_a_bad_line_is_a_failure_of_that_line_alone() -> None:
    lines = b'{"id": "a", "body": "x"}\n{"id": \n\xff\n[1]\n{"id": "b", "body": "y"}'
    found = parts(lines, "application/x-ndjson")
    assert [type(part) for part in found] == [Article, Failure, Failure, Failure, Article]
    codes = [part.problems[0].reason.value for part in found if isinstance(part, Failure)]
    assert codes == ["INVALID_JSON", "INVALID_UTF8", "NOT_AN_ARTICLE"]


def test_a_failure_keeps_the_original_record() -> None:
    value = b'{"id": "a"\n{"id": "b", "body": "y"}'
    failure = parts(value, "application/x-ndjson")[0]
    assert failure.source.record == raw(value, "application/x-ndjson")


def test_in_a_long_list_each_part_carries_its_own_bytes_alone() -> None:
    items = [{"id": str(number), "body": 5} for number in range(MAX_PARTS_WITH_RECORD + 1)]
    found = parts(json.dumps(items).encode(), "application/json")
    assert [json.loads(part.source.record.value or b"") for part in found] == items


def test_an_empty_list_is_dropped_as_an_empty_container() -> None:
    (only,) = parts(b" [ ] ", "application/json")
    assert isinstance(only, Dropped)
    assert only.reason == "EMPTY_CONTAINER"


def test_a_list_holds_flat_articles_and_ninjs_alike() -> None:
    found = parts(b'[{"id": "a", "body": "x"}, {"uri": "b", "headlines": [{"value": "y"}]}]', "application/json")
    assert [part.id for part in found if isinstance(part, Article)] == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (b'{"id": "a", "body": "x"}', 1),
        (b'{"id": "a", "body": "x"}\n{"id": "b", "body": "y"}', 2),
        (b'{"id": "a", "body": "x"}\nnot json', 2),
        (b'not { json\n{"id": "b"}', 1),
        (json.dumps({"uri": "a", "bodies": [{"value": "x"}]}, indent=2).encode(), 1),
        (json.dumps([{"id": "a", "body": "x"}, {"id": "b", "body": "y"}], indent=2).encode(), 2),
        (b"[Corrects the date] Rain fell.", 1),
        (b"Rain fell. 5 < 6 > 4", 1),
    ],
)
def test_without_a_content_type_the_format_is_sniffed(value: bytes, count: int) -> None:
    for content_type in (None, "application/octet-stream", ""):
        assert len(parts(value, content_type)) == count


@pytest.mark.parametrize(
    "content_type", ["application/xml", "TEXT/HTML; charset=utf-8", "application/rss+xml", "message/rfc822"]
)
def test_a_format_of_a_later_release_is_not_guessed_at(content_type: str) -> None:
    assert reasons(b'{"id": "a", "body": "x"}', content_type) == ["UNKNOWN_FORMAT"]


@pytest.mark.parametrize(
    "value",
    [
        b'<?xml version="1.0"?><newsItem/>',
        b"  <!DOCTYPE html><p>Rain</p>",
        b"<html>\n<p>Rain",
        b"<nitf><body>Rain</body>\n</nitf>\n",
        b"\x01\x16V3652 r i\x02Rain\x03",
        bytes(range(1, 32)) * 20,
    ],
)
def test_what_looks_like_markup_or_like_nothing_is_an_unknown_format(value: bytes) -> None:
    assert reasons(value) == ["UNKNOWN_FORMAT"]


def test_plain_text_takes_its_id_and_its_day_from_the_headers() -> None:
    found = article(b"Rain fell.", "text/plain", wiredesk__id="w1", wiredesk__published_at="2016-04-05")
    assert (found.id, found.body, found.headline, found.find_headline) == ("w1", "Rain fell.", None, True)
    assert found.published_at is not None
    assert found.published_at.at.isoformat() == "2016-04-05T00:00:00+00:00"


def test_plain_text_without_an_id_is_known_by_its_bytes() -> None:
    first, again, other = (article(text, "text/plain") for text in (b"Rain fell.", b"Rain fell.", b"Snow fell."))
    assert first.id == again.id != other.id
    assert first.id.startswith("sha256:")
    assert len(first.id) == len("sha256:") + 32
    assert first.published_at is None


def test_plain_text_may_hold_what_looks_like_json_or_markup() -> None:
    assert article(b'{"id": 1}', "text/plain").body == '{"id": 1}'
    assert article(b"<p>", "text/plain").body_is_html is False


def test_text_of_control_characters_alone_is_no_text() -> None:
    assert reasons(b"\x01\x02\x03", "text/plain") == ["NO_TEXT"]
