"""The chain is one line, in the order that the folders and the pages tell, under labels that stay."""

import re
from itertools import pairwise
from pathlib import Path

import apache_beam as beam
import pytest

from pipeline import topology
from pipeline.settings import Settings
from pipeline.stages import STAGES

ROOT = Path(__file__).parents[2]

# A runner finds the state of a running job by these: renaming one makes it begin anew.
LABELS = [
    "read/ParDo(ReadPartition)",
    "decode/FlatMap(decode_item)",
    "clean/Map(clean_article)",
    "tag/ParDo(TagBatches)",
    "encode/Map(encode_article)",
    "write/ParDo(SendAndConfirm)",
    "commit/Map(by_partition)",
    "commit/ParDo(CommitPartition)",
]


def built(delivery: str) -> list[beam.pipeline.AppliedPTransform]:
    """The graph's uppermost level."""
    pipeline = beam.Pipeline()
    topology.build(pipeline, Settings(kafka_brokers="127.0.0.1:1", delivery=delivery), [("in", 0)])
    return pipeline.transforms_stack[0].parts


@pytest.fixture(scope="module")
def stages() -> list[beam.pipeline.AppliedPTransform]:
    return built("at_least_once")


def test_the_graph_is_the_stages_in_their_order(stages):
    assert tuple(stage.full_label for stage in stages) == STAGES


def test_exactly_once_the_last_two_stages_are_one():
    stages = built("exactly_once")
    assert tuple(stage.full_label for stage in stages) == STAGES[:-1]
    assert [part.full_label for part in stages[-1].parts] == ["write/ParDo(HandToWriter)"]


def test_each_stage_takes_what_the_one_before_gives_and_nothing_else(stages):
    for before, after in pairwise(stages):
        (given,) = before.outputs.values()
        assert after.inputs == (given,)


def test_the_labels_stay(stages):
    labels = [part.full_label for stage in stages for part in stage.parts if "Create" not in part.full_label]
    assert labels == LABELS


def test_each_stage_is_a_folder_that_says_what_goes_in_and_out():
    folders = {path.parent.name: path for path in (ROOT / "pipeline" / "stages").glob("*/__init__.py")}
    assert set(folders) == set(STAGES)
    for name, path in folders.items():
        assert (path.parent / "transform.py").exists()
        said = path.read_text(encoding="utf-8").lower()
        for word in ("in:", "out:", "can fail with"):
            assert word in said, f"{name}/__init__.py does not say {word!r}"


def test_only_transforms_know_beam():
    knowing = {
        path.name
        for path in (ROOT / "pipeline" / "stages").rglob("*.py")
        if re.search(r"^\s*(?:import|from) apache_beam", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert knowing == {
        "transform.py",
        "exactly_once.py",
        "offsets.py",
    }  # the last: a restriction tracker is Beam's by nature


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md"])
def test_a_page_shows_the_chain_as_it_is(page):
    arrow = r"\s*(?:→|├─▶│)\s*"
    chains = re.findall(rf"\bread(?:{arrow}\w+)+", (ROOT / page).read_text(encoding="utf-8"))
    assert chains
    for chain in chains:
        assert tuple(re.split(arrow, chain)) == STAGES
