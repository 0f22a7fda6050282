"""`wiredesk tag` as a person meets it: paths, and a reader who has had enough. What it tags is tested elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli

ARTICLE = '{"id": "a", "headline": "Chile accuses Peru of illegal fishing", "body": ""}\n'


def test_every_path_that_cannot_be_read_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["tag", str(tmp_path), str(tmp_path / "nothing.jsonl")]) == 2
    err = capsys.readouterr().err
    assert f"{tmp_path} is a folder" in err
    assert "nothing.jsonl: no such file" in err


def test_a_pipe_can_be_given_as_a_path() -> None:
    read, write = os.pipe()
    os.write(write, ARTICLE.encode())
    os.close(write)
    command = [sys.executable, "-m", "pipeline", "tag", f"/dev/fd/{read}"]
    done = subprocess.run(command, pass_fds=[read], capture_output=True, text=True, check=False)
    os.close(read)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith('{"id":"a",')


@pytest.mark.parametrize("form", ["json", "table", "avro"])
def test_a_reader_who_has_had_enough_is_no_error(form: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(ARTICLE, "utf-8")
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "pipeline", "tag", f"--output={form}", path]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")
