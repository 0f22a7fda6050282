"""Tables of names that people keep: the alias table of a user, and our own list of officials in the same format.

One thing has a name, a type, and any number of aliases, identifiers and offices; each line adds some of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from pipeline.model import EntityType, Identifier
from pipeline.stages.tag.alias_lines import COLUMNS, Line, checked
from pipeline.stages.tag.tables import rows as rows_of
from pipeline.stages.tag.tables import words

_HEADER = "\t".join(COLUMNS)
# PLOVER manual (2024), section on sectors.
SECTORS = words("AGR BUS COP CRM CVL EDU ELI GOV JRN JUD LAB LEG MED MIL OPP PRE PRM PTY REB REF REL SOC SPY UAF UNK")


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with a line, counted from 1: the column, the value, and what to do."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Term:
    """An office or a membership, and when: both dates inclusive, None means open.

    Attributes:
        role: as written: "President", "Foreign Minister".
        sector: PLOVER sector, from ``roles.tsv`` by the longest title in the role, or the role itself if it is a code.
        country: ISO 3166-1 alpha-3, XKX, or UNO EUR IGO NGO ISM IMG MNC.
        valid_from: the first day.
        valid_to: the last day.
    """

    role: str
    sector: str | None
    country: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One real thing with everything the table says of it.

    Attributes:
        name: the name we print.
        type: what kind of thing it is.
        aliases: as they stand in text; the name itself is always one.
        ids: its identifiers.
        country: of the lines without a role; else the country of its terms, if all agree.
        terms: offices and memberships, in order of their beginning.
    """

    name: str
    type: EntityType
    aliases: tuple[str, ...]
    ids: tuple[Identifier, ...]
    country: str | None
    terms: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class AliasTable:
    """The things of a table as they were read: one object for each reading, equal only to itself."""

    listed: tuple[Listed, ...]


def term_on(listed: Listed, day: date) -> Term | None:
    """The term that is valid on a day; of several the one that began last, the later line among equals."""
    valid = [
        term
        for term in listed.terms
        if (term.valid_from or date.min) <= day and (term.valid_to is None or day <= term.valid_to)
    ]
    return max(reversed(valid), key=lambda term: term.valid_from or date.min, default=None)


def former(listed: Listed, day: date) -> Term | None:
    """The last term that ended before a day."""
    ended = [(term.valid_to, term) for term in listed.terms if term.valid_to is not None and term.valid_to < day]
    return max(reversed(ended), key=lambda pair: pair[0], default=(None, None))[1]


def read_aliases(text: str) -> tuple[tuple[Listed, ...], tuple[LineProblem, ...]]:
    """Read an alias table.

    Args:
        text: tab-separated, a header line of `COLUMNS`, lines that begin with ``#`` are comments, blank ones are
            skipped, no quoting.

    Returns:
        The things in order of their first line, and every problem of the text in order of lines. A line that has one
        adds nothing to the things: use them only if there are no problems.
    """
    rows = [
        (number, line.removesuffix("\r"))
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1)
        if line.strip() and not line.startswith("#")
    ]
    if not rows:
        return (), (LineProblem(1, f"there is no header line: begin with {_HEADER}"),)
    problems = list(_header_problems(*rows[0]))
    if problems and rows[0][1].count("\t") != len(COLUMNS) - 1:
        return (), tuple(problems)  # it is another table: a problem a line would tell no more
    lines = []
    for number, line in rows[1:]:
        found, wrong = _read_line(number, line)
        problems += [LineProblem(number, message) for message in wrong]
        lines += [found] if found else []
    things = _things(lines)
    problems += [*_twice(lines), *_one_id_of_two(lines), *_two_countries(things)]
    listed = tuple(_listed(of) for of in things.values())
    problems += _ambiguous(list(zip(listed, things.values(), strict=True)))
    return listed, tuple(sorted(problems, key=lambda problem: problem.line))


def _header_problems(number: int, line: str) -> Iterator[LineProblem]:
    if line == _HEADER:
        return
    cells = line.split("\t")
    missing, unknown = ([a for a in one if a not in other] for one, other in ((COLUMNS, cells), (cells, COLUMNS)))
    said = [f"{what} {', '.join(map(repr, these))}" for what, these in (("lacks", missing), ("has", unknown)) if these]
    why = " and ".join(said) or "names the columns in another order or one twice"
    yield LineProblem(number, f"the header {why}: it must be, with a tab between any two, {' '.join(COLUMNS)}")


