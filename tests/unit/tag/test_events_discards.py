"""What could have told of an event and did not has a reason, and each reason is counted."""

from __future__ import annotations

from collections import Counter

import pytest
from apache_beam.utils.timestamp import Timestamp
from tagging import an_article, tagged

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
FAIR = (
    "The bakery on the corner of Mill Street opened in 1974, and Rosa Lindqvist has worked there since she was 16. "
    "She begins at three in the morning, when the ovens are hot and the street is dark. Her bread is made of rye and "
    "spelt, and people come from the far side of the town to buy it. Last spring the oven broke, and a new one cost "
    "more than the shop earns in a year. Neighbours brought coins in jars, and a firm in Malmo repaired the chimney "
    "without a bill. Now the bakery has a line before the door again. The smell of cinnamon fills the yard, children "
    "press their noses against the window, and in the back two apprentices learn how to fold the dough.\n"
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
        ("The company helped the farmers.", "PRIVATE"),
        ("Mr Diallo met his brother.", "PRIVATE"),
        (f"{FAIR}Lindqvist urged her apprentices to stay.", "PRIVATE_STORY"),
    ],
)
def test_a_discard_is_counted_by_its_reason(body: str, code: str) -> None:
    assert discarded(an_article(body))[code] == 1


def test_the_discards_of_all_articles_are_added() -> None:
    asked = "Will France condemn the attack?"
    assert discarded(an_article(asked), an_article(f"{asked} {asked}"))["QUESTION"] == 3


def test_what_is_emitted_is_no_discard() -> None:
    assert not discarded(an_article("Kenya accused Uganda of spying."))


@pytest.mark.parametrize(
    "body",
    [
        "The government helped the farmers.",
        "Lindqvist urged her apprentices to stay.",
        f"{FAIR}The mayor urged her apprentices to stay.",
        f"{FAIR}Police arrested a customer.",
    ],
)
def test_where_somebody_of_public_life_acts_a_private_story_tells_of_it(body: str) -> None:
    assert len(tagged(an_article(body)).events) == 1
