"""Sentences of our own, each with all the events that must come of it, and no other: `sentences/*.jsonl`.

A line that is ``known`` says what the coder cannot do yet; the test tells when it has learnt it.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from event_gold import Gold, is_event, pairing, told

from pipeline.model import Event, Tagged
from pipeline.offline import record, tag_records
from pipeline.settings import Settings

SENTENCES = Path(__file__).with_name("sentences")
PUBLISHED = "2016-04-05"
KEYS = {"rule", "text", "events", "published", "known"}


@cache
def lines() -> dict[str, dict[str, Any]]:
    """All lines by ``file:number``."""
    return {
        f"{file.stem}:{number}": json.loads(line)
        for file in sorted(SENTENCES.glob("*.jsonl"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    }


@cache
def events() -> dict[str, tuple[Event, ...]]:
    """What the tagger makes of each line, all tagged at once."""
    sent = [
        json.dumps({"id": key, "published_at": f"{line.get('published', PUBLISHED)}T12:00:00Z", "body": line["text"]})
        for key, line in lines().items()
    ]
    found = list(tag_records([record(n, value.encode()) for n, value in enumerate(sent)], Settings()))
    assert all(isinstance(item, Tagged) for item in found), found
    return {item.article.id: item.article.events for item in found if isinstance(item, Tagged)}


def failure(gold: list[Gold], found: tuple[Event, ...]) -> str | None:
    """What is missing and what came besides, or None where all is right."""
    must = [one for one in gold if not one.get("optional")]
    may = [one for one in gold if one.get("optional")]
    pairs = pairing(must, found, is_event)
    free = [event for n, event in enumerate(found) if n not in pairs.values() and not event.negated]
    besides = pairing(may, free, is_event)
    missing = [one for n, one in enumerate(must) if n not in pairs]
    extra = [event for n, event in enumerate(free) if n not in besides.values()]
    if not missing and not extra:
        return None
    wanted = "".join(f"\n  wanted {json.dumps(one)}" for one in missing)
    return wanted + "".join(f"\n  came   {json.dumps(told(event))}" for event in extra)


@pytest.mark.parametrize("key", lines())
def test_a_sentence_gives_its_events_and_no_other(key: str) -> None:
    line = lines()[key]
    why = failure(line["events"], events()[key])
    if "known" in line:
        assert why is not None, f"{line['text']}\n  passes now: take out its `known`"
    else:
        assert why is None, f"{line['rule']}: {line['text']}{why}"


def test_the_lines_are_well_formed() -> None:
    for key, line in lines().items():
        assert {"rule", "text", "events"} <= line.keys() <= KEYS, key
        date.fromisoformat(line.get("published", PUBLISHED))
        assert all("type" in gold or "types" in gold for gold in line["events"]), key
    texts = [line["text"] for line in lines().values()]
    assert len(texts) == len(set(texts))
