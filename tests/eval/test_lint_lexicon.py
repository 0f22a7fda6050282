"""What `make lexicon` says: hits on articles through the real stages, and each part of its report."""

import subprocess
import sys
from pathlib import Path

import lint_lexicon
import pytest

SCRIPT = Path(lint_lexicon.__file__)
STORIES = (
    '{"id": "a", "headline": "", "body": "Kenya accused Uganda of spying. Peru wants to arrest the envoy."}\n'
    '{"id": "b", "headline": "", "body": "Iran accused Iraq of spying."}\n'
)


def test_hits_are_counted_and_those_that_give_an_event(tmp_path: Path) -> None:
    stories = tmp_path / "wire.jsonl"
    stories.write_text(STORIES, "utf-8")
    taken, emitted = lint_lexicon.hits(stories)
    assert {(t.lemma, number) for t, number in taken.items()} == {("accuse", 2), ("arrest", 1)}
    assert {(t.lemma, number) for t, number in emitted.items()} == {("accuse", 2)}
    said = "\n".join(lint_lexicon._of_hits(lint_lexicon.triggers(), taken, emitted))
    assert "taken most: 2\n  2 taken, 2 events: accuse V " in said
    assert "  arrest V " not in said.partition("never taken")[2]
    assert "  abduct V " in said.partition("never taken")[2]


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, SCRIPT, tmp_path / "no"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no such file" in done.stderr


@pytest.mark.timeout(300)
def test_the_report_has_its_parts() -> None:
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    titles = [line.rpartition(":")[0] for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert [title.partition(",")[0].partition(":")[0] for title in titles] == [
        "never taken",
        "clash",
        "examples that fire nothing of their kind",
        "lines without an example",
    ]
