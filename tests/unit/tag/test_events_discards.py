"""What could have told of an event and did not has a reason, and each reason is counted."""

from __future__ import annotations

from collections import Counter

import pytest
from apache_beam.utils.timestamp import Timestamp
from tagging import an_article

from pipeline.model import CleanArticle
from pipeline.observe import metrics
from pipeline.settings import Settings
from pipeline.stages.tag.events.candidate import MEANING, Drop
from pipeline.stages.tag.transform import TagBatches

TABLE = " ".join(f"{n} Tokyo 3-1 Osaka attacked" for n in range(60))
MATCH = (
    "The striker scored a goal and the goalkeeper saved a penalty in the second half of the league match.\n"
    "The referee showed a card, the coach praised the midfielder, and the fans left the stadium.\n"
    "Ghana accused Togo of fouls after the tournament.\n"
    "Police arrested 20 fans of Togo."
)


def discarded(*articles: CleanArticle) -> Counter[str]:
    """What the stage adds to the metric for these articles."""
    stage = TagBatches(Settings())
    stage.setup()
    before = _counts()
    stage.start_bundle()
    for article in articles:
        list(stage.process(article, Timestamp(0)))
    list(stage.finish_bundle())
    return Counter({code: n for code, number in _counts().items() if (n := round(number - before[code]))})


def _counts() -> dict[str, float]:
    [family] = metrics.EVENTS_DISCARDED.collect()
    return {s.labels["reason"]: s.value for s in family.samples if s.name == "wiredesk_events_discarded_total"}


def test_every_reason_begins_at_0_and_has_a_meaning() -> None:
    discarded()
    assert set(_counts()) == set(Drop) == set(MEANING)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("Will France condemn the attack?", "QUESTION"),
        ("Peru wants to meet the minister.", "UNREAL"),
        ("Prices attacked margins.", "NOBODY"),
        ("In the film, soldiers kill a priest.", "FICTION"),
        ("The minister launched an attack on poverty.", "FIGURATIVE"),
        ("A fire at a mill killed six workers.", "ACCIDENT"),
        ("Kenya accused Uganda of spying. Later Kenya accused Uganda of lying.", "RETOLD"),
        ("Uganda denounced and criticised Kenya.", "TOLD_TWICE"),
        (TABLE, "NO_SENTENCE"),
        (MATCH, "SPORT_STORY"),
    ],
)
def test_a_discard_is_counted_by_its_reason(body: str, code: str) -> None:
    assert discarded(an_article(body))[code] == 1


def test_the_discards_of_all_articles_are_added() -> None:
    asked = "Will France condemn the attack?"
    assert discarded(an_article(asked), an_article(f"{asked} {asked}"))["QUESTION"] == 3


def test_what_is_emitted_is_no_discard() -> None:
    assert not discarded(an_article("Kenya accused Uganda of spying."))
