"""Events of the golden articles, against `floors_events.json`, which may only be raised."""

from __future__ import annotations

import json
from pathlib import Path

import score_stories
import stories

FLOORS = json.loads(Path(__file__).with_name("floors_events.json").read_text(encoding="utf-8"))
STORIES = tuple(stories.stories())


def test_there_are_thirty_articles_of_many_kinds() -> None:
    assert len(STORIES) >= 30
    assert len({story.kind for story in STORIES}) >= 10


def test_the_figures_keep_to_what_was_promised() -> None:
    total = score_stories.score(STORIES)
    print("", score_stories.report(total), sep="\n")  # noqa: T201 - the figures are for people
    figures = total.figures()
    missed = [f"{name}: {figures[name]}, floor {floor}" for name, floor in FLOORS.items() if figures[name] < floor]
    assert not missed, f"{missed}; python tests/eval/score_stories.py -v tells each error"
