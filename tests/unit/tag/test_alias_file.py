"""The alias table as a file: read anew when it has changed, and refused when it is broken."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from pipeline.observe.metrics import REGISTRY
from pipeline.settings import ConfigError
from pipeline.stages.tag import alias_file as module
from pipeline.stages.tag.alias_file import MAX_TOLD, AliasFile, read_bytes
from pipeline.stages.tag.alias_lines import COLUMNS
from pipeline.stages.tag.aliases import AliasTable

HEADER = "\t".join(COLUMNS)


def text(*names: str) -> str:
    return "\n".join([HEADER, *(f"{name}\t{name}\tORGANISATION" + "\t" * 6 for name in names), ""])


def names(table: AliasTable) -> list[str]:
    return [one.name for one in table.listed]


def told(outcome: str) -> float:
    return REGISTRY.get_sample_value("wiredesk_alias_tables_total", {"outcome": outcome}) or 0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "names.tsv"
    path.write_text(text("Zenith"))
    return path


def test_a_file_that_stays_is_the_same_table(path: Path) -> None:
    file = AliasFile(str(path))
    assert names(file.current()) == ["Zenith"]
    assert file.current() is file.current()


def test_a_changed_file_is_another_table(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file, taken = AliasFile(str(path)), told("taken")
    before = file.current()
    path.write_text(text("Zenith", "Nadir"))
    with caplog.at_level(logging.INFO, logger="pipeline"):
        assert names(file.current()) == ["Zenith", "Nadir"]
    assert names(before) == ["Zenith"]
    assert "2 names of 2 things" in caplog.text
    assert told("taken") == taken + 1


def test_a_file_put_in_its_place_with_the_same_size_and_time_is_another_table(path: Path) -> None:
    file = AliasFile(str(path))
    file.current()
    was = path.stat()
    other = path.with_suffix(".new")
    other.write_text(text("Nadirs"))
    os.utime(other, ns=(was.st_atime_ns, was.st_mtime_ns))
    other.replace(path)
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (was.st_size, was.st_mtime_ns)
    assert names(file.current()) == ["Nadirs"]


def test_a_broken_version_is_refused_and_told_once(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file, refused = AliasFile(str(path)), told("refused")
    good = file.current()
    path.write_text(text("Nadir") + "Nadir\tNadir\tFIRM" + "\t" * 6 + "\n")
    with caplog.at_level(logging.INFO, logger="pipeline"):
        assert [file.current() for _ in range(3)] == [good] * 3
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert f"{path}:3: type 'FIRM'" in record.getMessage()
    assert told("refused") == refused + 1


def test_a_good_version_after_a_broken_one_is_taken(path: Path) -> None:
    file = AliasFile(str(path))
    file.current()
    path.write_text("nonsense")
    file.current()
    path.write_text(text("Nadir"))
    assert names(file.current()) == ["Nadir"]


def test_a_file_that_is_gone_is_told_once_and_taken_when_it_is_back(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = AliasFile(str(path))
    good = file.current()
    path.unlink()
    with caplog.at_level(logging.INFO, logger="pipeline"):
        assert [file.current(), file.current()] == [good, good]
    [record] = caplog.records
    assert "No such file" in record.getMessage()
    path.write_text(text("Nadir"))
    assert names(file.current()) == ["Nadir"]


def test_a_version_that_changes_while_it_is_read_is_left_for_the_next_time(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = AliasFile(str(path))
    good = file.current()
    whole = text("Zenith", "Nadir")
    path.write_text(whole[:-20])  # half of it is written when we look,

    def slow(data: bytes) -> object:
        monkeypatch.undo()
        path.write_text(whole)  # and the rest while we read
        return read_bytes(data)

    monkeypatch.setattr(module, "read_bytes", slow)
    with caplog.at_level(logging.INFO, logger="pipeline"):
        assert file.current() is good
        assert not caplog.records
        assert names(file.current()) == ["Zenith", "Nadir"]


def test_a_first_version_with_problems_is_an_error_of_configuration(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text(text(*(f" {n}" for n in range(MAX_TOLD + 7))))
    with pytest.raises(ConfigError) as caught:
        AliasFile(str(path)).current()
    problems = caught.value.problems
    assert len(problems) == MAX_TOLD + 1
    assert f"{path}:2: alias ' 0'" in problems[0]
    assert "and 64 more" in problems[-1]  # two a line: alias and name


@pytest.mark.parametrize("missing", ["nowhere.tsv", "."])
def test_a_first_version_that_cannot_be_read_is_one_too(tmp_path: Path, missing: str) -> None:
    with pytest.raises(ConfigError, match=r"No such file|Is a directory"):
        AliasFile(str(tmp_path / missing)).current()


def test_every_line_that_is_not_utf_8_is_a_problem() -> None:
    good = text("Zenith", "Zürich Re")
    listed, problems = read_bytes(good.encode("latin-1") + "Ünsal\n".encode("latin-1"))
    assert [(problem.line, "0xFC" in problem.message) for problem in problems] == [(3, True), (4, False)]
    assert [one.name for one in listed] == ["Zenith"]
    assert read_bytes(good.encode())[1] == ()


def test_utf_16_is_told_once() -> None:
    _, [problem] = read_bytes(text("Zenith", "Nadir").encode("utf-16"))
    assert "UTF-16" in problem.message
