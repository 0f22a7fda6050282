"""Where a passage names something: the model's names, cleaned, and what the tables and titles add."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from spacy.tokens import Span

from pipeline.model import EntityType, MentionKind
from pipeline.stages.tag.aliases import AliasTable
from pipeline.stages.tag.entities import roles, spans
from pipeline.stages.tag.entities.gazetteer import LABELS, Known, is_money, known_state, look_up, scan, scan_own
from pipeline.stages.tag.entities.intervals import Intervals
from pipeline.stages.tag.entities.matcher import Matcher
from pipeline.stages.tag.entities.regions import regions_named
from pipeline.stages.tag.entities.words import given_names, name_words, no_names, told_by_words
from pipeline.stages.tag.passage import Passage
from pipeline.stages.tag.tables import words

# The model's labels -> our types; numbers, dates and money are no entities.
TYPES = {
    "PERSON": EntityType.PERSON,
    "NORP": EntityType.GROUP,
    "FAC": EntityType.PLACE,
    "GPE": EntityType.PLACE,
    "LOC": EntityType.PLACE,
    "ORG": EntityType.ORGANISATION,
    "EVENT": EntityType.EVENT,
    "PRODUCT": EntityType.OBJECT,
    "WORK_OF_ART": EntityType.OBJECT,
    "LAW": EntityType.OBJECT,
}
# The labels of the models of most other languages (WikiNER's four classes).
LABELS_ELSEWHERE = {"PER": "PERSON", "LOC": "GPE", "MISC": "PRODUCT"}
PARTICLES = words("de da di do du del della dos das der den van von ter al el bin ibn abu la le ben bint dela y")

_BRACKET = re.compile(r"\s\(\s?([A-Z][A-Za-z&-]{1,9})\s?\)")
MAX_ABBREVIATION = 6
MAX_STATE = 40
_STATE = re.compile(
    r"(?<![\w-])(?:(?:Islamic|Democratic|People['’]s|Arab) )?(?:Republic|Kingdom|Sultanate|Emirate) of (?:the )?$"
)
_OFFICE_AFTER = re.compile(r" (?:Secretary|Minister|Commissioner)\b")  # "Transportation Secretary"
_PAGE = re.compile(r"[A-Z]{3,5} ?\d{3,5}")  # the number of a page of the wire
# Also the ticker that a wire puts after a firm: "<UN.A>".
_ADDRESS = re.compile(r"\S*(?:://|www\.|\w@\w)\S*|<[A-Za-z.]{1,8}>?")
# Some wires write what follows "U.S." with a capital, as at the beginning of a sentence: "U.S. Chips".
_AFTER_US = re.compile(r"(?:non-)?U\.S\. [A-Z][a-z]+")
_NAME_AFTER_TITLE = re.compile(
    r"\s+((?:[^\W\d_a-z][\w'’-]*|(?:al|el)-[^\W\d_a-z][\w'’-]*)"
    r"(?:\s(?:(?:de|da|di|del|van|von|der|den|bin|ibn|al|el|la|le|dos)\s)*(?:[^\W\d_a-z][\w’'-]+|[A-Z]\.|(?:al|el)-[A-Z][\w-]+)){0,3})"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One place where a passage names something. ``passage`` is the passage's number in the article."""

    passage: int
    start: int
    end: int
    text: str
    label: str
    type: EntityType
    known: Known | None = None
    kind: MentionKind = MentionKind.NAME


def of_passage(number: int, passage: Passage, table: AliasTable | None = None, day: date | None = None) -> list[Found]:
    """All that is named in a passage, in text order, without overlap; the user's own names before all others.

    ``day`` is the article's: a name that two things of the table share is the one that has a role on it.
    """
    names = _of_passage(number, passage)
    if table is None:
        return names
    own = [
        _known(number, start, end, known, passage.cased) for start, end, known in scan_own(passage.cased, table, day)
    ]
    taken = stretches(own)
    return without_overlap([*own, *(one for one in names if not taken.touch(one.start, one.end))])


def _of_passage(number: int, passage: Passage) -> list[Found]:
    text = passage.cased
    tables = [_known(number, start, end, known, text) for start, end, known in scan(text)]
    model = [
        found
        for ent in passage.doc.ents
        if ent.label_ in TYPES or ent.label_ in LABELS_ELSEWHERE
        for found in _cleaned(number, ent, text)
    ]
    titles = _titles(text)
    in_titles = Intervals(titles)
    model = [one for one in model if one.known or not in_titles.cover(one.start, one.end)]
    agreed = without_overlap(_agreed(model, tables))
    names = without_overlap([*agreed, *_without(tables, agreed)])
    names = without_overlap([*names, *_without(_titled(number, passage, titles), names)])
    names = without_overlap([_extended(one, text) for one in names])
    return _without_addresses([*names, *_acronyms(number, names, text)], text)


