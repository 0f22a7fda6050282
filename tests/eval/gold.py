"""Reads the gold articles of ``articles/``: the text as a wire would send it, and who and what stands in it where.

A file is: comment lines (``# published:``, ``# language:``, ``# kind:``), the headline, a blank line, the paragraphs,
a line ``---``, and one line an entity: key, type, name, country or ``-``, ids. In the text ``[Lindqvist|p1]`` is a
NAME mention of p1, ``[Swedish|~c1]`` a NOMINAL one, ``[he|=p1]`` a PRONOUN. Ids: ``scheme:id`` separated by spaces,
``-`` not judged, ``!`` none of the schemes geonames, ticker and isin. A broken file fails with its name and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.model import EntityType, Field, Mention, MentionKind

ARTICLES = Path(__file__).with_name("articles")
KINDS = frozenset(
    ("politics", "conflict", "business", "sport", "science", "court", "disaster", "diplomacy", "feature", "caps")
)
TYPES = frozenset(EntityType) - {EntityType.UNKNOWN}
SCHEMES = frozenset({"iso3166", "geonames", "ticker", "isin", "wikidata"})
NO_IDS_OF = frozenset({"geonames", "ticker", "isin"})

_MARK = re.compile(r"\[([^\[\]|]+)\|([~=]?)([a-z]+[0-9]+)\]")
_KIND = {"": MentionKind.NAME, "~": MentionKind.NOMINAL, "=": MentionKind.PRONOUN}
_KEY = re.compile(r"[a-z]+[0-9]+")
_COUNTRY = re.compile(r"[A-Z]{3}")


class BrokenGoldError(ValueError):
    """A gold file that does not say what it must; the message begins with file and line."""

    def __init__(self, file: str, line: int, what: str) -> None:
        super().__init__(f"{file}:{line}: {what}")


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """One real thing. ``country`` None: not judged. ``no_ids``: it must have none of `NO_IDS_OF`."""

    key: str
    type: EntityType
    name: str
    country: str | None
    ids: tuple[tuple[str, str], ...]
    no_ids: bool


@dataclass(frozen=True, slots=True)
class GoldMention:
    """Where an entity is spoken of: code points ``[start, end)`` of headline or body."""

    key: str
    span: Mention


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article and its gold. Pronouns are marked in some articles only, and in no figure of their own."""

    file: str
    published: date
    language: str
    kind: str
    headline: str
    body: str
    entities: dict[str, GoldEntity]
    mentions: tuple[GoldMention, ...]


def articles(files: Sequence[Path] = ()) -> Iterator[GoldArticle]:
    """Those files, or all of ``articles/``, in the order of their names."""
    for file in files or sorted(ARTICLES.glob("*.txt")):
        yield read(file.read_text(encoding="utf-8"), file.name)


def read(text: str, file: str) -> GoldArticle:
    """One file.

    Raises:
        BrokenGoldError: with file and line of the first thing that is wrong.
    """
    lines = list(enumerate(text.splitlines(), 1))
    head = [item for item in lines if item[1].startswith("#")]
    if lines[: len(head)] != head:
        raise BrokenGoldError(file, head[-1][0], "comment lines stand at the top only")
    ends = [n for n, (_, line) in enumerate(lines) if line == "---"]
    if len(ends) != 1:
        raise BrokenGoldError(file, len(lines), f"{len(ends)} lines '---', need one")
    published, language, kind = _header(head, file)
    entities = _entities(lines[ends[0] + 1 :], file)
    story = lines[len(head) : ends[0]]
    if len(story) < 3 or not story[0][1] or story[1][1]:
        raise BrokenGoldError(file, len(head) + 1, "need a headline, a blank line and the body")
    headline, in_headline = _marked(story[:1], Field.HEADLINE, entities, file)
    body, in_body = _marked([item for item in story[2:] if item[1].strip()], Field.BODY, entities, file)
    mentions = (*in_headline, *in_body)
    unused = entities.keys() - {one.key for one in mentions}
    if unused:
        number = next(n for n, line in lines[ends[0] + 1 :] if line.split("\t")[0] in unused)
        raise BrokenGoldError(file, number, f"not mentioned in the text: {', '.join(sorted(unused))}")
    return GoldArticle(file, published, language, kind, headline, body, entities, mentions)


