"""`wiredesk aliases check`, and what the other commands say of a table with problems."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.stages.tag.alias_lines import COLUMNS

README = Path(__file__).parents[3] / "README.md"
HEADER = "\t".join(COLUMNS)
GOOD = "Zenith\tZenith Corp\tORGANISATION\tdesk\tz-1\tDEU\t\t\t"
BAD = "Zenith\tZenith Corp\tFIRM\tdesk\t\tGermany\t\t\t"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "names.tsv"


def test_a_good_table(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text(f"# our own\n{HEADER}\n{GOOD}\n")
    assert cli.main(["aliases", "check", str(path)]) == 0
    assert capsys.readouterr().out == "2 names of 1 things, no problems\n"


def test_every_problem_with_its_line(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text(f"# our own\n{HEADER}\n{GOOD}\n{BAD}\n{GOOD}\n")
    assert cli.main(["aliases", "check", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert [line.removeprefix(f"{path}:").split(":")[0] for line in lines] == ["4", "4", "4", "5"]
    assert "type 'FIRM'" in err
    assert "scheme 'desk' without an id" in err
    assert "country 'Germany'" in err


def test_there_is_no_cap_on_the_problems(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text("\n".join([HEADER, *(["x"] * 400)]))
    assert cli.main(["aliases", "check", str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 400


def test_a_file_that_is_not_there(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["aliases", "check", str(path)]) == 2
    assert f"{path}: No such file" in capsys.readouterr().err


def test_the_help_says_what_the_file_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["aliases", "check", "--help"]) == 0
    shown = capsys.readouterr().out
    assert all(column in shown for column in COLUMNS)
    assert "YYYY-MM" in shown


@pytest.mark.parametrize(
    "words",
    [
        ["tag", "{article}"],
        ["run", "--kafka_brokers=127.0.0.1:1", "--check"],
        ["run", "--kafka_brokers=127.0.0.1:1"],
    ],
)
def test_a_table_with_problems_stops_a_command_before_it_begins(
    words: list[str], path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "article.txt"
    article.write_text("All is well.")
    path.write_text(f"{HEADER}\n{BAD}\n")
    assert cli.main([*(word.format(article=article) for word in words), f"--alias_table={path}"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"alias_table {path}:2: type 'FIRM'" in err
    assert f"alias_table {path}:2: country 'Germany'" in err
    assert "Traceback" not in err


def example() -> str:
    """The table in the README."""
    _, found, rest = README.read_text("utf-8").partition("<!-- example: names.tsv -->\n```\n")
    assert found
    return rest.partition("```")[0]


def test_the_table_in_the_readme_is_a_good_one(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text(example())
    assert cli.main(["aliases", "check", str(path)]) == 0
    assert capsys.readouterr().out == "4 names of 2 things, no problems\n"


@pytest.mark.parametrize(("published", "sector"), [("2009-05-05", "LEG"), ("2016-04-05", "GOV"), ("2001-12-31", None)])
def test_the_role_is_that_of_the_article_s_date(
    published: str, sector: str | None, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "article.txt"
    article.write_text("Ana Torre spoke to reporters on Monday.")
    path.write_text(example())
    assert cli.main(["tag", f"--published={published}", f"--alias_table={path}", str(article)]) == 0
    [record] = map(json.loads, capsys.readouterr().out.splitlines())
    [found] = [one for one in record["entities"] if one["name"] == "Ana Torre"]
    assert (found["sector"], found["ids"]) == (sector, [{"scheme": "desk", "id": "p-7"}])


def test_tag_knows_the_names_of_the_table(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = tmp_path / "article.txt"
    article.write_text("The regulator fined Zenith on Monday.")
    path.write_text(f"{HEADER}\n{GOOD}\n")
    assert cli.main(["tag", "--published=2016-04-05", f"--alias_table={path}", str(article)]) == 0
    [record] = map(json.loads, capsys.readouterr().out.splitlines())
    [found] = [one for one in record["entities"] if one["name"] == "Zenith Corp"]
    assert (found["type"], found["country"], found["ids"]) == (
        "ORGANISATION",
        "DEU",
        [{"scheme": "desk", "id": "z-1"}],
    )
