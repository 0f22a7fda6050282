"""Scores the entities of the gold articles: ``python tests/eval/score_entities.py [-v] [files]``.

The articles go through the real stages as flat jsonl. ``-v`` tells every error with the line it stands in.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import gold
from gold import GoldArticle, GoldEntity, GoldMention

from pipeline.model import Entity, EntityType, Field, Mention, MentionKind, Span, Tagged
from pipeline.offline import record, tag_records
from pipeline.settings import Settings

SCORED = (EntityType.PERSON, EntityType.ORGANISATION, EntityType.PLACE)
APART = (EntityType.GROUP, EntityType.EVENT, EntityType.OBJECT)


@dataclass(slots=True)
class Score:
    """Counts over all articles. ``errors`` is what -v prints: what kind, and what and where."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[tuple[str, str]] = field(default_factory=list)

    def share(self, part: str, whole: str) -> float:
        return self.counts[part] / self.counts[whole] if self.counts[whole] else 0.0

    def figures(self) -> dict[str, float]:
        """All shares, by name, in per cent."""
        found: dict[str, float] = {}
        for kind in (*SCORED, "together", *APART):
            precision = self.share(f"{kind}.hits", f"{kind}.output")
            recall = self.share(f"{kind}.hits", f"{kind}.gold")
            both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
            found |= {f"{kind}.precision": precision, f"{kind}.recall": recall, f"{kind}.f": both}
        found["found"] = self.share("found", "to_find")
        found["split"] = self.share("split", "seen")
        found["merged"] = self.share("merged", "aligned")
        found["wrong_type"] = self.share("wrong_type", "aligned")
        found["wrong_link"] = self.share("wrong_link", "aligned")
        found["spurious"] = self.share("spurious", "entities")
        return {name: round(100 * value, 1) for name, value in found.items()}


# ------------------------------------------------------------------------------------------------ tagging


@dataclass(frozen=True, slots=True)
class Output:
    """What the stages made of an article."""

    headline: str | None
    body: str | None
    entities: tuple[Entity, ...]


def tag(articles: Sequence[GoldArticle]) -> list[Output]:
    """Through decode, clean and tag."""
    records = [record(n, json.dumps(_flat(article)).encode()) for n, article in enumerate(articles)]
    results = list(tag_records(records, Settings()))
    done = (item.article for item in results if isinstance(item, Tagged))
    tagged = [Output(one.headline, one.body, one.entities) for one in done]
    if len(tagged) != len(articles):
        message = f"not tagged: {[item for item in results if not isinstance(item, Tagged)]}"
        raise ValueError(message)
    return tagged


def _flat(article: GoldArticle) -> dict[str, str]:
    return {
        "id": article.file,
        "headline": article.headline,
        "body": article.body,
        "language": article.language,
        "published_at": article.published.isoformat(),
    }


# ------------------------------------------------------------------------------------------------ comparing


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold mention and the output's mention of the same words."""

    gold: GoldMention
    entity: int
    mention: Mention


def align(wanted: Sequence[GoldMention], entities: Sequence[Entity]) -> list[Pair]:
    """Each mention with at most one of the other side, those first that overlap most."""
    choices = [
        (_overlap(one.span, mention), n, Pair(one, entity, mention))
        for n, one in enumerate(wanted)
        for entity, output in enumerate(entities)
        for mention in output.mentions
        if _overlap(one.span, mention) > 0
    ]
    pairs: list[Pair] = []
    taken: set[int] = set()
    used: set[tuple[int, Mention]] = set()
    for _, n, pair in sorted(choices, key=lambda choice: (-choice[0], choice[1])):
        if n not in taken and (pair.entity, pair.mention) not in used:
            taken.add(n)
            used.add((pair.entity, pair.mention))
            pairs.append(pair)
    return pairs


def _overlap(one: Span, other: Span) -> float:
    """Code points they share, as a share of those that either has."""
    if one.field is not other.field:
        return 0.0
    shared = min(one.end, other.end) - max(one.start, other.start)
    return max(shared, 0) / (max(one.end, other.end) - min(one.start, other.start))