def _header(head: Sequence[tuple[int, str]], file: str) -> tuple[date, str, str]:
    cells = {key.strip(): value.strip() for _, line in head for key, _, value in [line.lstrip("# ").partition(":")]}
    if not {"published", "language", "kind"} <= cells.keys() or cells["kind"] not in KINDS:
        raise BrokenGoldError(
            file, 1, f"need the lines '# published:', '# language:', '# kind:' (one of {sorted(KINDS)})"
        )
    try:
        return date.fromisoformat(cells["published"]), cells["language"], cells["kind"]
    except ValueError as error:
        raise BrokenGoldError(file, 1, f"published: {error}") from error


def _entities(lines: Sequence[tuple[int, str]], file: str) -> dict[str, GoldEntity]:
    entities: dict[str, GoldEntity] = {}
    for number, line in lines:
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != 5:
            raise BrokenGoldError(file, number, f"{len(cells)} columns, need 5 (tabs)")
        key, kind, name, country, ids = cells
        if not _KEY.fullmatch(key) or key in entities:
            raise BrokenGoldError(file, number, f"key {key!r} is malformed or there twice")
        if kind not in TYPES or not name.strip():
            raise BrokenGoldError(file, number, f"type {kind!r}, name {name!r}")
        if country != "-" and not _COUNTRY.fullmatch(country):
            raise BrokenGoldError(file, number, f"country {country!r}")
        pairs = [] if ids in ("-", "!") else [one.partition(":") for one in ids.split()]
        if any(scheme not in SCHEMES or not value for scheme, _, value in pairs) or not ids:
            raise BrokenGoldError(file, number, f"ids {ids!r}")
        entities[key] = GoldEntity(
            key,
            EntityType(kind),
            name,
            None if country == "-" else country,
            tuple((scheme, value) for scheme, _, value in pairs),
            ids == "!",
        )
    return entities


def _marked(
    lines: Sequence[tuple[int, str]], field: Field, entities: dict[str, GoldEntity], file: str
) -> tuple[str, list[GoldMention]]:
    """The text without the marks, and the marks."""
    text = ""
    mentions: list[GoldMention] = []
    for number, line in lines:
        text += "\n" if text else ""
        last = 0
        for mark in _MARK.finditer(line):
            shown, kind, key = mark.groups()
            if key not in entities:
                raise BrokenGoldError(file, number, f"{key!r} is not among the entities: {mark[0]}")
            own = entities[key].name.endswith(("'s", "’s"))  # Lloyd's
            if shown != shown.strip() or (shown.endswith(("'s", "’s")) and not own):
                raise BrokenGoldError(file, number, f"a span without blanks and possessive 's: {mark[0]}")
            text += line[last : mark.start()]
            mentions.append(GoldMention(key, Mention(field, len(text), len(text) + len(shown), shown, _KIND[kind])))
            text += shown
            last = mark.end()
        text += line[last:]
        if re.search(r"[\[\]|]", text[text.rfind("\n") + 1 :]):
            raise BrokenGoldError(file, number, "a bracket or bar that is no mark")
    return text, mentions


def placed(article: GoldArticle, headline: str | None, body: str | None) -> list[GoldMention]:
    """The gold mentions where they stand in the cleaned text, which lacks the dateline and may lack lines."""
    if headline != article.headline:
        message = f"{article.file}: the headline became {headline!r}"
        raise ValueError(message)
    shifts = _shifts(article.body, body or "", article.file)
    there: list[GoldMention] = []
    for one in article.mentions:
        if one.span.field is Field.HEADLINE:
            there.append(one)
            continue
        by = [shift for start, end, shift in shifts if start <= one.span.start and one.span.end <= end]
        if not by:
            message = f"{article.file}: cleaning took {one.span.text!r} (marked in a dateline or byline?)"
            raise ValueError(message)
        start, end = one.span.start + by[0], one.span.end + by[0]
        there.append(GoldMention(one.key, Mention(Field.BODY, start, end, one.span.text, one.span.kind)))
    return there


def _shifts(raw: str, clean: str, file: str) -> list[tuple[int, int, int]]:
    """Ranges of the raw text that are in the clean one, and by how much each moved."""
    shifts: list[tuple[int, int, int]] = []
    at, position = 0, 0
    for line in clean.split("\n"):
        found = raw.find(line, at)
        if found < 0:
            message = f"{file}: not a line of the article: {line!r}"
            raise ValueError(message)
        shifts.append((found, found + len(line), position - found))
        at = found + len(line)
        position += len(line) + 1
    return shifts
