"""Each folder here is a case: an input through the real `wiredesk tag`, and what must come out.

=================================  ==========================================================================
file                               what
=================================  ==========================================================================
``input.jsonl|json|txt``           what goes in
``args``                           further words of the command line, if any
``fields``                         what is compared beside `FIELDS`, if anything: ``events``
``secrets``                        one a line: what must stand nowhere in the output, if anything
``expected.jsonl``                 the records, reduced to what is compared
``expected_dead_letters.jsonl``    the dead letters without their messages; the file is there where some are expected
=================================  ==========================================================================

``pytest tests/golden --update-golden`` rewrites the expected files.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CASES = sorted(path.name for path in HERE.iterdir() if path.is_dir() and not path.name.startswith("_"))
FORMATS = {".jsonl": "jsonl", ".json": "ninjs", ".txt": "text"}
FIELDS = (
    "id",
    "version",
    "revision",
    "action",
    "change",
    "headline",
    "body",
    "byline",
    "language",
    "source",
    "url",
    "dateline",
    "urgency",
    "published_at",
    "updated_at",
    "received_at",
    "embargo_until",
    "copy_of",
    "problems",
)


def entity(found: dict[str, Any]) -> str:
    mentions = ", ".join(mention["text"] for mention in found["mentions"])
    return f"{found['type']} {found['name']}: {mentions}"


def event(found: dict[str, Any]) -> str:
    flags = [flag for flag in ("negated", "future", "hypothetical", "historical") if found[flag]]
    who, whom = (", ".join(one["name"] or one["text"] for one in found[side]) for side in ("actors", "recipients"))
    date = found["date"]["at"][:10] if found["date"] else "no date"
    return f"{found['type']}: {who} -> {whom} | {date} {found['date_source']} | {' '.join(flags)}"


def reduced(record: dict[str, Any], more: list[str]) -> dict[str, Any]:
    """What is compared of a record. Entities and events shortened, so that a person can read the difference."""
    kept = {name: record[name] for name in FIELDS}
    kept["part"] = record["provenance"]["part"]
    kept["dates"] = [f"{date['text']}: {date['value']}" for date in record["dates"]]
    kept["entities"] = [entity(found) for found in record["entities"]]
    if "events" in more:
        kept["events"] = [event(found) for found in record["events"]]
    return kept


def reduced_letter(letter: dict[str, Any]) -> dict[str, Any]:
    """A dead letter without its messages, whose wording may change."""
    return letter | {"problems": [problem["reason"] for problem in letter["problems"]]}


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def as_lines(values: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(path)]


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str, request: pytest.FixtureRequest) -> None:
    folder = HERE / case
    (source,) = folder.glob("input.*")
    command = ["tag", "--input_format", FORMATS[source.suffix], *lines(folder / "args"), str(source)]
    done = subprocess.run([sys.executable, "-m", "pipeline", *command], capture_output=True, timeout=120, check=False)

    assert done.returncode in {0, 3}, done.stderr.decode()
    records = [reduced(json.loads(line), lines(folder / "fields")) for line in done.stdout.splitlines()]
    letters = [reduced_letter(json.loads(line)) for line in done.stderr.splitlines()]
    assert done.returncode == (3 if letters else 0)
    for secret in lines(folder / "secrets"):
        assert secret.encode() in source.read_bytes(), f"{secret!r} is not in the input, so it proves nothing"
        assert secret.encode() not in done.stdout + done.stderr

    expected, expected_letters = folder / "expected.jsonl", folder / "expected_dead_letters.jsonl"
    if request.config.getoption("--update-golden"):
        expected.write_text(as_lines(records), encoding="utf-8")
        if letters:
            expected_letters.write_text(as_lines(letters), encoding="utf-8")
        else:
            expected_letters.unlink(missing_ok=True)
    assert records == read(expected)
    assert letters == read(expected_letters)
