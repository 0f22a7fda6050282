"""`wiredesk explain` through the real command: each event with its reasons, each that was dropped with its own."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli

BODY = (
    "Kenya accused Uganda of spying on its army on Monday.\n"
    "Will France condemn the attack? Peru wants to meet the minister. Peru will send medicine to Chile.\n"
    "Iran could [attack] Iraq if talks fail. Researchers agreed with the findings."
)
ARTICLES = [
    {"id": "one", "headline": "Kenya accuses Uganda of spying", "body": BODY, "published_at": "2016-04-05"},
    {
        "id": "two",
        "headline": "Rebels release hostages in Chad",
        "body": "",
        "language": "en",
        "published_at": "2016-04-05",
    },
]


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _explain(tmp_path_factory, [])


def _explain(tmp_path_factory: pytest.TempPathFactory, flags: list[str]) -> str:
    path = tmp_path_factory.mktemp("explain") / "wire.jsonl"
    path.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "explain", *flags, path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def _about(text: str, sentence: str, field: str = "BODY") -> str:
    """What is said of a sentence."""
    _, found, rest = text.partition(f"\n{field}: {sentence}\n")
    assert found, text
    return rest.partition("\n\n")[0]


def test_an_event_is_told_with_its_line_and_its_parts(explained: str) -> None:
    said = _about(explained, "Kenya accused Uganda of spying on its army on Monday.")
    assert 'event: ACCUSE/allege, told by "accused"' in said
    assert "line: accuse V s>o ACCUSE allege " in said
    assert "actors: Kenya [KEN GOV]" in said
    assert "recipients: Uganda [UGA GOV]" in said
    assert 'date: 2016-04-04 DAY (RELATIVE, "Monday")' in said
    assert re.search(r"confidence: 0\.\d", said)
    assert "told again: Kenya accuses Uganda of spying" in said


def test_what_is_dropped_says_why(explained: str) -> None:
    assert "dropped: QUESTION, it is asked" in _about(explained, "Will France condemn the attack?")
    assert "dropped: UNREAL, a wish" in _about(explained, "Peru wants to meet the minister.")
    retold = _about(explained, "Kenya accuses Uganda of spying", "HEADLINE")
    assert "dropped: RETOLD, another sentence" in retold
    assert "see: Kenya accused Uganda" in retold


def test_what_the_rules_changed_is_told(explained: str) -> None:
    assert "rules: AID became AGREE" in _about(explained, "Peru will send medicine to Chile.")


def test_a_word_that_told_of_nothing_names_what_was_missing(
    explained: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    everything = _explain(tmp_path_factory, ["--all"])
    missed = re.compile(r"not taken: agreed: agree (?:\w+ )*V .*: not met: \S+")
    few, all_ = (missed.findall(_about(t, "Researchers agreed with the findings.")) for t in (explained, everything))
    assert len(few) == 1
    assert len(all_) > 1
    assert few[0] in all_


def test_articles_are_told_in_their_order(explained: str) -> None:
    assert explained.index("one  2016-04-05") < explained.index("two  2016-04-05")
    assert "RETREAT/release" in explained.partition("two  2016-04-05")[2]


def test_what_is_not_read_for_events_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fr.jsonl"
    path.write_text('{"id": "fr", "headline": "Le ministre", "body": "", "language": "fr"}\nno json\n', "utf-8")
    assert cli.main(["explain", "--input_format=jsonl", str(path)]) == 3
    out, err = capsys.readouterr()
    assert "problems: LANGUAGE_NOT_SUPPORTED\n\nno events are coded" in out
    assert json.loads(err)["reason"] == "INVALID_JSON"


def test_a_path_that_cannot_be_read_is_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", str(tmp_path / "nothing.jsonl")]) == 2
    assert "nothing.jsonl: no such file" in capsys.readouterr().err
