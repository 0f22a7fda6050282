"""What is installed from the wheel, and from nothing else, runs the demo: schemas and seeds are inside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEEDS = json.loads((ROOT / "seeds" / "expected.json").read_text(encoding="utf-8"))["records"]
UV = [sys.executable, "-m", "uv"]


def run(command: list[str | Path], cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, timeout=280, check=False)


def did(command: list[str | Path], cwd: Path) -> None:
    done = run(command, cwd)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a clean environment with the pinned requirements and the wheel."""
    where = tmp_path_factory.mktemp("wheel")
    did([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", where, ROOT], where)
    (wheel,) = where.glob("wiredesk-*.whl")
    did([*UV, "venv", "--python", sys.executable, where / "env"], where)
    install = [*UV, "pip", "install", "--python", where / "env" / "bin" / "python"]
    did([*install, "--require-hashes", "-r", ROOT / "requirements.txt"], where)
    did([*install, "--no-deps", wheel], where)
    return where / "env" / "bin"


def test_the_demo_runs_from_an_empty_folder(installed: Path, tmp_path: Path):
    done = run([installed / "wiredesk", "demo", "--output", "json"], tmp_path)
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(record["id"] for record in records) == sorted(SEEDS)
    for record in records:
        assert record["headline"] == "Russia's Lavrov Meets With UN Envoy Over Syrian Peace Talks"
        assert record["entities"]
        assert record["events"]
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_it_comes_from_the_checkout(installed: Path, tmp_path: Path):
    ask = "import pipeline, pipeline.resources as r; print(pipeline.__file__, r.folder('seeds'), r.folder('schemas'))"
    done = run([installed / "python", "-c", ask], tmp_path)
    assert done.returncode == 0, done.stderr
    for path in done.stdout.split():
        assert Path(path).is_relative_to(installed.parent)


def test_the_schemas_are_checked_there_too(installed: Path, tmp_path: Path):
    done = run([installed / "wiredesk", "schemas", "check"], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