def _read_line(number: int, line: str) -> tuple[Line | None, list[str]]:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        which = f"missing are {', '.join(COLUMNS[len(cells) :])}" if len(cells) < len(COLUMNS) else "there are too many"
        message = (
            f"{len(cells)} cells instead of {len(COLUMNS)}, {which}: separate them by one tab each, empty ones too"
        )
        return None, [message]
    return checked(number, cells)


def _things(lines: Sequence[Line]) -> dict[tuple[str, EntityType], list[Line]]:
    things: dict[tuple[str, EntityType], list[Line]] = {}
    for line in lines:
        things.setdefault((line.name, line.type), []).append(line)
    return things


def _listed(lines: Sequence[Line]) -> Listed:
    """What the lines of one thing say together."""
    name, kind = lines[0].name, lines[0].type
    aliases = tuple(dict.fromkeys([name, *(line.alias for line in lines)]))
    ids = tuple(dict.fromkeys(line.id for line in lines if line.id))
    terms = dict.fromkeys(
        Term(line.role, _sector(line.role, line.country), line.country, line.valid_from, line.valid_to)
        for line in lines
        if line.role
    )
    ordered = tuple(sorted(terms, key=lambda term: term.valid_from or date.min))
    own = next((line.country for line in lines if line.country and not line.role), None)
    of_terms = {term.country for term in ordered if term.country}
    country = own or (of_terms.pop() if len(of_terms) == 1 else None)
    return Listed(name, kind, aliases, ids, country, ordered)


@cache
def _sector(role: str, country: str | None) -> str | None:
    """The sector of a role; of a body that is no state never GOV, as with titles in the text (`entities.roles`)."""
    if role in SECTORS:
        return role
    small = role.lower()
    inside = [
        title for title in _titles() if title in small and re.search(rf"(?<![\w-]){re.escape(title)}(?!\w)", small)
    ]
    sector = _titles().get(max(inside, key=len, default="")) or None
    return None if sector == "GOV" and country in ("UNO", "EUR", "IGO") else sector


@cache
def _titles() -> dict[str, str]:
    return {row["title"]: row["sector"] for row in rows_of("roles.tsv")}


# ------------------------------------------------------------------------------------ what lines say to each other


def _twice(lines: Sequence[Line]) -> Iterator[LineProblem]:
    seen: dict[Line, int] = {}
    for line in lines:
        first = seen.setdefault(replace(line, number=0), line.number)
        if first != line.number:
            yield LineProblem(line.number, f"this line stands already at line {first}: take one of them out")


def _two_countries(things: Mapping[tuple[str, EntityType], Sequence[Line]]) -> Iterator[LineProblem]:
    for lines in things.values():
        stated = [line for line in lines if line.country and not line.role]
        for line in stated:
            if line.country != stated[0].country:
                message = (
                    f"country {line.country!r} of {line.name!r} is {stated[0].country!r} at line {stated[0].number}:"
                    " give one, or roles that say when which holds"
                )
                yield LineProblem(line.number, message)


def _one_id_of_two(lines: Sequence[Line]) -> Iterator[LineProblem]:
    owners: dict[Identifier, Line] = {}
    for line in lines:
        if line.id is None:
            continue
        owner = owners.setdefault(line.id, line)
        if (owner.name, owner.type) != (line.name, line.type):
            message = (
                f"id {line.id.id!r} of scheme {line.id.scheme!r} is that of {owner.name!r}, {owner.type}, at line"
                f" {owner.number}: give both lines the same name and type, or each its own id"
            )
            yield LineProblem(line.number, message)


def _ambiguous(things: Sequence[tuple[Listed, Sequence[Line]]]) -> Iterator[LineProblem]:
    """Aliases that mean two things of one type on the same day, told at the line of the later thing."""
    meanings: dict[tuple[str, EntityType], list[tuple[Listed, int]]] = {}
    for thing, lines in things:
        at = {line.alias: line.number for line in reversed(lines)}
        for alias in thing.aliases:
            number = at.get(alias, lines[0].number)
            others = meanings.setdefault((alias, thing.type), [])
            for other, where in others:
                if _at_once(thing, other):
                    message = (
                        f"alias {alias!r} is {other.name!r}, {other.type}, at line {where}, and here {thing.name!r}:"
                        " take one out, or give both roles with dates that do not overlap"
                    )
                    yield LineProblem(max(number, where), message)
            others.append((thing, number))


def _at_once(one: Listed, other: Listed) -> bool:
    """Whether there is a day on which both things may be meant; one without roles may always be."""
    return (
        not one.terms
        or not other.terms
        or any(
            (a.valid_from or date.min) <= (b.valid_to or date.max)
            and (b.valid_from or date.min) <= (a.valid_to or date.max)
            for a in one.terms
            for b in other.terms
        )
    )
