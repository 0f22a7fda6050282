"""A run that goes on takes a new version of the alias table with the next article, and refuses a broken one."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from desk import Desk, Input, article

from pipeline.reader import decode_value
from pipeline.stages.tag.alias_lines import COLUMNS

PATIENCE_SECONDS = 150


def table(id_: str, type_: str = "ORGANISATION") -> str:
    cells = {"alias": "Zenith", "name": "Zenith Corp", "type": type_, "scheme": "desk", "id": id_, "country": "DEU"}
    return "\n".join("\t".join(line) for line in (COLUMNS, [cells.get(column, "") for column in COLUMNS])) + "\n"


def put(path: Path, text: str) -> None:
    """Replace the file in one step, as editors and config maps do."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


class Run:
    """`wiredesk run` without end, to which articles are sent one by one."""

    def __init__(self, desk: Desk, path: Path) -> None:
        command = [sys.executable, "-m", "pipeline", "run", *desk.flags(), f"--alias_table={path}"]
        self.desk, self.sent = desk, 0
        self.process = subprocess.Popen([*command, "--log_level=INFO"], stderr=subprocess.PIPE, text=True)

    def ids_of_zenith(self) -> list[str]:
        """Send an article that names it, wait until that is committed, and give the ids in its record."""
        self.desk.send([Input(article(f"a{self.sent}", "The regulator fined Zenith on Monday."))])
        self.sent += 1
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (self.desk.committed()[0] or 0) < self.sent:
            assert self.process.poll() is None, self.process.stderr.read()
            assert time.monotonic() < deadline, "the article was never committed"
        records = [decode_value(record.value) for record in self.desk.records(self.desk.settings.output_topic)]
        [record] = [record for record in records if record.id == f"a{self.sent - 1}"]
        return [of.id for one in record.entities for of in one.ids if of.scheme == "desk"]

    def stop(self) -> list[dict]:
        """End it tidily; the lines of its log."""
        self.process.terminate()
        _, said = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, said
        return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "names.tsv"
    put(path, table("first"))
    return path


def test_each_article_has_the_identity_of_the_last_good_version(desk: Desk, path: Path):
    run = Run(desk, path)
    try:
        assert run.ids_of_zenith() == ["first"]
        put(path, table("second"))
        assert run.ids_of_zenith() == ["second"]
        put(path, table("third", type_="FIRM"))
        assert run.ids_of_zenith() == ["second"]
        assert run.ids_of_zenith() == ["second"]
        path.unlink()
        assert run.ids_of_zenith() == ["second"]
        put(path, table("fourth"))
        assert run.ids_of_zenith() == ["fourth"]
        log = run.stop()
    finally:
        run.process.kill()
        run.process.wait()
    told = [(line["level"], line["message"]) for line in log if "alias_table" in line["message"]]
    assert [level for level, _ in told] == ["INFO", "ERROR", "ERROR", "INFO"]
    assert f"{path}:2: type 'FIRM' is unknown" in told[1][1]
    assert "No such file" in told[2][1]
