"""`wiredesk tag` and the pipeline on one partition give the same records, one after the other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from desk import JSONL, Desk, Input

from pipeline.broker.embedded import EmbeddedBroker
from pipeline.model import TaggedArticle
from pipeline.reader import decode_value, to_json

WIREDESK = [sys.executable, "-m", "pipeline"]
# What is taken from a clock, and where the input stood.
CLOCKS = ("processed_at", "received_at")
COORDINATES = ("topic", "partition", "offset", "part")

PEOPLE = ["Anna Weiss", "Tomas Berg", "Lin Zhao", "Omar Haddad", "Maria Costa"]
TOWNS = ["Oslo", "Geneva", "Nairobi", "Lima", "Ankara"]
LEADS = [
    "OSLO, March 4 (Reuters) - Foreign Minister {one} met President {other} in {town} on Tuesday.",
    "Police in {town} arrested 12 protesters last week, {one} said. They had demanded that {other} resign.",
    "{one} did not accuse {other} of anything. The two will hold talks in {town} next month.",
    "At least 14 people were killed in a bomb attack near {town} on Monday, a spokesman for {one} said.",
    "By {one}\n{town} and its neighbours signed a trade agreement in February; {other} praised it.",
    "Le ministre {one} a rencontré le président {other} à {town} mardi pour parler de la paix dans la région, et les"
    " deux hommes ont ensuite tenu une conférence de presse devant de nombreux journalistes venus de toute l'Europe."
    " Selon leurs porte-parole, les discussions vont continuer la semaine prochaine, sans que la date soit connue.",
]


def articles() -> list[bytes]:
    """Sixty lines: of every kind of text, with every optional field somewhere, some broken and some withheld."""
    lines = []
    for n in range(60):
        one, other, town = PEOPLE[n % 5], PEOPLE[(n + 1 + n // 7) % 5], TOWNS[(n * 3) % 5]
        lead = LEADS[n % len(LEADS)].format(one=one, other=other, town=town)
        item: dict[str, Any] = {
            "id": f"urn:desk:{n}",
            "headline": None if n % 11 == 3 else f"{one.split()[1]} in {town}",
            "body": f"{lead}\n“It was good,” {one.split()[1]} said.\n(Reporting by {other}; Editing by {one})",
            "published_at": f"2024-03-{5 + n % 20:02}T1{n % 10}:30:00Z" if n % 9 else ("2024-03-05", None)[n % 2],
        }
        extra = [
            {"updated_at": "2024-06-01T08:00:00+02:00", "version": str(n)},
            {"language": "en-GB", "source": "Desk", "url": "HTTPS://Example.org/a?utm_source=x#y"},
            {"byline": "By Jane Roe", "urgency": 3},
            {"urgency": "soon", "published_at": "2024-03-05T10:00:00"},
            {"embargo_until": "2020-01-01T00:00:00Z"},
        ]
        item |= extra[n % 5]
        lines.append(json.dumps(item, ensure_ascii=n % 2 == 0).encode())
    lines[7] = b'{"id": "broken"'
    lines[23] = json.dumps({"id": "urn:desk:23", "headline": "H", "body": "B.", "status": "withheld"}).encode()
    lines[41] = json.dumps({"id": "urn:desk:41", "headline": 5}).encode()
    return lines


def comparable(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in CLOCKS} | {
        "provenance": {key: value for key, value in record["provenance"].items() if key not in COORDINATES}
    }


def test_the_records_are_the_same(broker: EmbeddedBroker, tmp_path: Path):
    lines = articles()
    wire = tmp_path / "wire.jsonl"
    wire.write_bytes(b"\n".join(lines) + b"\n")
    offline = subprocess.run(
        [*WIREDESK, "tag", "--input_format", "jsonl", str(wire)], capture_output=True, timeout=120, check=False
    )
    assert offline.returncode == 3, offline.stderr.decode()

    desk = Desk(broker.connection.brokers, partitions=1)
    desk.send(Input(line, JSONL) for line in lines)
    report = desk.run()
    assert (report.tagged, report.dead_letters, report.dropped) == (57, 2, 1)

    by_tag = [json.loads(line) for line in offline.stdout.splitlines()]
    by_pipeline = [decode_value(record.value) for record in desk.records(desk.settings.output_topic)]
    assert [record["id"] for record in by_tag] == [record.id for record in by_pipeline]
    for one, other in zip(by_tag, by_pipeline, strict=True):
        assert isinstance(other, TaggedArticle)
        assert comparable(one) == comparable(json.loads(to_json(other)))
    assert sum(len(record["events"]) for record in by_tag) > 40, "records without tags would prove little"
    assert any(record["dateline"] for record in by_tag)
    assert any(record["problems"] for record in by_tag)
    assert {record["language"] for record in by_tag} >= {"en", "fr", "en-GB"}

    dead = [json.loads(line) for line in offline.stderr.splitlines()]
    letters = desk.records(desk.settings.dead_letter_topic)
    assert [(each["record"], each["reason"]) for each in dead] == [
        (int(dict(letter.headers)["__connect.errors.offset"]), dict(letter.headers)["wiredesk.reason"].decode())
        for letter in letters
    ]
    assert [each["value"].encode().rstrip(b"\n") for each in dead] == [letter.value for letter in letters]
