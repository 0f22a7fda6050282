"""The flat form of the contract, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from decoding import article, parts, reasons

from pipeline.model import Failure

FULL = {
    "id": "a1",
    "headline": "Rain falls",
    "body": "Rain fell.\nIt was wet.",
    "published_at": "2016-04-05T10:00:00Z",
    "updated_at": "2016-04-05T11:00:00Z",
    "version": "2",
    "language": "en_GB",
    "source": "Example Wire",
    "url": "https://example.com/a",
    "byline": "Jane Roe",
    "urgency": 3,
    "embargo_until": "2016-04-05T09:00:00Z",
    "status": "usable",
}


def test_every_field_of_the_contract_is_read() -> None:
    found = article(FULL)
    assert (found.id, found.headline, found.body) == ("a1", "Rain falls", "Rain fell.\nIt was wet.")
    assert (found.version, found.language, found.provider) == ("2", "en-GB", "Example Wire")
    assert (found.url, found.byline, found.urgency) == ("https://example.com/a", "Jane Roe", 3)
    assert found.published_at is not None
    assert found.updated_at is not None
    assert found.embargo_until is not None
    assert [time.isoformat()[11:16] for time in (found.published_at.at, found.updated_at.at, found.embargo_until)] == [
        "10:00",
        "11:00",
        "09:00",
    ]
    assert (found.problems, found.body_is_html, found.find_headline) == ((), False, False)


def test_what_is_absent_stays_absent() -> None:
    found = article({"id": "a1", "body": "Rain fell."})
    assert (found.headline, found.published_at, found.updated_at, found.version, found.urgency) == (None,) * 5
    assert found.problems == ()


def test_a_headline_alone_is_an_article() -> None:
    assert article({"id": "a1", "headline": "RAIN FALLS"}).body == ""


@pytest.mark.parametrize(("given", "read"), [(17, "17"), (" a ", "a"), ("a\x03", "a"), (0, "0")])
def test_an_id_is_a_string_or_an_integer(given: object, read: str) -> None:
    assert article({"id": given, "body": "x"}).id == read


@pytest.mark.parametrize(
    ("item", "codes"),
    [
        ({"body": "x"}, ["NO_ID"]),
        ({"id": "  ", "body": "x"}, ["NO_ID"]),
        ({"id": None, "body": "x"}, ["NO_ID"]),
        ({"id": True, "body": "x"}, ["WRONG_TYPE"]),
        ({"id": 1.5, "body": "x"}, ["WRONG_TYPE"]),
        ({"id": "1", "body": ["x"]}, ["WRONG_TYPE"]),
        ({"id": "1", "body": "x", "headline": 5}, ["WRONG_TYPE"]),
        ({"id": "1"}, ["NO_TEXT"]),
        ({"id": "1", "body": " \n", "headline": ""}, ["NO_TEXT"]),
        ({"headline": ""}, ["NO_ID", "NO_TEXT"]),
        ({"id": [], "headline": {}, "body": 3}, ["WRONG_TYPE", "WRONG_TYPE", "WRONG_TYPE"]),
        ({}, ["NOT_AN_ARTICLE"]),
        ({"title": "Rain"}, ["NOT_AN_ARTICLE"]),
    ],
)
def test_every_problem_of_a_bad_article_is_reported(item: dict[str, Any], codes: list[str]) -> None:
    assert reasons(item) == codes


def test_a_problem_names_its_field() -> None:
    (failure,) = parts(b'{"id": "1", "headline": 5, "body": null}')
    assert isinstance(failure, Failure)
    assert failure.problems[0].message == "headline must be a string, it is a number"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("byline", 5),
        ("source", []),
        ("url", {}),
        ("version", True),
        ("version", [1]),
        ("language", "English please"),
        ("language", 3),
        ("urgency", 0),
        ("urgency", 10),
        ("urgency", "high"),
        ("urgency", 2.5),
        ("urgency", True),
        ("published_at", 1459852200),
    ],
)
def test_a_bad_optional_field_is_null_and_noted(field: str, value: object) -> None:
    found = article({"id": "1", "body": "x", field: value})
    assert found.problems == ("BAD_FIELD",)
    assert getattr(found, {"source": "provider"}.get(field, field)) is None


@pytest.mark.parametrize(("given", "read"), [("1.0", "1.0"), (0, "0"), (1.5, "1.5"), ("draft b", "draft b")])
def test_a_version_is_what_the_sender_calls_it(given: object, read: str) -> None:
    assert article({"id": "1", "body": "x", "version": given}).version == read


def test_times_that_are_bad_or_lack_a_zone_are_noted() -> None:
    found = article({"id": "1", "body": "x", "published_at": "soon", "updated_at": "2016-04-05T10:00:00"})
    assert found.published_at is None
    assert found.updated_at is not None
    assert found.problems == ("BAD_TIME", "TIME_WITHOUT_ZONE")


def test_control_characters_go_and_line_ends_become_newlines() -> None:
    found = article(
        {"id": "1", "headline": "Ra\x00in", "body": "a\u0003\r\nb\rc\u2028d\u2029e\tf\x7f\x85\ufffe\uffffg"}
    )
    assert (found.headline, found.body) == ("Rain", "a\nb\nc\nd\ne\tfg")
    assert found.problems == ("CONTROL_CHARACTERS",)


def test_a_line_end_of_windows_is_no_problem() -> None:
    assert article({"id": "1", "body": "a\r\nb"}).problems == ()
