"""Fits the weights of an event's confidence to the golden articles: ``python tests/eval/calibrate.py [--write]``.

An event is right where its sentence tells, by gold, of an event of its category; optional gold and negated events count
neither way. Prints the reliability by cross-validation over articles: of events with a confidence of so much, how many
are right. ``--write`` writes ``confidence.tsv``.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import stories
from match_events import match

from pipeline.model import CleanArticle, Event
from pipeline.offline import record, tag_records
from pipeline.settings import Settings
from pipeline.stages.tag.events import Coding, Drop, confidence

TABLE = Path(str(files("pipeline.stages.tag.events").joinpath("data", "confidence.tsv")))
FOLDS = 8
# A feature that fewer events have is no evidence: it keeps the weight that it has in the table.
LEAST = 8
PENALTIES = (1.0, 2.0, 4.0, 8.0)
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Sample:
    """An emitted event: the article it is of, its features, and whether it is right."""

    article: str
    features: Features
    right: bool


def samples() -> list[Sample]:
    """All emitted events of the golden articles, also those below the least confidence."""
    articles = {story.file: story for story in stories.stories()}
    coded: dict[str, list[tuple[Event, Features]]] = {}

    def listen(article: CleanArticle, coding: Coding) -> None:
        coded[article.id] = list(_coded(coding))

    sent = [record(n, json.dumps(_flat(story)).encode()) for n, story in enumerate(articles.values())]
    list(tag_records(sent, Settings(), listener=listen))
    return [sample for name, story in articles.items() for sample in _judged(story, coded[name])]


def _flat(story: stories.Story) -> dict[str, str]:
    published = story.published.isoformat()
    return {"id": story.file, "headline": story.headline, "body": story.body, "published_at": published}


def _coded(coding: Coding) -> Iterator[tuple[Event, Features]]:
    """Each event that is not retold, with its features."""
    for reading in coding.readings:
        for candidate in reading.candidates:
            if candidate.event is not None and candidate.dropped in (None, Drop.UNLIKELY):
                yield candidate.event, candidate.features


def _judged(story: stories.Story, coded: Sequence[tuple[Event, Features]]) -> Iterator[Sample]:
    wanted = [gold for gold in story.events if not gold.negated]
    told = [(event, features) for event, features in coded if not event.negated]
    gold_of = {m: wanted[n] for n, m in match(wanted, [event for event, _ in told]).items()}
    for m, (_, features) in enumerate(told):
        if m not in gold_of or not gold_of[m].optional:
            yield Sample(story.file, features, m in gold_of)


# ------------------------------------------------------------------------------------------------ fitting


def fit(found: Sequence[Sample], penalty: float) -> dict[str, float]:
    """Weights by Newton's method; ``penalty`` draws them to 0, but not the base."""
    counts = Counter(name for sample in found for name, value in sample.features.items() if value)
    names = sorted(name for name, number in counts.items() if number >= LEAST)
    rows = np.array([[1.0, *(sample.features.get(name, 0.0) for name in names)] for sample in found])
    right = np.array([float(sample.right) for sample in found])
    drawn = np.diag([0.0, *[penalty] * len(names)])
    weights = np.zeros(len(names) + 1)
    for _ in range(30):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (likely - right) + drawn @ weights
        bend = rows.T @ (rows * (likely * (1 - likely))[:, None]) + drawn
        weights -= np.linalg.solve(bend, slope)
    return {name: round(float(weight), 2) for name, weight in zip(["base", *names], weights, strict=True)}


def crossed(found: Sequence[Sample], penalty: float) -> list[float]:
    """The confidence of each sample by weights that were fitted without its article and those of its fold."""
    articles = sorted({sample.article for sample in found})
    fold = {article: n % FOLDS for n, article in enumerate(articles)}
    fitted = [fit([s for s in found if fold[s.article] != n], penalty) for n in range(FOLDS)]
    return [confidence.confidence(s.features, fitted[fold[s.article]]) for s in found]


def loss(found: Sequence[Sample], likely: Sequence[float]) -> float:
    """The mean logarithmic loss, in bits."""
    return -sum(math.log2(p if s.right else 1 - p) for s, p in zip(found, likely, strict=True)) / len(found)


# ------------------------------------------------------------------------------------------------ telling


def reliability(found: Sequence[Sample], likely: Sequence[float]) -> str:
    """A Markdown table: of the events with such a confidence, how many there are, what was said, what is right."""
    lines = ["| confidence | events | mean | right |", "|---|---|---|---|"]
    for low, high in pairwise(BINS):
        inside = [(p, s.right) for s, p in zip(found, likely, strict=True) if low <= p < high]
        if inside:
            mean, right = (sum(values) / len(inside) for values in zip(*inside, strict=True))
            lines.append(f"| {low:.1f} to {min(high, 1):.1f} | {len(inside)} | {mean:.2f} | {right:.2f} |")
    return "\n".join(lines)


def thresholds(found: Sequence[Sample], likely: Sequence[float]) -> Iterator[str]:
    """For each least confidence, how many right and wrong events it would drop."""
    for least in (0.2, 0.3, 0.4, 0.5, 0.6):
        dropped = [s.right for s, p in zip(found, likely, strict=True) if p < least]
        yield f"least {least}: drops {sum(dropped)} right, {len(dropped) - sum(dropped)} wrong"


def report(found: Sequence[Sample]) -> tuple[str, dict[str, float]]:
    """What the samples say, and the weights."""
    share = sum(s.right for s in found) / len(found)
    losses = {penalty: loss(found, crossed(found, penalty)) for penalty in PENALTIES}
    penalty = min(losses, key=lambda one: losses[one])
    likely = crossed(found, penalty)
    lines = [
        f"{len(found)} events of {len({s.article for s in found})} articles, {share:.2f} right",
        f"loss {losses[penalty]:.3f} bits (penalty {penalty}); with one confidence for all {entropy(share):.3f}",
        reliability(found, likely),
        *thresholds(found, likely),
    ]
    return "\n".join(lines), fit(found, penalty)


def entropy(share: float) -> float:
    """The loss of saying ``share`` of each, in bits."""
    return -sum(p * math.log2(p) for p in (share, 1 - share) if p)


def main() -> None:
    """Print what the golden articles say; with ``--write`` write the weights."""
    parser = argparse.ArgumentParser(description="Fit the weights of an event's confidence.")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name}")
    is_to_write = parser.parse_args().write
    said, fitted = report(samples())
    print(said)  # noqa: T201
    if is_to_write:
        lines = [f"{name}\t{weight}" for name, weight in sorted({**confidence.weights(), **fitted}.items())]
        TABLE.write_text("\n".join(["feature\tweight", *lines]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
