"""The confidence of an event: by the weights of the table, and what is too little is dropped with its reason."""

from __future__ import annotations

import pytest
from coding import events, one
from tagging import MODEL, an_article

from pipeline.model import CleanArticle
from pipeline.stages.tag.events import Coding, Drop, assemble, confidence
from pipeline.stages.tag.tagger import Tagger

PLAIN = "The Kenyan government accused Uganda of spying on Monday."


def coded(body: str) -> list[tuple[Drop | None, dict[str, float]]]:
    """Of each candidate whether it is dropped, and the features of its event."""
    found: list[tuple[Drop | None, dict[str, float]]] = []

    def listen(_: CleanArticle, coding: Coding) -> None:
        found.extend((c.dropped, dict(c.features)) for reading in coding.readings for c in reading.candidates)

    Tagger(MODEL, 1000, listener=listen).tag([an_article(body)])
    return found


def test_the_table_weighs_what_the_code_tells() -> None:
    [(_, features)] = coded(PLAIN)
    assert set(confidence.weights()) <= {"base", *features}


def test_confidence_is_by_the_weights() -> None:
    weights = {"base": 0.0, "dated": 2.0, "quoted": -2.0}
    assert confidence.confidence({}, weights) == 0.5
    assert confidence.confidence({"dated": 1.0, "unknown": 9.0}, weights) == pytest.approx(0.881, abs=0.001)
    assert confidence.confidence({"dated": 1.0, "quoted": 1.0}, weights) == 0.5
    assert 0 < confidence.confidence({"dated": -300.0}, weights) < confidence.confidence({"dated": 300.0}, weights) <= 1


@pytest.mark.parametrize(
    ("sure", "unsure"),
    [
        (PLAIN, 'He said: "You know that they accused him of it".'),
        (PLAIN, "Weeks after some people had accused the actor of spying on them, the theatre closed its doors."),
        ("The rebels attacked the convoy.", "The rebels may have attacked the convoy."),
    ],
)
def test_a_plain_statement_is_surer(sure: str, unsure: str) -> None:
    assert one(sure).confidence > max((event.confidence for event in events(unsure)), default=0)


def test_what_is_too_unlikely_is_dropped_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [dropped for dropped, _ in coded(PLAIN)] == [None]
    monkeypatch.setattr(assemble, "MIN_CONFIDENCE", 0.999)
    assert [dropped for dropped, _ in coded(PLAIN)] == [Drop.UNLIKELY]
    assert not events(PLAIN)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('"The rebels attacked Mali," he said.', True),
        ('He said "no" and the rebels attacked Mali.', False),
        ("“The rebels attacked Mali,” he said.", True),
        ("He said “no” and the rebels attacked Mali.", False),
    ],
)
def test_what_is_said_in_a_quotation_is_known(text: str, quoted: bool) -> None:
    [features] = [f for _, f in coded(text) if f]
    assert bool(features["quoted"]) is quoted