def add(score: Score, article: GoldArticle, tagged: Output) -> None:
    """Add one article to the score."""
    wanted = gold.placed(article, tagged.headline, tagged.body)
    entities = tagged.entities
    pairs = align(wanted, entities)
    told = _Teller(score, article, tagged)
    _add_mentions(told, wanted, entities)
    _add_gold_entities(told, wanted, entities, pairs)
    _add_output_entities(told, entities, pairs)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Counts, and writes down errors with their line."""

    score: Score
    article: GoldArticle
    tagged: Output

    def count(self, *names: str) -> None:
        self.score.counts.update(names)

    def count_mention(self, kind: EntityType, what: str) -> None:
        self.count(f"{kind}.{what}", *([f"together.{what}"] if kind in SCORED else []))

    def error(self, kind: str, what: str, span: Span) -> None:
        text = (self.tagged.headline if span.field is Field.HEADLINE else self.tagged.body) or ""
        start = max(text.rfind("\n", 0, span.start), text.rfind(". ", 0, span.start) + 1) + 1
        ends = [end for end in (text.find("\n", span.end), text.find(". ", span.end) + 1) if end > 0]
        sentence = f"{text[start : span.start]}>>{span.text}<<{text[span.end : min(ends, default=len(text))]}"
        self.score.errors.append((kind, f"{self.article.file}: {what}\n        {sentence}"))


def _add_mentions(told: _Teller, wanted: Sequence[GoldMention], entities: Sequence[Entity]) -> None:
    """NAME mentions: same span, same type."""
    right = {(one.span.field, one.span.start, one.span.end): one for one in wanted if one.span.kind is MentionKind.NAME}
    types = {key: entity.type for key, entity in told.article.entities.items()}
    hits: set[tuple[Field, int, int]] = set()
    for entity in entities:
        for mention in entity.mentions:
            if mention.kind is not MentionKind.NAME:
                continue
            at = (mention.field, mention.start, mention.end)
            is_hit = at in right and types[right[at].key] == entity.type and at not in hits
            told.count_mention(entity.type, "output")
            if is_hit:
                hits.add(at)
                told.count_mention(entity.type, "hits")
            elif entity.type in SCORED:
                why = f", is {types[right[at].key]}" if at in right else ", no such name there"
                told.error("mention", f"{entity.type} {mention.text!r} of {entity.name!r}{why}", mention)
    for at, one in right.items():
        told.count_mention(types[one.key], "gold")
        if at not in hits and types[one.key] in SCORED:
            told.error("missed mention", f"{types[one.key]} {one.span.text!r}", one.span)


def _add_gold_entities(
    told: _Teller, wanted: Sequence[GoldMention], entities: Sequence[Entity], pairs: Sequence[Pair]
) -> None:
    """What became of each gold entity: found with its type, and in how many pieces."""
    for key, entity in told.article.entities.items():
        named = [one.span for one in wanted if one.key == key and one.span.kind is MentionKind.NAME]
        own = [pair for pair in pairs if pair.gold.key == key]
        if entity.type not in SCORED:
            continue
        if own:
            told.count("seen")
            homes = Counter(pair.entity for pair in own)
            if len(homes) > 1:
                told.count("split")
                pieces = ", ".join(f"{entities[n].type} {entities[n].name!r} x{count}" for n, count in homes.items())
                least = min(own, key=lambda pair: homes[pair.entity])
                told.error("split", f"{entity.type} {entity.name}: {pieces}", least.mention)
        if not named:
            continue
        told.count("to_find")
        if any(_overlap(there, span) > 0 for there in _named(entities, entity.type) for span in named):
            told.count("found")
        else:
            told.error("not found", f"{entity.type} {entity.name}", named[0])


def _named(entities: Sequence[Entity], kind: EntityType) -> list[Mention]:
    """The NAME mentions of all entities of that type."""
    return [m for one in entities if one.type == kind for m in one.mentions if m.kind is MentionKind.NAME]


def _add_output_entities(told: _Teller, entities: Sequence[Entity], pairs: Sequence[Pair]) -> None:
    """What each output entity holds: one gold entity, several or none; its type, ids and country."""
    for n, output in enumerate(entities):
        told.count("entities")
        own = Counter(pair.gold.key for pair in pairs if pair.entity == n)
        if not own:
            told.count("spurious")
            told.error("spurious", f"{output.type} {output.name!r}", output.mentions[0])
            continue
        told.count("aligned")
        if len(own) > 1:
            told.count("merged")
            names = [f"{told.article.entities[key].name} x{count}" for key, count in own.items()]
            rare = min((pair for pair in pairs if pair.entity == n), key=lambda pair: own[pair.gold.key])
            told.error("merged", f"{output.type} {output.name!r} holds {', '.join(names)}", rare.mention)
        main = max((told.article.entities[key] for key in own), key=lambda one: (own[one.key], one.type == output.type))
        first = next(pair for pair in pairs if pair.entity == n and pair.gold.key == main.key)
        if main.type != output.type:
            told.count("wrong_type")
            told.error("wrong type", f"{output.type} {output.name!r} is {main.type} {main.name}", first.mention)
        wrong = list(contradictions(output, main))
        if wrong:
            told.count("wrong_link")
            told.error("wrong link", f"{output.type} {output.name!r}: {'; '.join(wrong)}", first.mention)


def contradictions(output: Entity, wanted: GoldEntity) -> Iterator[str]:
    """Where country or ids of the output are others than those of gold. Missing ones are no contradiction.

    Neither is PLOVER's MNC for a firm: gold gives its home.
    """
    is_firm = wanted.type == EntityType.ORGANISATION and output.country == "MNC"
    if output.country and wanted.country and output.country != wanted.country and not is_firm:
        yield f"country {output.country}, is {wanted.country}"
    for scheme in sorted({one.scheme for one in output.ids}):
        found = {one.id for one in output.ids if one.scheme == scheme}
        right = {value for one, value in wanted.ids if one == scheme}
        if right and not right & found:
            yield f"{scheme} {', '.join(sorted(found))}, is {', '.join(sorted(right))}"
        if wanted.no_ids and scheme in gold.NO_IDS_OF:
            yield f"{scheme} {', '.join(sorted(found))}, has none"


# ------------------------------------------------------------------------------------------------ printing


def score(articles: Iterable[GoldArticle]) -> Score:
    """Tag and score."""
    wanted = list(articles)
    total = Score()
    for article, tagged in zip(wanted, tag(wanted), strict=True):
        add(total, article, tagged)
    return total


def report(total: Score) -> str:
    """The table of figures, for people."""
    figures, counts = total.figures(), total.counts
    lines = [f"{'NAME mentions':<16}{'P':>7}{'R':>7}{'F':>7}{'gold':>7}{'output':>8}"]
    for kind in (*SCORED, "together", *APART):
        values = "".join(f"{figures[f'{kind}.{what}']:>7}" for what in ("precision", "recall", "f"))
        lines.append(f"{kind:<16}{values}{counts[f'{kind}.gold']:>7}{counts[f'{kind}.output']:>8}")
    wholes = {"found": "to_find", "split": "seen", "spurious": "entities"}
    lines += ["", f"{'entities':<16}{'%':>7}"]
    for name in ("found", "split", "merged", "wrong_type", "wrong_link", "spurious"):
        lines.append(f"{name:<16}{figures[name]:>7}   {counts[name]} of {counts[wholes.get(name, 'aligned')]}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-v", "--verbose", action="store_true", help="tell every error")
    parser.add_argument("files", nargs="*", type=Path, help="default: all")
    options = parser.parse_args()
    total = score(gold.articles(options.files))
    if options.verbose:
        for kind in dict.fromkeys(kind for kind, _ in total.errors):
            print(f"\n{kind}", *(f"    {what}" for one, what in total.errors if one == kind), sep="\n")  # noqa: T201
    print("", report(total), sep="\n")  # noqa: T201


if __name__ == "__main__":
    main()