def _extended(found: Found, text: str) -> Found:
    """The longer name of which this is a part: "Bank of Ghana", "Delhi High Court", "Republic of Mauritius"."""
    start, end = found.start, found.end
    if found.known and found.known.iso2 and found.kind == MentionKind.NAME:
        state = _STATE.search(text, max(0, start - MAX_STATE), start)
        if state:
            return replace(found, start=state.start(), text=text[state.start() : end])
    if found.kind == MentionKind.NAME and found.type != EntityType.PERSON:
        start = spans.with_head(text, start)
        if found.type == EntityType.PLACE and start == found.start:
            end = spans.with_tail(text, end)
            start = spans.with_front(text, start)
    if found.type == EntityType.ORGANISATION:
        start, end = spans.with_halves(text, start, end)
    if (start, end) == (found.start, found.end):
        return _with_party(found, text)
    name = text[start:end]
    known = look_up(name)
    if known:
        return _known(found.passage, start, end, known, text)
    word = told_by_words(name)
    kind = word.type if word else EntityType.ORGANISATION
    return Found(found.passage, start, end, name, LABELS[kind], kind)


def _with_party(found: Found, text: str) -> Found:
    if found.type not in (EntityType.ORGANISATION, EntityType.GROUP) or found.kind != MentionKind.NAME:
        return found
    end = spans.with_party(text, found.end)
    if end == found.end:
        return found
    return replace(found, end=end, text=text[found.start : end], type=EntityType.ORGANISATION, label="ORG")


def _acronyms(number: int, names: list[Found], text: str) -> list[Found]:
    """An organisation's acronym in brackets after its name, where the model overlooked it."""
    brackets = ((one, _BRACKET.match(text, one.end)) for one in names if one.type == EntityType.ORGANISATION)
    found = [
        replace(one, passage=number, start=m.start(1), end=m.end(1), text=m.group(1))
        for one, m in brackets
        if m and sum(c.isupper() for c in m.group(1)) > 1
    ]
    taken = stretches(names)
    return [one for one in found if not taken.touch(one.start, one.end)]


def _without_addresses(found: list[Found], text: str) -> list[Found]:
    """Names in web and mail addresses name nobody."""
    if not any(sign in text for sign in ("://", "www.", "@", "<")):
        return sorted(found, key=lambda one: one.start)
    addresses = Intervals(match.span() for match in _ADDRESS.finditer(text))
    return sorted((one for one in found if not addresses.touch(one.start, one.end)), key=lambda one: one.start)


def stretches(found: Iterable[Found]) -> Intervals:
    """Where these are, which must not overlap."""
    return Intervals((one.start, one.end) for one in found)


def without_overlap(found: Iterable[Found]) -> list[Found]:
    """In text order; of two that overlap the longer stays."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if kept and one.start < kept[-1].end:
            if one.end - one.start > kept[-1].end - kept[-1].start:
                kept[-1] = one
            continue
        kept.append(one)
    return kept


def _known(number: int, start: int, end: int, known: Known, text: str) -> Found:
    if known.type == EntityType.PERSON:  # of some the lists have no name without the title: "Pope Francis"
        start += roles.without_titles(text[start:end])
    return Found(number, start, end, text[start:end], known.label, known.type, known, known.kind)


def _agreed(model: list[Found], tables: list[Found]) -> list[Found]:
    """The model's names, but where a table knows better: a name that goes beyond them, or a country in a person."""
    kept = []
    known = stretches(tables)
    for found in model:
        inside = [tables[at] for at in known.overlapping(found.start, found.end)]
        crossing = any(t.start < found.start or t.end > found.end for t in inside)
        first = found.text.split(" ")[0]
        country = (
            found.label == "PERSON"
            and first not in given_names()
            and any(t.known and t.known.iso2 and t.start == found.start for t in inside)
        )
        if not crossing and not (country and not found.known):
            kept.append(found)
    return kept


def _without(found: list[Found], taken: list[Found]) -> list[Found]:
    covered = stretches(taken)
    return [one for one in found if not covered.cover(one.start, one.end)]


def _cleaned(number: int, ent: Span, text: str) -> list[Found]:
    """The names in what the model took for one, each cleaned; none where it is a word or an office."""
    found = []
    label = LABELS_ELSEWHERE.get(ent.label_, ent.label_) if ent.doc.lang_ != "en" else ent.label_
    for begin, stop in _without_verbs(ent):
        for start, end in spans.parts(text, begin, stop, label):
            one = _name(number, *spans.trimmed(text, start, end), label, text)
            found += [one] if one else []
    return found


