"""Repairs the stretch of text that is a name: what does not belong to it goes, what belongs to it comes in.

All functions work on code points of a passage's text and know no model.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.model import EntityType
from pipeline.stages.tag.entities import roles
from pipeline.stages.tag.entities.gazetteer import look_up
from pipeline.stages.tag.entities.words import name_words
from pipeline.stages.tag.tables import words

_OUTSIDE = " \t\u00a0\"'“”‘’«»`*•·-–—,;:!?…/\\|<>=+_~#"
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\s?['’]\s?s?$")
_INNER_POSSESSIVE = re.compile(r"\s?['’]\s?s\s")
_DASH = re.compile(r"\s[-–—]{1,2}\s(?=[^\W\d_a-z])")
_COMMA = re.compile(r"\s?,\s(?=[^\W\d_a-z])")
_FIRM = words("Inc Inc. INC Ltd Ltd. Limited LLC Corp Corp. Co Co. PLC plc S.A. SA Jr Jr. Sr Sr. II III")
_CAPITALISED = r"[^\W\d_a-z][\w'’&.-]*"
_GIVEN_HYPHEN = re.compile(r"\s?-\s?[a-z]{2,7}(?![\w-])")
_NO_HYPHEN = words(
    "led era backed style based born like linked type owned run controlled held wide bound made inspired"
)
_OTHER_HALF = re.compile(rf"\s(?:and|&)\s(?:the\s)?({_CAPITALISED}(?:\s{_CAPITALISED}){{0,3}})")
_FIRST_HALF = re.compile(rf"(?:^|\s)(?:the|The)\s((?:{_CAPITALISED},?\s){{1,3}}and\s)$")
_INSIDE = words("of for the and - attorney general prime")
_FOR_TWO = words(
    "Authority Board Commission Ministry Department Committee Council Agency Office Administration Command"
)
_PARTY = re.compile(r"\sparty(?![\w-])")
_LINK = r"(?:of|for|on)\s(?:the\s)?"
MAX_CHARS = 80
"""How far a name is followed to either side."""

Stretch = tuple[int, int]


def parts(text: str, start: int, end: int, label: str) -> list[Stretch]:
    """The names that the model took for one: "Shanghai's Fudan University", "Haryana, Himachal Pradesh"."""
    for match in _INNER_POSSESSIVE.finditer(text, start, end):
        office = text[start : match.start()].lower() in roles.titles()
        if (label == "PERSON" and not office) or look_up(text[start : match.start()].removeprefix("the ")):
            return [(start, match.start()), *parts(text, match.end(), end, label)]
    for match in _DASH.finditer(text, start, end):
        if look_up(text[start : match.start()]):  # a dateline: "KUALA LUMPUR - William Ryrie"
            return [(start, match.start()), *parts(text, match.end(), end, label)]
    for match in _COMMA.finditer(text, start, end):
        rest = text[match.end() : end]
        if rest not in _FIRM and not re.search(r",? and |&", rest) and " of " not in text[start : match.start()]:
            return [(start, match.start()), *parts(text, match.end(), end, label)]
    return [(start, end)]


def trimmed(text: str, start: int, end: int) -> Stretch:
    """The span without quotes, punctuation and articles around it, and without a possessive ending."""
    while start < end and (text[start].isspace() or text[start] in _OUTSIDE + ").]}"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _OUTSIDE + "([{"):
        end -= 1
    article = _ARTICLE.match(text, start, end)
    if article and article.end() < end:
        start = article.end()
    possessive = _POSSESSIVE.search(text[start:end])
    if possessive:
        end = start + possessive.start()
    for opening, closing in ("()", "[]"):
        inside = text[start:end]
        if opening in inside and closing not in inside:
            end = start + len(inside[: inside.index(opening)].rstrip())
    return start, max(start, end)


def without_office(text: str, start: int, end: int) -> int:
    """The end of an organisation's name without the office that follows it: "Kenya Defence Forces Spokesperson"."""
    pieces = text[start:end].split(" ")
    while len(pieces) > 2 and pieces[-1].lower() in roles.titles() and pieces[-2].lower() not in _INSIDE:
        pieces.pop()
    return start + len(" ".join(pieces))


