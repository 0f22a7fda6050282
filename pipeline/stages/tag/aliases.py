"""Tables of names that people keep: the alias table of a user, and our own list of officials in the same format.

One thing has a name, a type, and any number of aliases, identifiers and offices; each line adds some of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.model import EntityType, Identifier


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