def _without_verbs(ent: Span) -> list[tuple[int, int]]:
    """The name, or the names to both sides of a verb that the model took for a part: "Lyon fined Oskelund Group"."""
    verbs = [token for token in ent if token.is_lower and token.tag_ in ("VBD", "VBZ", "MD")]
    if ent.label_ not in ("ORG", "PERSON", "GPE", "NORP", "FAC", "LOC") or not verbs:
        return [(ent.start_char, ent.end_char)]
    edges = [ent.start_char, *(edge for verb in verbs for edge in (verb.idx, verb.idx + len(verb))), ent.end_char]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]


def _name(number: int, start: int, end: int, label: str, text: str) -> Found | None:
    if label == "PERSON":
        start += roles.without_titles(text[start:end])
        end = spans.with_second_syllable(text, start, end)
    elif label == "ORG":
        end = spans.without_office(text, start, end)
    name = text[start:end]
    if _AFTER_US.fullmatch(name) and not told_by_words(name) and not look_up(name):
        return None
    if not _is_name(name, label) or roles.is_office(name) or (" " not in name and _OFFICE_AFTER.match(text, end)):
        return None
    known = look_up(name) or _abbreviated_state(name, text, start)
    if known and not (known.ambiguous and (known.type != EntityType.PLACE or name in given_names())):
        return None if is_money(text, end) else _known(number, start, end, known, text)
    if name in no_names():
        instead = no_names()[name]
        return _known(number, start, end, Known(name, instead, LABELS[instead], name), text) if instead else None
    word = told_by_words(name) if label != "NORP" else None
    kind, label = (word.type, LABELS[word.type]) if word and word.type != TYPES[label] else (TYPES[label], label)
    return Found(number, start, end, name, label, kind)


def _abbreviated_state(name: str, text: str, start: int) -> Known | None:
    """The state or province that is shortened after its city: "London, Ont."."""
    if len(name) > MAX_ABBREVIATION or text[max(0, start - 2) : start] != ", ":
        return None
    states = regions_named(name)
    return known_state(states[0].name) if len(states) == 1 else None


def _is_name(name: str, label: str) -> bool:
    if not any(c.isalpha() for c in name):
        return False
    if label in ("PERSON", "GPE", "LOC", "NORP", "ORG") and not any(c.isupper() for c in name) and name.isascii():
        return False
    return not (label == "PERSON" and any(c.isdigit() for c in name)) and not _PAGE.fullmatch(name)


def _titled(number: int, passage: Passage, titles: list[tuple[int, int]]) -> list[Found]:
    """Names that follow a title, which the model often overlooks: "special envoy Ada de la Cruz"."""
    text = passage.cased
    found = []
    for _, title_end in titles:
        name = _NAME_AFTER_TITLE.match(text, title_end)
        if not name:
            continue
        start, end = name.span(1)
        start, end = spans.trimmed(text, start, end)
        first = text[start:end].split(" ", 1)[0] if end > start else ""
        token = passage.doc.char_span(start, start + len(first))
        proper = token is not None and all(t.pos_ == "PROPN" for t in token)
        if proper and may_begin_a_name(first) and not told_by_words(text[start:end]):
            found.append(Found(number, start, end, text[start:end], "PERSON", EntityType.PERSON))
    return found


def may_begin_a_name(word: str) -> bool:
    """Whether a word can be the first of a person's name: no title, no weekday, no country."""
    lower = word.lower()
    return (
        lower not in roles.title_words()
        and word not in name_words("last")
        and not word.endswith(("day", "."))
        and not look_up(word)
        and len(word) > 2
    )


def _titles(text: str) -> list[tuple[int, int]]:
    """Where titles stand, in any case, with a word after them."""
    small = text.lower()
    if len(small) != len(text):  # "İ" is two small letters
        small = text
    return [(start, end) for start, end, _ in _title_matcher().find(small) if text[end : end + 1].isspace()]


@cache
def _title_matcher() -> Matcher[str]:
    """Titles that stand directly before a name; the short and the ambiguous are left out."""
    unsure = ("private", "major", "general", "justice", "head", "metropolitan")
    return Matcher({title: title for title in roles.titles() if len(title) > 3 and title not in unsure})


def as_type(found: Found, kind: EntityType) -> Found:
    """The same place, read as another kind of thing."""
    return replace(found, type=kind, label=LABELS.get(kind, found.label), known=None, kind=MentionKind.NAME)
