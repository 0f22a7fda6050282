"""Titles and offices around a person's name ("Russian Foreign Minister ...", "..., the Syrian president,").

The titles and their PLOVER sectors stand in ``roles.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.model import EntityType
from pipeline.stages.tag.entities.gazetteer import scan
from pipeline.stages.tag.tables import rows, words

MAX_TITLE_CHARS = 120
FORMER = words("former ex late then onetime ousted deposed")
# What stands between or before the words of a title.
_MODIFIERS = FORMER | words(
    "deputy acting interim senior chief special vice assistant associate junior new current outgoing incoming "
    "permanent state federal national top veteran retired longtime"
)
_LINKS = frozenset({"of", "for", "and", "&", "the"})
_TOKEN = re.compile(r"\S+")
_ROLE_NOUN = re.compile(
    r"\b(?:president|prime minister|premier|leader|foreign minister|king|chancellor)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Role:
    """An office: its title in lower case, PLOVER sector and country, as far as the text says."""

    title: str
    sector: str | None
    country: str | None
    former: bool = False


@cache
def titles() -> dict[str, str]:
    """Title in lower case -> PLOVER sector, "" where the title tells none."""
    return {row["title"]: row["sector"] or "" for row in rows("roles.tsv")}


@cache
def title_words() -> frozenset[str]:
    """Every word that occurs in a title, but for the small ones."""
    return frozenset(word for title in titles() for word in title.split()) - _LINKS


def without_titles(name: str) -> int:
    """How many characters of the name's beginning are titles; never all of it."""
    parts = list(_TOKEN.finditer(name))
    skipped = 0
    while skipped < len(parts) - 1:
        size = next((n for n in (3, 2, 1) if _is_title(parts[skipped : skipped + n], len(parts) - skipped)), 0)
        if not size:
            break
        skipped += size
    return parts[skipped].start() if parts else 0


def _is_title(parts: list[re.Match[str]], left: int) -> bool:
    phrase = " ".join(part.group() for part in parts).lower()
    return len(parts) < left and (phrase in titles() or phrase in _MODIFIERS)


OPENINGS = words(
    "in at on by but and as for from with to the a an this that when while after before since if although however "
    "both its his her their our many some all no"
)


def is_office(name: str) -> bool:
    """Whether the words are an office and no name: "Minister of Finance", "Secretary", "Senior Inspector"."""
    parts = name.lower().split()
    if len(parts) > 2 and parts[1] in ("of", "for") and parts[0] in titles():
        return True
    while len(parts) > 1 and parts[0] in _MODIFIERS:
        parts.pop(0)
    return " ".join(parts) in titles()


def role_before(text: str, start: int) -> Role | None:
    """The office named directly before the name that begins at ``start``."""
    window = max(0, start - MAX_TITLE_CHARS)
    before = [(m.start() + window, m.group()) for m in _TOKEN.finditer(text[window:start])]
    if not before or text[start - 1 : start] not in (" ", " "):
        return None
    begin, titled = start, False
    for at, word in reversed(before):
        lower = _bare(word).lower()
        ends = word[-1] == "." and len(word) > 2 and word.count(".") == 1 and lower not in titles()
        if word[-1] in ',;:)”"?!' or ends or not _belongs(word, lower, titled):
            break
        titled = titled or lower in title_words()
        begin = at
    return _role(text[begin:start]) if begin < start else None


def role_after(text: str, end: int) -> Role | None:
    """The office named after the name and a comma: "..., the Russian foreign minister,"."""
    match = re.match(r", (?:the |an? )?([^,.;:()]{3,80})", text[end : end + MAX_TITLE_CHARS])
    return _role(match.group(1), needs_title=True) if match else None


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.strip("“”\"'‘’("))


def _belongs(word: str, lower: str, titled: bool) -> bool:
    if lower in title_words() or lower in _MODIFIERS or (lower in _LINKS and titled):
        return True
    if lower.startswith("ex-") or any(True for _ in scan(_bare(word))):
        return True
    return titled and word[:1].isupper()


def _role(phrase: str, *, needs_title: bool = False) -> Role | None:
    lower = phrase.lower()
    found = [
        (m.end(), m.end() - m.start(), m.start(), title)
        for title in titles()
        if title in lower
        for m in re.finditer(rf"(?<![\w-]){re.escape(title)}(?!\w)", lower)
    ]
    end, _, begin, title = max(found, default=(len(phrase), 0, len(phrase), ""))
    country = _country(phrase, begin, end)
    if not title and (needs_title or not country):
        return None
    modifiers = set(re.findall(r"\w+", lower[:begin]))
    sector = titles().get(title) or None
    if country in ("UNO", "EUR", "IGO") and sector == "GOV":
        sector = None
    return Role(title, sector, country, former=bool(modifiers & FORMER))


def _country(phrase: str, begin: int, end: int) -> str | None:
    """The country before the title ("Russian", "Russia's", "UN"), or after it and "of"."""
    before = [known for _, _, known in scan(phrase[:begin]) if known.country]
    if before:
        return before[0].country
    after = re.match(r"\s+of (?:the )?", phrase[end:])
    if after:
        rest = phrase[end + after.end() :]
        return next((known.country for at, _, known in scan(rest) if at == 0), None)
    return None


def spoken_of(text: str) -> Iterator[tuple[str, str]]:
    """Offices with their country and without a name: "the Syrian leader" -> ("leader", "SYR")."""
    for _at, end, known in scan(text):
        if known.country and known.type == EntityType.PLACE:
            after = re.match(r"(?:['’]s)? ", text[end : end + 3])
            role = _ROLE_NOUN.match(text, end + after.end()) if after else None
            if role:
                yield role.group().lower(), known.country
