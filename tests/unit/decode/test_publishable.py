"""What may not be published leaves no trace: every doubt is a no, and nothing of the text goes on with a neighbour."""

from __future__ import annotations

import json
from typing import Any

import pytest
from decoding import article, parts, reasons

from pipeline.model import Article, Dropped, Failure

FLAT = {"id": "1", "body": "Secret text."}
NINJS = {"uri": "1", "bodies": [{"role": "main", "value": "Secret text."}]}


@pytest.mark.parametrize("item", [FLAT, NINJS])
@pytest.mark.parametrize("status", ["usable", "published", "Usable", " usable ", "stat:usable", None])
@pytest.mark.parametrize("key", ["status", "pubstatus", "pubStatus"])
def test_a_usable_article_goes_on(item: dict[str, Any], status: str | None, key: str) -> None:
    assert article({**item, key: status}).id == "1"


@pytest.mark.parametrize("item", [FLAT, NINJS])
@pytest.mark.parametrize("key", ["status", "pubstatus", "pubStatus"])
@pytest.mark.parametrize(
    "status",
    ["withheld", "canceled", "cancelled", "killed", "commissioned", "WITHHELD", "", "no idea", 1, True, [], {"a": 1}],
)
def test_any_other_status_is_not_publishable(item: dict[str, Any], key: str, status: object) -> None:
    assert reasons({**item, key: status}) == ["NOT_PUBLISHABLE"]


@pytest.mark.parametrize("item", [FLAT, NINJS])
@pytest.mark.parametrize("key", ["embargo_until", "embargoed", "embargoedUntil", "embargoUntil"])
@pytest.mark.parametrize(
    "embargo",
    [
        "2026-03-01T12:00:01Z",
        "2026-03-01T11:00:00-02:00",
        "2016-04-05",
        "2016-04",
        "2016",
        "2016-04-05T10:30:00",
        "Next Monday",
        "",
        "Tue, 05 Apr 2016 10:30:00 BST",
        1459852200,
        False,
        [],
    ],
)
def test_an_embargo_in_the_future_or_in_doubt_is_not_publishable(
    item: dict[str, Any], key: str, embargo: object
) -> None:
    assert reasons({**item, key: embargo}) == ["NOT_PUBLISHABLE"]


@pytest.mark.parametrize(
    "embargo", ["2026-03-01T12:00:00Z", "2026-03-01T13:59:00+02:00", "Sun, 01 Mar 2026 11:00:00 GMT"]
)
def test_an_embargo_that_has_passed_is_kept(embargo: str) -> None:
    found = article({**FLAT, "embargo_until": embargo})
    assert found.embargo_until is not None
    assert found.embargo_until.isoformat()[:10] == "2026-03-01"


def test_of_two_statuses_the_worse_one_counts() -> None:
    assert reasons(b'{"id": "1", "body": "Secret", "status": "killed", "status": "usable"}') == ["NOT_PUBLISHABLE"]
    assert reasons(b'{"id": "1", "body": "Secret", "status": "usable", "status": "killed"}') == ["NOT_PUBLISHABLE"]
    assert reasons({**FLAT, "status": "usable", "pubStatus": "withheld"}) == ["NOT_PUBLISHABLE"]


def test_not_publishable_comes_before_any_dead_letter() -> None:
    assert reasons({"id": [], "body": 5, "status": "withheld"}) == ["NOT_PUBLISHABLE"]
    assert reasons({"what": "ever", "pubStatus": "withheld"}) == ["NOT_PUBLISHABLE"]
    assert reasons(b'{"id": "1", "body": "Secret \\ud800", "status": "withheld"}') == ["NOT_PUBLISHABLE"]


@pytest.mark.parametrize("as_lines", [True, False])
def test_nothing_of_a_withheld_text_leaves_with_its_neighbours(as_lines: bool) -> None:
    items = [{"id": "1", "body": "fine"}, {**FLAT, "status": "withheld"}, {"id": "3", "body": 7}]
    lines = [json.dumps(item) for item in items]
    value = ("\n".join(lines) if as_lines else f"[{','.join(lines)}]").encode()
    found = parts(value, "application/x-ndjson" if as_lines else "application/json")
    assert [type(part) for part in found] == [Article, Dropped, Failure]
    assert [(part.source.part, part.source.parts) for part in found] == [(0, 3), (1, 3), (2, 3)]
    assert all(b"Secret" not in repr(part).encode() for part in found)
    assert json.loads(found[2].source.record.value or b"") == items[2]
    assert found[1].source.record.value is None