@cache
def _headed() -> re.Pattern[str]:
    """What stands before a name when it ends in words such as "Communist Party of"."""
    heads = "|".join(
        sorted(
            {
                word
                for position in ("first", "last")
                for word, told in name_words(position).items()
                if told.type == EntityType.ORGANISATION
            },
            key=len,
            reverse=True,
        )
    )
    return re.compile(rf"(?:^|(?<=\W))((?:{_CAPITALISED}\s){{0,3}}(?:{heads})\s{_LINK})$")


@cache
def _tailed() -> re.Pattern[str]:
    """Words such as "High Court", "County" after the name of a place."""
    tails = "|".join(sorted(name_words("last"), key=len, reverse=True))
    return re.compile(rf"(?:\s{_CAPITALISED}){{0,2}}?\s(?:{tails})(?![\w-])")


@cache
def _fronted() -> re.Pattern[str]:
    """Words such as "Lake" before the name of a place."""
    fronts = (word for word, told in name_words("first").items() if told.type == EntityType.PLACE)
    return re.compile(rf"(?:^|(?<=\W))(?:{'|'.join(sorted(fronts, key=len, reverse=True))})\s$")


def with_front(text: str, start: int) -> int:
    """Where a place begins that is named after what stands at ``start``: "Lake Chad"."""
    before = text[max(0, start - MAX_CHARS) : start]
    match = _fronted().search(before)
    return start - len(before) + match.start() if match else start


def with_head(text: str, start: int) -> int:
    """Where an organisation begins that is named after what stands at ``start``: "Bank of", "Ministry of the"."""
    before = text[max(0, start - MAX_CHARS) : start]
    match = _headed().search(before)
    if not match:
        return start
    begin = start - len(before) + match.start(1)
    article = _ARTICLE.match(text, begin, start)
    return article.end() if article else _without_opening(text, begin, start)


def _without_opening(text: str, begin: int, start: int) -> int:
    """Without a small word that only begins the sentence: "In Parliament of ...", "But Bank of ..."."""
    first = text[begin:start].split(" ", 1)[0]
    return begin + len(first) + 1 if first.lower() in roles.OPENINGS else begin


def with_tail(text: str, end: int) -> int:
    """Where an organisation ends that is named after the place that ends here: " Police", " High Court"."""
    match = _tailed().match(text, end, end + MAX_CHARS)
    return match.end() if match else end


def with_halves(text: str, start: int, end: int) -> Stretch:
    """An office for two things, of which the model saw one: "Roads and Transport Authority", "Ministry of X and Y"."""
    pieces = text[start:end].split(" ")
    if len(pieces) > 1 and pieces[-1] in _FOR_TWO:
        before = text[max(0, start - MAX_CHARS) : start]
        match = _FIRST_HALF.search(before)
        if match and not look_up(match.group(1).removesuffix(" and ")):
            return start - len(before) + match.start(1), end
    if len(pieces) > 2 and pieces[0] in name_words("first") and pieces[1] in ("of", "for"):
        match = _OTHER_HALF.match(text, end, end + MAX_CHARS)
        if match and not look_up(match.group(1)) and text[match.end() : match.end() + 1] not in ("'", "’"):
            return start, match.end()
    return start, end


def with_second_syllable(text: str, start: int, end: int) -> int:
    """The end of a person's name with the syllable that the model cut off: "Yoon Suk" + "-yeol"."""
    match = _GIVEN_HYPHEN.match(text, end)
    name = text[start:end].split(" ")
    short = len(name[-1]) <= 6 and (len(name) > 1 or len(name[-1]) <= 4)
    if match and short and match.group().strip(" -") not in _NO_HYPHEN:
        return match.end()
    return end


def with_party(text: str, end: int) -> int:
    """The end of a party's name with the word "party" in small letters: "Labour party"."""
    match = _PARTY.match(text, end)
    return match.end() if match else end
