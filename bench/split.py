"""Where the time of an article goes: each stage, and within `tag` the model and the three questions."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from spacy.language import Language

from bench.kafka import CONTENT_TYPE
from bench.machine import progress, say
from pipeline import offline
from pipeline.model import Tagged
from pipeline.offline import record, tag_records
from pipeline.settings import DEFAULTS
from pipeline.stages.encode import encode
from pipeline.stages.tag import nlp as models
from pipeline.stages.tag import tagger

# What is timed: the name that is printed, the module in which it is looked up, its name there.
TIMED: tuple[tuple[str, Any, str], ...] = (
    ("decode", offline, "decode_record"),
    ("clean", offline, "clean"),
    ("entities", tagger, "find_entities"),
    ("dates", tagger, "find_dates"),
    ("events", tagger, "code_events"),
)
MODEL = "the model (spaCy)"


def measure(articles: Sequence[bytes]) -> None:
    """Run the bare loop with a stop watch around each part; processor time of this thread."""
    for _ in tag_records((record(i, value, CONTENT_TYPE) for i, value in enumerate(articles[:64])), DEFAULTS):
        pass
    spent: dict[str, float] = defaultdict(float)
    with _timed(spent):
        begun = time.thread_time()
        records = (record(i, value, CONTENT_TYPE) for i, value in enumerate(articles))
        for number, item in enumerate(tag_records(records, DEFAULTS), 1):
            progress(f"split: {number} of {len(articles)} articles")
            if isinstance(item, Tagged):
                _watched(spent, "encode", encode)(item, max_record_bytes=DEFAULTS.max_record_bytes)
        total = time.thread_time() - begun
    say(f"split: processor time an article, bare loop, {len(articles)} articles")
    rest = total - sum(spent.values())
    order = ["decode", "clean", MODEL, "entities", "dates", "events", "encode"]
    for name, seconds in [*((name, spent[name]) for name in order), ("all else", rest), ("together", total)]:
        say(f"  {name:<20} {1000 * seconds / len(articles):7.2f} ms  {100 * seconds / total:5.1f} %")
    for name in ("entities", "dates", "events"):
        say(f"  {name} cost {100 * spent[name] / spent[MODEL]:.1f} % of the model's own time")


@contextmanager
def _timed(spent: dict[str, float]) -> Iterator[None]:
    """For the length of the block, put a stop watch around the functions of ``TIMED`` and around the model."""
    before = [(place, name, getattr(place, name)) for _, place, name in TIMED]
    pipe = Language.pipe
    try:
        for title, place, name in TIMED:
            setattr(place, name, _watched(spent, title, getattr(place, name)))
        models.load(DEFAULTS.nlp_model)
        Language.pipe = lambda self, texts, **more: iter(
            _watched(spent, MODEL, lambda: list(pipe(self, texts, **more)))()
        )
        yield
    finally:
        Language.pipe = pipe
        for place, name, function in before:
            setattr(place, name, function)


def _watched(spent: dict[str, float], title: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def watched(*args: Any, **kwargs: Any) -> Any:
        begun = time.thread_time()
        try:
            return function(*args, **kwargs)
        finally:
            spent[title] += time.thread_time() - begun

    return watched
