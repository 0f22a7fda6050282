"""Every line of `triggers.tsv` is fired by a sentence of ours, and tells of what that line says.

`lexicon_examples_1.tsv` has the lemmas a to m, `lexicon_examples_2.tsv` n to z: lemma, part of speech, category, mode
("-" for none), sentence. Run as a command with a file of that form it prints which sentences fire nothing of the kind.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from pipeline.settings import Settings
from pipeline.stages.tag import nlp
from pipeline.stages.tag.events.assemble import in_sentence
from pipeline.stages.tag.events.candidate import Candidate, Drop
from pipeline.stages.tag.events.lexicon import NO_EVENT, Trigger, lexicon, parse_trigger, rows

HEADING = ["lemma", "pos", "type", "mode", "sentence"]
# By file: the first letters of its lemmas, and how many lines of the lexicon have no example yet; may only fall.
FILES = {
    "lexicon_examples_1.tsv": ("abcdefghijklm", 0),
    "lexicon_examples_2.tsv": ("nopqrstuvwxyz", 0),
}


@dataclass(frozen=True)
class Example:
    """A sentence, and the lemma, part of speech, category and mode of the line it is for."""

    kind: tuple[str, str, str, str]
    sentence: str


def lines(file: Path) -> list[list[str]]:
    """The cells of each line, the heading first; none where the file is not there."""
    return [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else [HEADING]


def parsed(found: list[Example]) -> Iterator[tuple[Example, list[Candidate]]]:
    """Each example with the candidates of its sentence."""
    docs = nlp.load(Settings().nlp_model).nlp.pipe([example.sentence for example in found], batch_size=256)
    for example, doc in zip(found, docs, strict=True):
        yield example, [candidate for sentence in doc.sents for candidate in in_sentence(sentence)]


def kind(trigger: Trigger) -> tuple[str, str, str, str]:
    return trigger.lemma, trigger.pos, trigger.type, trigger.mode or "-"


def fired(candidates: list[Candidate]) -> set[Trigger]:
    """The lines that give an event, and those that say that there is none."""
    wanted = {NO_EVENT: Drop.NO_EVENT}
    return {c.rule for c in candidates if c.dropped is wanted.get(c.rule.type)}


@cache
def examined() -> tuple[tuple[str, ...], frozenset[Trigger]]:
    """The sentences that fire nothing of their kind, and all lines that are fired."""
    failed, done = [], set()
    found = [
        Example((cells[0], cells[1], cells[2], cells[3]), cells[4])
        for name in FILES
        for cells in lines(Path(__file__).with_name(name))[1:]
    ]
    for example, candidates in parsed(found):
        own = {rule for rule in fired(candidates) if kind(rule) == example.kind}
        if not own:
            failed.append(f"{' '.join(example.kind)}: {example.sentence}")
        done |= own
    return tuple(failed), frozenset(done)


@pytest.mark.parametrize("name", FILES)
def test_examples_are_sorted_and_unique(name: str) -> None:
    heading, *found = lines(Path(__file__).with_name(name))
    assert heading == HEADING
    assert all(len(cells) == len(HEADING) and cells[0][0].lower() in FILES[name][0] for cells in found)
    assert ["\t".join(cells) for cells in found] == sorted({"\t".join(cells) for cells in found})
    assert len({cells[4] for cells in found}) == len(found)


def test_each_example_fires_a_line_of_its_kind() -> None:
    assert not examined()[0]


@pytest.mark.parametrize("name", FILES)
def test_each_line_of_the_lexicon_is_fired_by_an_example(name: str) -> None:
    letters, bound = FILES[name]
    missing = [
        cells
        for cells in rows("triggers.tsv")
        if cells[0][0] in letters and parse_trigger(cells, lexicon().classes) not in examined()[1]
    ]
    assert len(missing) <= bound, missing


def main(file: Path) -> None:
    """Prints what fires instead where an example fires nothing of its kind."""
    found = [Example((cells[0], cells[1], cells[2], cells[3]), cells[4]) for cells in lines(file)]
    for example, candidates in parsed([one for one in found if one.sentence != "sentence"]):
        if example.kind not in {kind(rule) for rule in fired(candidates)}:
            told = [f"{' '.join(kind(c.rule))} {c.type} {c.dropped or 'event'}" for c in candidates]
            print(*example.kind, example.sentence, told or "nothing", sep=" | ")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
