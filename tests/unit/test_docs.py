"""What the pages say is so: links, commands, names in the code, generated tables, and the README's examples."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli, options
from pipeline.stages import STAGES

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = sorted(
    page for page in ROOT.rglob("*.md") if not any(part.startswith(".") for part in page.relative_to(ROOT).parts)
)
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _links(page: Path) -> list[tuple[str, Path]]:
    """The text and the target of each link to a file of the repository."""
    found = LINK.findall(FENCE.sub("", page.read_text("utf-8")))
    return [(text, page.parent / target.partition("#")[0]) for text, target in found if "://" not in target]


def _commands(page: Path) -> list[str]:
    """The wiredesk command lines in the blocks of a page, without what is piped in or out."""
    lines = [
        line for kind, block in FENCE.findall(page.read_text("utf-8")) if kind == "sh" for line in block.split("\n")
    ]
    return [
        part.strip() for line in lines for part in re.split(r"[|>]|&&", line) if part.strip().startswith("wiredesk ")
    ]


def _example(name: str) -> str:
    """The block of the README that follows the comment ``example: <name>``."""
    _, found, rest = README.read_text("utf-8").partition(f"<!-- example: {name} -->\n")
    assert found, f"the README has no example {name}"
    block = FENCE.search(rest)
    assert block
    return block[2]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert [target for _, target in _links(page) if not target.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_name_that_links_to_a_module_is_defined_there(page: Path) -> None:
    for text, target in _links(page):
        if target.suffix == ".py" and re.fullmatch(r"`\w+(\.\w+)?`", text):
            assert _defined(text.strip("`").rpartition(".")[2], target), f"{text} is not in {target}"


def _defined(name: str, module: Path) -> bool:
    nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name for node in nodes) or any(
        isinstance(node, ast.ImportFrom) and any(alias.name == name for alias in node.names) for node in nodes
    )


def test_the_pages_show_commands() -> None:
    assert len(_commands(README)) >= 10


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_that_is_shown_can_be_given(page: Path) -> None:
    for line in _commands(page):
        args, _ = cli.parsed(shlex.split(line)[1:])
        options.beam_flags(args.leftover)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"`wiredesk ([a-z_]+)", page.read_text("utf-8")))
    assert named <= set(cli.COMMANDS)


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_the_examples_in_the_help_can_be_given(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main([command, "--help"])
    lines = [
        line for line in capsys.readouterr().out.split("\n") if line.startswith("  ") and f"wiredesk {command} " in line
    ]
    for line in lines:
        ours = line[line.index("wiredesk ") :].partition("|")[0].partition(">")[0]
        cli.parsed(shlex.split(ours)[1:])


@pytest.mark.parametrize("words", [[], *([name] for name in cli.COMMANDS)], ids=" ".join)
def test_the_help_fits_a_narrow_terminal(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    cli.main([*words, "--help"])
    lines = capsys.readouterr().out.split("\n")
    # An example is one line that can be copied.
    assert [line for line in lines if len(line) > 80 and not line.startswith("  wiredesk ")] == []


def test_the_chain_is_drawn_as_it_is() -> None:
    row = next(line for line in README.read_text("utf-8").split("\n") if line.startswith("│ read "))
    assert tuple(re.findall(r"[a-z]+", row)) == STAGES


def test_the_architecture_names_the_stages_in_their_order() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert " → ".join(STAGES) in text
    assert tuple(re.findall(r"^\| \[(\w+)\]", text, re.MULTILINE)) == STAGES


def test_one_article_passes_the_stages_in_their_order() -> None:
    text = (ROOT / "docs" / "one-article.md").read_text("utf-8")
    assert tuple(re.findall(r"^## \d\. (\w+):", text, re.MULTILINE)) == STAGES


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = {target.name for _, target in _links(folder / "README.md")}
    assert {page.name for page in folder.glob("0*.md")} == listed


def test_the_generated_tables_are_current() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the README's ``wire.jsonl`` and what its commands make of it."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "wire.jsonl").write_text(_example("wire.jsonl"), "utf-8")
    for form in ("json", "avro"):
        with (folder / f"wire.{form}").open("wb") as out:
            command = [sys.executable, "-m", "pipeline", "tag", f"--output={form}", folder / "wire.jsonl"]
            subprocess.run(command, stdout=out, check=True, cwd=ROOT)
    return folder


def test_the_record_in_the_readme_is_what_tag_prints(tagged: Path) -> None:
    record = json.loads((tagged / "wire.json").read_text("utf-8"))
    assert list(_differences(json.loads(_example("record")), record, "record")) == []


def _differences(shown: Any, real: Any, where: str) -> list[str]:
    """Where what is shown, with fields left out, is not what there is."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return [
            found for name, value in shown.items() for found in _differences(value, real.get(name), f"{where}.{name}")
        ]
    if isinstance(shown, list) and isinstance(real, list) and len(shown) == len(real):
        pairs = enumerate(zip(shown, real, strict=True))
        return [found for number, (a, b) in pairs for found in _differences(a, b, f"{where}[{number}]")]
    return [] if shown == real else [f"{where}: {shown!r}, but it is {real!r}"]


@pytest.mark.parametrize("name", ["fastavro", "reader"])
def test_the_python_in_the_readme_prints_what_it_says(name: str, tagged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tagged)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(_example(name), f"README example {name}", "exec"), {})  # noqa: S102 - it is our own text
    assert printed.getvalue() == _example("printed")
