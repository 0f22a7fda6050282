"""Scores the events of the golden articles: ``python tests/eval/score_stories.py [-v] [files]``.

The articles go through the real stages as flat jsonl. An emitted event is matched with at most one of gold: one of its
types, told in a sentence that holds one of its quotes. Negated events are left out on both sides; what is optional
counts neither way. ``-v`` tells each miss, each event that must not be there, and what is wrong with those found.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import stories
from event_gold import RIGHT
from match_events import ASPECTS, is_told, match
from stories import GoldEvent, Story

from pipeline.cli.printing import when
from pipeline.model import Event, Tagged, TaggedArticle
from pipeline.offline import record, tag_records
from pipeline.settings import Settings

Pair = tuple[GoldEvent, Event]


@dataclass(slots=True)
class Score:
    """Counts over all articles. ``errors`` is what -v prints: what kind, and what and where."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[tuple[str, str]] = field(default_factory=list)

    def share(self, part: str, whole: str) -> float:
        return self.counts[part] / self.counts[whole] if self.counts[whole] else 0.0

    def figures(self) -> dict[str, float]:
        """Precision, recall, f, and of each attribute the share that is right among matched events; in per cent."""
        precision, recall = self.share("hits", "output"), self.share("hits", "gold")
        both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        found = {"precision": precision, "recall": recall, "f": both}
        found |= {name: self.share(f"{name}.right", f"{name}.asked") for name in ASPECTS}
        return {name: round(100 * value, 1) for name, value in found.items()}


def tag(articles: Sequence[Story]) -> list[TaggedArticle]:
    """Through decode, clean and tag.

    Raises:
        ValueError: an article was not tagged, or cleaning took words that gold quotes.
    """
    records = [record(n, json.dumps(_flat(article)).encode()) for n, article in enumerate(articles)]
    results = list(tag_records(records, Settings()))
    tagged = [item.article for item in results if isinstance(item, Tagged)]
    if len(tagged) != len(articles):
        message = f"not tagged: {[item for item in results if not isinstance(item, Tagged)]}"
        raise ValueError(message)
    for article, done in zip(articles, tagged, strict=True):
        runs = [run for one in article.events for run in one.quotes] + [one.run for one in article.nothing]
        lost = [run for run in runs if run not in (done.headline or "") and run not in (done.body or "")]
        if lost:
            message = f"{article.file}: cleaning took {lost}"
            raise ValueError(message)
    return tagged


def _flat(article: Story) -> dict[str, str]:
    return {
        "id": article.file,
        "headline": article.headline,
        "body": article.body,
        "language": "en",
        "published_at": article.published.isoformat(),
    }


# ------------------------------------------------------------------------------------------------ counting


def add(score: Score, article: Story, events: Sequence[Event]) -> None:
    """Add one article to the score."""
    wanted = [one for one in article.events if not one.negated]
    emitted = [one for one in events if not one.negated]
    paired = match(wanted, emitted)
    for n, gold in enumerate(wanted):
        if n in paired and not gold.optional:
            _add_pair(score, article, (gold, emitted[paired[n]]))
        elif not gold.optional:
            score.counts["gold"] += 1
            there = [one for one in emitted if any(quote in one.evidence.text for quote in gold.quotes)]
            what = f"{shown(gold)}\n        {gold.quotes[0]}\n        there: {'; '.join(map(told, there)) or '-'}"
            score.errors.append(("missed", f"{article.file}:{gold.line}: {what}"))
    for m, event in enumerate(emitted):
        if m not in paired.values():
            score.counts["output"] += 1
            why = _reason(article, wanted, event)
            what = f"{article.file}: {told(event)}{why}\n        {event.evidence.text}"
            score.errors.append(("false", what))


def _reason(article: Story, wanted: Sequence[GoldEvent], event: Event) -> str:
    """What gold says of an event that is not there, if it does."""
    nothing = [one.why for one in article.nothing if one.run in event.evidence.text]
    denied = [one for one in article.events if one.negated and is_told(one, event)]
    if nothing or denied:
        return f" ({nothing[0]})" if nothing else " (is negated)"
    return " (one more of its type)" if any(is_told(gold, event) for gold in wanted) else ""


def _add_pair(score: Score, article: Story, pair: Pair) -> None:
    gold, event = pair
    score.counts.update(("gold", "output", "hits"))
    assumed = {"hypothetical": False, "historical": False} | dict(gold.wanted)
    for name, keys in ASPECTS.items():
        asked = [key for key in keys if key in assumed]
        wrong = [key for key in asked if not RIGHT[key](assumed[key], event)]
        score.counts[f"{name}.asked"] += bool(asked)
        score.counts[f"{name}.right"] += bool(asked) and not wrong
        if wrong:
            told_wrong = ", ".join(f"{key} {_found(key, event)}, is {assumed[key]!r}" for key in wrong)
            score.errors.append((name, f"{article.file}:{gold.line}: {told(event)}: {told_wrong}"))


def _found(key: str, event: Event) -> str:
    """What the event has instead."""
    people = event.actors if key.startswith("actor") else event.recipients
    if key in ("actors", "recipients"):
        return str([one.text for one in people])
    if key.startswith(("actor_", "recipient_")):
        return str(people and getattr(people[0], key.partition("_")[2]))
    if key == "date":
        return str(event.date and when(event.date))
    if key == "mode":
        return "/".join(event.modes) or "none"
    found = event.place and event.place.country if key == "country" else getattr(event, key)
    return repr(getattr(found, "text", found))


def shown(gold: GoldEvent) -> str:
    """A gold event in short."""
    sides = [", ".join(gold.wanted.get(side, ["?"])) for side in ("actors", "recipients")]
    kind = "|".join(sorted(gold.types)) + (f"/{gold.wanted['mode']}" if gold.wanted.get("mode") else "")
    return f"{kind} {' > '.join(sides)}"


def told(event: Event) -> str:
    """An emitted event in short."""
    sides = [", ".join(one.text for one in people) for people in (event.actors, event.recipients)]
    return f"{'/'.join([str(event.type), *event.modes])} '{event.trigger.text}' {' > '.join(sides)}"


def score(articles: Iterable[Story]) -> Score:
    """Tag and score."""
    wanted = list(articles)
    total = Score()
    for article, tagged in zip(wanted, tag(wanted), strict=True):
        add(total, article, tagged.events)
    return total


def report(total: Score) -> str:
    """The figures, for people."""
    figures, counts = total.figures(), total.counts
    lines = [f"{'precision':<14}{figures['precision']:>6}   {counts['hits']} of {counts['output']}"]
    lines += [
        f"{'recall':<14}{figures['recall']:>6}   {counts['hits']} of {counts['gold']}",
        f"{'f':<14}{figures['f']:>6}",
    ]
    for name in ASPECTS:
        lines.append(f"{name:<14}{figures[name]:>6}   {counts[f'{name}.right']} of {counts[f'{name}.asked']}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-v", "--verbose", action="store_true", help="tell every error")
    parser.add_argument("files", nargs="*", type=Path, help="default: all")
    options = parser.parse_args()
    total = score(stories.stories(options.files))
    if options.verbose:
        for kind in dict.fromkeys(kind for kind, _ in total.errors):
            print(f"\n{kind}", *(f"    {what}" for one, what in total.errors if one == kind), sep="\n")  # noqa: T201
    print("", report(total), sep="\n")  # noqa: T201


if __name__ == "__main__":
    main()
