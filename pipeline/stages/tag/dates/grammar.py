"""What a date looks like in English news. Patterns only: what they mean is said in `resolve`."""

from __future__ import annotations

import re

from pipeline.model import Precision

_MONTHS = (
    "January|Jan",
    "February|Feb",
    "March|Mar",
    "April|Apr",
    "May",
    "June|Jun",
    "July|Jul",
    "August|Aug",
    "September|Sept|Sep",
    "October|Oct",
    "November|Nov",
    "December|Dec",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)

MONTH_NUMBER = {
    form: number
    for number, names in enumerate(_MONTHS, 1)
    for name in names.split("|")
    for form in (name, name.upper())
}
FULL_MONTHS = frozenset(form for names in _MONTHS for form in (names.split("|")[0], names.split("|")[0].upper()))
WEEKDAY_NUMBER = {form: number for number, name in enumerate(_WEEKDAYS) for form in (name, name.upper())}
NUMBER = {word: number for number, word in enumerate(_NUMBERS.split())} | {"a": 1, "an": 1}
UNIT = {"day": Precision.DAY, "week": Precision.WEEK, "month": Precision.MONTH, "year": Precision.YEAR}

_MONTH = rf"(?P<month>{'|'.join(sorted(MONTH_NUMBER, key=len, reverse=True))})\b\.?"
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAY_NUMBER)})"
_ANY_WEEKDAY = rf"(?:{'|'.join(WEEKDAY_NUMBER)})"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_RANGE = r"(?:\s?(?:-|–|to|and|through)\s?(?P<last>[0-3]?\d)(?:st|nd|rd|th)?)?"
_YEAR = r"(?P<year>1[5-9]\d\d|20\d\d)"
_OF_YEAR = r"(?:,? (?:of )?(?P<which>last|this|next) year)?"
# A number that goes on, or counts something, is no day and no year.
_NO_MORE = r"(?![\w%]|[.,:/-]\d| (?:percent|per cent|pct|million|billion|mln|bln|people|points)\b)"
_COUNT = rf"(?P<count>an?|\d{{1,3}}|{'|'.join(_NUMBERS.split()[1:])})"
_UNIT = r"(?P<unit>day|week|month|year)"

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?<![\w.,/:-])(?:{pattern})"))
    for name, pattern in (
        ("iso", rf"{_YEAR}-(?P<number>[01]\d)-(?P<day>[0-3]\d){_NO_MORE}"),
        ("numeric", rf"(?P<first>[0-3]?\d)(?P<by>[/.])(?P<second>[0-3]?\d)(?P=by){_YEAR}{_NO_MORE}"),
        ("day", rf"(?:{_ANY_WEEKDAY},? )?{_DAY}{_RANGE}(?: of)? {_MONTH}(?:,? {_YEAR}{_NO_MORE}|{_OF_YEAR})(?!\w)"),
        ("day", rf"(?:{_ANY_WEEKDAY},? \(?)?{_MONTH} {_DAY}{_RANGE}{_NO_MORE}(?:,? {_YEAR}{_NO_MORE}|{_OF_YEAR})"),
        ("month", rf"{_MONTH},?(?: of)? {_YEAR}{_NO_MORE}"),
        ("month", rf"(?:(?P<turn>last|this|next|past) )?{_MONTH}{_OF_YEAR}(?!\w|-\w)"),
        ("year", rf"{_YEAR}{_NO_MORE}(?![-–]\d|['’]?\s?s\b)"),
        ("weekday", rf"(?:(?i:(?P<turn>last|this|next|past|coming)) )?{_WEEKDAY}(?!\w|-\w)"),
        ("near", r"(?i:(?P<near>the day before yesterday|the day after tomorrow|today|yesterday|tomorrow|tonight"
                 r"|last night|this (?:morning|afternoon|evening)))(?![\w-])"),
        ("turn", r"(?i:(?P<turn>last|this|next) (?P<unit>weekend|week|month|year))(?![\w-])"),
        ("count", rf"(?i:{_COUNT} {_UNIT}s? (?P<way>ago|earlier|later|before that|after that|from now))(?![\w-])"),
        ("apart", rf"(?i:{_COUNT} {_UNIT}s? (?P<side>after|before))(?![\w-])"),
        ("step", r"(?i:(?:on )?the (?:next|following) (?P<unit>day|week|month|year))(?![\w-])"),
        ("ahead", rf"(?i:in {_COUNT} {_UNIT}s?(?: time|['’]s? time)?)(?![\w-])"),
    )
)  # fmt: skip

# Before a month or a year that stands alone: then it is a time, and not the verb "may", a name or a number.
LEADS_TO_TIME = re.compile(
    r"\b(?:in|since|by|until|till|before|after|during|from|of|through|throughout|to|between|and|around|about|circa"
    r"|early|late|mid|mid-|earlier|later|back|for|as of) ?$",
    re.IGNORECASE,
)
# The last week, in the last year: a stretch of time that ends now, not the week before.
A_STRETCH = re.compile(r"\b(?:the|its|his|her|their|our|my)(?: very)? $", re.IGNORECASE)
# A stretch that begins now ("over the next year"), or a day that is of something ("the next day of talks").
STRETCHES = re.compile(r"\b(?:over|for|in|within|during|of|through|into|by) $", re.IGNORECASE)
REPEATED = re.compile(r"\b(?:every|each|most|any|all) $", re.IGNORECASE)
# Days and months in names.
NAMED_BEFORE = re.compile(
    r"\b(?:Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Miss|Black|Good|Bloody|Ash|Palm|Easter|Super|Cyber|Fat|Holy|USA|Russia|Saudi) $"
)
NAMED_AFTER = re.compile(r" (?:Times|Telegraph|Mail|Mirror|Express|Herald|Post|Observer|Night Live|Review|School)\b")
SEPTEMBER_11 = re.compile(r",? (?:terror|attack|hijack|commission)", re.IGNORECASE)
