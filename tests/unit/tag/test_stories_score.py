"""The reader of the golden articles and the scorer of their events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import match_events
import pytest
import score_stories
import stories
from gold import BrokenGoldError

from pipeline.model import Count, DateSource, Event, EventType, Field, Moment, Participant, Place, Precision, Span

GOOD = """# published: 2019-03-14
# kind: conflict
Rebels shell Tarn, then talk

TARN (Reuters) - Rebels shelled Tarn on Monday, killing four people.
They met General Ode and may attack again. They did not burn the mill.
---
{"type": "ASSAULT", "quotes": ["Rebels shell Tarn,", "shelled Tarn"], "mode": "heavy-weapons", "actors": ["Rebels"], \
"date": "2019-03-11", "place": "Tarn", "dead": [4, 4]}
{"types": ["CONSULT", "AGREE"], "quotes": ["met General Ode"], "actors": ["Rebels|They", "General Ode"]}
{"type": "THREATEN", "quotes": ["may attack again"], "optional": true}
{"type": "ASSAULT", "quotes": ["did not burn"], "negated": true}
{"none": "killing four people", "why": "told already"}
"""
STORY = stories.read(GOOD, "a.txt")
SHELLED, MET, BURNED = STORY.body.replace("TARN (Reuters) - ", "").replace("again. ", "again.\n").split("\n")


def test_an_article_is_read_with_its_gold() -> None:
    assert (STORY.headline, STORY.kind, STORY.published.isoformat()) == (
        "Rebels shell Tarn, then talk",
        "conflict",
        "2019-03-14",
    )
    shelling, talks, threat, fire = STORY.events
    assert shelling.quotes == ("Rebels shell Tarn,", "shelled Tarn")
    assert shelling.wanted["mode"] == "heavy-weapons"
    assert talks.types == {"CONSULT", "AGREE"}
    assert [one.optional for one in STORY.events] == [False, False, True, False]
    assert (fire.negated, threat.line) == (True, 10)
    assert STORY.nothing == (stories.Nothing("killing four people", "told already"),)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("# kind: conflict", "# kind: gossip", 1),
        ("2019-03-14", "2019-03-34", 1),
        ("---\n", "", 11),
        ("talk\n\n", "talk\n", 3),
        ('{"types"', "{types", 9),
        ('"optional": true', '"optional": "yes"', 10),
        ('"type": "THREATEN", ', "", 10),
        ("THREATEN", "MENACE", 10),
        ('"types": ["CONSULT"', '"type": "ACCUSE", "types": ["CONSULT"', 9),
        ("met General Ode", "met General Ada", 9),
        ('"quotes": ["may attack again"]', '"quotes": []', 10),
        ('["did not burn"]', '["e"]', 11),
        ('"negated": true', '"negated": "no"', 11),
        ("2019-03-11", "11 March", 8),
        ("heavy-weapons", "visit", 8),
        ('["Rebels"]', '"Rebels"', 8),
        ("[4, 4]", "[4, 3]", 8),
        ('"place": "Tarn"', '"where": "Tarn"', 8),
        (', "why": "told already"', "", 12),
    ],
)
def test_a_broken_file_fails_with_its_line(old: str, new: str, line: int) -> None:
    assert old in GOOD
    before, _, after = GOOD.rpartition(old)
    with pytest.raises(BrokenGoldError, match=f"^a.txt:{line}: "):
        stories.read(before + new + after, "a.txt")


# ------------------------------------------------------------------------------------------------ the scorer


def a_span(text: str) -> Span:
    return Span(Field.BODY, 0, len(text), text)


def an_event(
    kind: str,
    evidence: str,
    actors: Sequence[str] = (),
    *,
    mode: str | None = None,
    negated: bool = False,
    hypothetical: bool = False,
    other_evidence: Sequence[str] = (),
    day: int = 14,
    place: str | None = None,
    trigger: str = "The",
    dead: Count | None = None,
) -> Event:
    people = tuple(Participant(Field.BODY, 0, len(text), text) for text in actors)
    return Event(
        event_id="",
        type=EventType(kind),
        modes=(mode,) if mode else (),
        quad=4,
        intensity=0.0,
        cameo=None,
        trigger=a_span(trigger),
        evidence=a_span(evidence),
        other_evidence=tuple(a_span(text) for text in other_evidence),
        actors=people,
        recipients=(),
        date=Moment(datetime(2019, 3, day, tzinfo=UTC), Precision.DAY),
        date_text=None,
        date_source=DateSource.PUBLISHED,
        place=Place(Field.BODY, 0, len(place), place) if place else None,
        other_places=(),
        place_reason=None,
        negated=negated,
        future=False,
        hypothetical=hypothetical,
        historical=False,
        attributed_to=None,
        dead=dead,
        injured=None,
        arrested=None,
        contexts=(),
        cluster_key=None,
        confidence=1.0,
    )


SHELLING = an_event(
    "ASSAULT", SHELLED, ["the rebels"], mode="heavy-weapons", day=11, place="Tarn", dead=Count(4, 4, "four")
)
TALKS = an_event("CONSULT", MET, ["General Ode", "They"])


def figures(*events: Event) -> dict[str, float]:
    total = score_stories.Score()
    score_stories.add(total, STORY, events)
    return total.figures()


def test_all_right_is_a_hundred() -> None:
    names = ("precision", "recall", "f", "mode", "actors", "date", "place", "flags", "size")
    found = figures(SHELLING, TALKS)
    assert {name: found[name] for name in names} == dict.fromkeys(names, 100)


@pytest.mark.parametrize(
    ("events", "name", "value"),
    [
        ((SHELLING,), "recall", 50),
        ((SHELLING, TALKS, an_event("ACCUSE", MET)), "precision", 66.7),
        ((SHELLING, TALKS, SHELLING), "precision", 66.7),  # told twice
        ((SHELLING, TALKS, an_event("THREATEN", MET)), "precision", 100),  # optional
        ((SHELLING, TALKS, an_event("ASSAULT", BURNED)), "precision", 66.7),  # did not happen
        ((SHELLING, TALKS, an_event("ASSAULT", BURNED, negated=True)), "precision", 100),
        ((SHELLING, an_event("CONSULT", MET, negated=True)), "recall", 50),
        ((SHELLING, an_event("CONSULT", SHELLED)), "recall", 50),  # another sentence
        ((SHELLING, an_event("CONSULT", SHELLED, other_evidence=[MET])), "recall", 100),
        ((SHELLING, an_event("AGREE", MET, ["General Ode", "They"])), "recall", 100),
        ((SHELLING, an_event("CONSULT", MET, ["General Ode"])), "actors", 50),
        ((SHELLING, an_event("CONSULT", MET, ["General Ode", "They", "She"])), "actors", 50),
        ((SHELLING, an_event("CONSULT", MET, ["General Ode", "Theyer"])), "actors", 50),  # no run of words
        ((TALKS, an_event("ASSAULT", SHELLED, ["Rebels"])), "mode", 0),
        ((TALKS, an_event("ASSAULT", SHELLED, ["Rebels"])), "date", 0),
        ((TALKS, an_event("ASSAULT", SHELLED, ["Rebels"])), "place", 0),
        ((TALKS, an_event("ASSAULT", SHELLED, ["Rebels"])), "size", 0),
        ((TALKS, an_event("ASSAULT", SHELLED, hypothetical=True)), "flags", 50),
    ],
)
def test_the_scorer_sees_what_is_wrong(events: tuple[Event, ...], name: str, value: float) -> None:
    assert figures(*events)[name] == value


def some_gold(quote: str, *actors: str, optional: bool = False) -> stories.GoldEvent:
    return stories.GoldEvent(1, frozenset({"ACCUSE"}), (quote,), optional, {"actors": [*actors]})


def test_of_two_in_a_sentence_each_finds_its_own() -> None:
    by_ada, by_bo = an_event("ACCUSE", MET, ["Ada"]), an_event("ACCUSE", MET, ["Bo"])
    wanted = [some_gold("They met", "Bo"), some_gold("may attack", "Ada")]
    assert match_events.match(wanted, [by_ada, by_bo]) == {0: 1, 1: 0}


def test_of_two_in_a_sentence_each_finds_the_words_that_tell_it() -> None:
    wanted = [some_gold("may attack"), some_gold("They met")]
    met, attack = (an_event("ACCUSE", MET, trigger=word) for word in ("met", "attack"))
    assert match_events.match(wanted, [met, attack]) == {0: 1, 1: 0}


def test_what_is_certain_before_what_is_optional() -> None:
    wanted = [some_gold("They met", "Bo", optional=True), some_gold("They met", "Bo")]
    assert match_events.match(wanted, [an_event("ACCUSE", MET, ["Bo"])]) == {1: 0}


def test_as_many_are_matched_as_can_be() -> None:
    both, one = an_event("ACCUSE", MET, ["Bo"], other_evidence=[SHELLED]), an_event("ACCUSE", MET, ["Ada"])
    wanted = [some_gold("They met", "Bo"), some_gold("shelled Tarn", "Cy")]
    assert match_events.match(wanted, [both, one]) == {0: 1, 1: 0}


def test_the_errors_tell_what_gold_says() -> None:
    total = score_stories.Score()
    threat = an_event("THREATEN", MET)
    told = an_event("SANCTION", SHELLED), an_event("ASSAULT", BURNED), SHELLING, threat, threat
    score_stories.add(total, STORY, told)
    errors = [f"{kind}: {text}" for kind, text in total.errors]
    assert [error.split("\n")[0] for error in errors] == [
        "missed: a.txt:9: AGREE|CONSULT Rebels|They, General Ode > ?",
        "false: a.txt: SANCTION 'The'  >  (told already)",
        "false: a.txt: ASSAULT 'The'  >  (is negated)",
        "false: a.txt: THREATEN 'The'  >  (one more of its type)",
    ]


def test_each_golden_article_can_be_read() -> None:
    for article in stories.stories():
        assert article.events or article.nothing, article.file
