"""How likely an event is: the share of events with such features that told what they say, by our golden articles.

A logistic regression: ``confidence.tsv`` has a weight for each feature, fitted by ``tests/eval/calibrate.py``; ``base``
is the weight of every event. A feature without a weight counts nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

from spacy.tokens import Token

from pipeline.model import Event, Field
from pipeline.stages.tag.events import tree, voice
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.lexicon import rows
from pipeline.stages.tag.events.unlisted import UNLISTED


@cache
def weights() -> Mapping[str, float]:
    """Feature to weight, as the table has them."""
    return {feature: float(weight) for feature, weight in rows("confidence.tsv")}


def confidence(features: Mapping[str, float], weighed: Mapping[str, float] | None = None) -> float:
    """0 to 1, by the table or by other weights."""
    table = weights() if weighed is None else weighed
    total = table.get("base", 0.0) + sum(table.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def features_of(candidate: Candidate, event: Event) -> dict[str, float]:
    """What bears on an event being right, by name: 1 or 0; ``length`` is 0 for 23 words, 1 for 46."""
    anchor = candidate.anchor
    is_verb = tree.is_verb(anchor)
    told = {
        "actor of a country": any(one.country for one in event.actors),
        "actor of a sector": any(one.sector for one in event.actors),
        "bare rule": not candidate.rule.conditions,
        "dated": event.date_text is not None,
        "future": event.future,
        "headline": event.evidence.field is Field.HEADLINE,
        "historical": event.historical,
        "main verb": is_verb and anchor.dep_ == "ROOT",
        "modal": "modal" in candidate.notes,
        "no actor": not event.actors,
        "no recipient": not event.recipients,
        "noun": not is_verb and anchor.pos_ != "ADJ",
        "passive": is_verb and voice.is_passive(anchor),
        "quoted": _is_quoted(anchor),
        "unlisted": UNLISTED in candidate.notes,
    }
    return {name: float(is_so) for name, is_so in told.items()} | {"length": math.log2(len(candidate.sentence)) - 4.5}


def _is_quoted(word: Token) -> bool:
    """Whether a quotation that began in the paragraph before the word is still open."""
    is_open = False
    for token in word.doc[: word.i]:
        if token.text in ('"', "``", "''"):
            is_open = not is_open
        elif token.text in ("“", "”"):
            is_open = token.text == "“"
    return is_open
