"""ninjs of the versions in use: which text is taken, and what is no article."""

from __future__ import annotations

from typing import Any

import pytest
from decoding import article, reasons

VERSION_3 = {
    "uri": "urn:example:1",
    "type": "text",
    "version": "4",
    "firstCreated": "2016-04-05T08:00:00Z",
    "versionCreated": "2016-04-05T09:30:00+02:00",
    "pubStatus": "usable",
    "urgency": 2,
    "language": "en-GB",
    "by": "Jane Roe",
    "infoSources": [{"name": "Example Wire"}],
    "headlines": [{"role": "sub", "value": "Wet"}, {"role": "main", "value": "Rain falls"}],
    "bodies": [
        {"role": "summary", "contentType": "text/plain", "value": "Short."},
        {"role": "main", "contentType": "text/html", "value": "<p>Rain fell.</p>"},
    ],
}


def test_version_3_is_read() -> None:
    found = article(VERSION_3)
    assert (found.id, found.version, found.urgency, found.language) == ("urn:example:1", "4", 2, "en-GB")
    assert (found.headline, found.body, found.body_is_html) == ("Rain falls", "<p>Rain fell.</p>", True)
    assert (found.byline, found.provider, found.url) == ("Jane Roe", "Example Wire", None)
    assert found.published_at is not None
    assert found.updated_at is not None
    assert (found.published_at.at.hour, found.updated_at.at.hour) == (8, 7)
    assert found.problems == ()


def test_version_2_writes_its_keys_in_lower_case() -> None:
    found = article(
        {
            "uri": "https://example.com/1",
            "firstcreated": "2016-04-05T08:00:00Z",
            "versioncreated": "2016-04-05T09:00:00Z",
            "headlines": [{"value": "Rain falls"}],
            "infosources": [{"name": "Example Wire"}],
            "bodies": [{"role": "main", "contenttype": "text/html", "value": "<p>Rain</p>"}],
        }
    )
    assert (found.headline, found.body_is_html, found.provider) == ("Rain falls", True, "Example Wire")
    assert found.url == "https://example.com/1"
    assert found.published_at is not None
    assert found.published_at.at.hour == 8


def test_version_1_has_its_texts_in_keys_of_their_own() -> None:
    found = article(
        {
            "uri": "urn:example:1",
            "headline": "Rain falls",
            "byline": "Jane Roe",
            "versioncreated": "2016-04-05T09:00:00+0000",
            "body_xhtml": "<p>Rain fell.</p>",
            "body_text": "Rain fell.",
        }
    )
    assert (found.headline, found.body, found.body_is_html, found.byline) == (
        "Rain falls",
        "Rain fell.",
        False,
        "Jane Roe",
    )
    assert found.published_at == found.updated_at


def bodies(*entries: tuple[str | None, str | None, object]) -> dict[str, Any]:
    return {
        "uri": "1",
        "bodies": [{"role": role, "contentType": kind, "value": value} for role, kind, value in entries],
    }


@pytest.mark.parametrize(
    ("item", "body", "is_html"),
    [
        (bodies(("main", "text/html", "<b>a</b>"), ("main", "text/plain", "a")), "a", False),
        (bodies(("caption", "text/plain", "c"), ("main", "text/html", "<b>a</b>")), "<b>a</b>", True),
        (bodies(("x", "text/plain", "first"), ("y", "text/plain", "second")), "first", False),
        (bodies(("main", "application/json", "{}"), ("x", "text/plain", "a")), "a", False),
        (bodies(("main", "text/plain", "  "), ("x", "text/plain", "a")), "a", False),
        (bodies((None, None, "a < b")), "a < b", False),
        (bodies((None, None, "<p class='x'>a</p>")), "<p class='x'>a</p>", True),
        (bodies(("main", "application/xhtml+xml", "<p>a</p>")), "<p>a</p>", True),
    ],
)
def test_the_main_body_is_taken_and_plain_text_before_markup(item: dict[str, Any], body: str, is_html: bool) -> None:
    found = article(item)
    assert (found.body, found.body_is_html) == (body, is_html)


@pytest.mark.parametrize(
    ("item", "codes"),
    [
        ({"bodies": [{"value": "x"}]}, ["NO_ID"]),
        ({"uri": "1"}, ["NO_TEXT"]),
        ({"uri": "1", "headlines": [], "bodies": []}, ["NO_TEXT"]),
        ({"uri": "1", "bodies": "x"}, ["WRONG_TYPE"]),
        ({"uri": "1", "bodies": [3]}, ["WRONG_TYPE"]),
        ({"uri": "1", "bodies": [{"value": 3}], "headlines": [{"value": []}]}, ["WRONG_TYPE", "WRONG_TYPE"]),
        ({"uri": 1.5, "bodies": {}}, ["WRONG_TYPE", "WRONG_TYPE"]),
        ({"uri": "1", "body_text": {"a": 1}}, ["WRONG_TYPE"]),
        ({"uri": "1", "headline_": "x"}, ["NO_TEXT"]),
        ({"uri": "1", "type": "picture", "headlines": [{"value": "Rain"}]}, ["NOT_AN_ARTICLE"]),
        ({"uri": "1", "type": "planning", "plannedCoverage": []}, ["NOT_AN_ARTICLE"]),
    ],
)
def test_what_is_no_article_says_why(item: dict[str, Any], codes: list[str]) -> None:
    assert reasons(item) == codes


def test_a_body_of_the_wrong_type_beside_a_good_one_is_lived_with() -> None:
    found = article({"uri": "1", "bodies": [{"role": "main", "value": "x"}, {"value": 3}, 4]})
    assert (found.body, found.problems) == ("x", ("BAD_FIELD",))


def test_a_text_without_a_body_is_an_alert() -> None:
    found = article({"uri": "1", "type": "text", "headlines": [{"value": "RAIN FALLS"}]})
    assert (found.headline, found.body) == ("RAIN FALLS", "")


def test_a_composite_with_a_body_is_an_article() -> None:
    assert article({"uri": "1", "type": "composite", "bodies": [{"value": "x"}]}).body == "x"
