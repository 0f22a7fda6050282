"""The tables that people edit are well formed, and the checks that say so see what is wrong."""

import pytest

from pipeline.stages.tag.events import LEXICON_VERSION, checks
from pipeline.stages.tag.events.lexicon import TABLES, lexicon, parse_trigger

TYPES = [[type_, "-", "1", "1"] for type_ in sorted(checks.CATEGORIES)]
GOOD = {
    "agents.tsv": [["judge", "JUD", "-"]],
    "classes.tsv": [["TOOL", "hammer"]],
    "governors.tsv": [["deny", "V", "negative"]],
    "triggers.tsv": sorted(["hit", "V", "s>o", type_, "-", f"obj=@TOOL|{type_}"] for type_ in checks.CATEGORIES),
    "types.tsv": TYPES,
}


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
def test_the_tables_are_well_formed(check: checks.Check) -> None:
    assert set(checks.tables()) == set(TABLES)
    assert not list(check(checks.tables()))


def test_no_line_of_the_lexicon_is_out_of_reach() -> None:
    triggers = [trigger for found in lexicon().triggers.values() for trigger in found]
    assert not list(checks.unreachable(triggers))


def test_the_checks_pass_good_tables() -> None:
    assert checks.problems(GOOD) == []


@pytest.mark.parametrize(
    ("table", "lines", "problem"),
    [
        ("agents.tsv", [["judge", "JUD", "-"], ["guard", "COP", "-"]], "not in its place"),
        ("agents.tsv", [["judge", "JUD", "-"], ["judge", "JUD", "-"]], "twice"),
        ("agents.tsv", [["judge", "COP", "-"], ["judge", "JUD", "-"]], "judge stands twice"),
        ("agents.tsv", [["judge", "LAW", "-"]], "no sector is called LAW"),
        ("agents.tsv", [["judge ", "JUD", "-"]], "no space around them"),
        ("classes.tsv", [["TOOL", "hammer"], ["TREE", "oak"]], "nobody asks for TREE"),
        ("classes.tsv", [["TREE", "oak"]], "@TOOL is not in classes.tsv"),
        ("governors.tsv", [["deny", "V", "deny"]], "no effect is called deny"),
        ("types.tsv", TYPES[1:], "types.tsv: ACCUSE - is missing"),
        ("types.tsv", [*TYPES, ["THREATEN", "x", "5", "1"]], "quad 5 is not 1 to 4"),
        ("types.tsv", [*TYPES, ["THREATEN", "x", "2", "1"]], "THREATEN has two quads"),
    ],
)
def test_a_wrong_line_is_told(table: str, lines: list[list[str]], problem: str) -> None:
    assert problem in "\n".join(checks.problems(GOOD | {table: lines}))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("hit X s>o AID - obj", "X is none of A, N, V"),
        ("hit V s>o AID arms obj", "AID arms is not in types.tsv"),
        ("hit V q>o AID - obj", "no source is called q"),
        ("hit V s>o AID - sky=blue", "no condition is called sky"),
        ("hit V s>o AGREE - obj=@TOOL|AID", "2 lines say what hit V obj=@TOOL|AID means"),
    ],
)
def test_a_wrong_trigger_is_told(line: str, problem: str) -> None:
    lines = sorted([*GOOD["triggers.tsv"], line.split(" ")])
    assert problem in "\n".join(checks.problems(GOOD | {"triggers.tsv": lines}))


@pytest.mark.parametrize(
    ("first", "then", "reached"),
    [
        ("hit V s>o AID - obj=a|b", "hit V s>o AID - obj=a", False),
        ("hit V s>o AID - obj=a", "hit V s>o AID - obj=a|b", True),
        ("hit V s>o AID - obj=a", "hit V s>o AID - to=a", True),
        ("hit V s>o AID - obj=a", "hit V s>o AID - obj", True),
        ("hit V s>o AID - obj", "hit V s>o AGREE - obj!=a", True),
        ("hit V s>o AID - obj!=a", "hit V s>o AGREE - obj!=a|b", False),
        ("hit V s>o AID - obj", "hit N s>o AID - obj", True),
    ],
)
def test_a_line_behind_a_wider_one_is_out_of_reach(first: str, then: str, reached: bool) -> None:
    triggers = [parse_trigger(line.split(" ", 5), {}) for line in (first, then)]
    assert list(checks.unreachable(triggers)) == [] if reached else list(checks.unreachable(triggers))


@pytest.mark.parametrize(
    ("first", "then", "clash"),
    [
        ("hit V s>o AID - obj=a|b", "hit V s>o AGREE - obj=a|c", True),
        ("hit V s>o AID - obj=a|b", "hit V s>o AID - obj=a|c", False),
        ("hit V s>o AID - obj=a|b act", "hit V s>o AGREE - obj=a|c pass", False),
        ("hit V s>o AID - obj=a|b to=d", "hit V s>o AGREE - obj=a|c to=e", False),
        ("hit V s>o AID - obj=a|b to=d", "hit V s>o AGREE - obj=a|c", False),
        ("hit V s>o AID - obj=a|b subj!=d", "hit V s>o AGREE - obj=a|c subj=d", False),
    ],
)
def test_two_lines_that_fit_one_sentence_clash(first: str, then: str, clash: bool) -> None:
    triggers = [parse_trigger(line.split(" ", 5), {}) for line in (first, then)]
    assert bool(list(checks.clashes(triggers))) is clash


def test_the_version_is_of_the_tables() -> None:
    assert len(LEXICON_VERSION) == 12
    assert lexicon().version == LEXICON_VERSION
