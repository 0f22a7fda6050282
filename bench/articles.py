"""Articles for the benchmarks: made up from a seed, so that nothing has to be downloaded, or lines of a file.

They read like a wire as far as the machine is concerned: 2 to 3 KB, several sentences a paragraph, quotes, titles,
dates of every form, and surnames that never end, so that the vocabulary grows as on a real wire.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

import orjson

BODY_CHARS = (2_000, 3_000)
FIRST_DAY = datetime.fromisoformat("2021-01-04T06:00:00+00:00")


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


FIRST = _list(
    "Anna|Peter|Miriam|Omar|Helena|Josef|Ines|Tariq|Clara|Boris|Yuki|Samuel|Leila|Viktor|Nadia|Paul|Rosa|Ivan"
)
SYLLABLES = _list("ba|bel|cor|dan|der|el|fa|gor|hal|in|jov|ka|lin|mar|ne|or|pet|qua|ren|sa|tov|ul|ven|wil|ya|zel")
ENDINGS = _list("son|ov|ski|man|er|ez|ini|dal")
TITLES = _list(
    "Foreign Minister|President|Prime Minister|Defence Secretary|Ambassador|General|Interior Minister|Senator"
)
PLACES = _list(
    "Geneva|Nairobi|Lima|Ankara|Warsaw|Manila|Cairo|Bogota|Vienna|Jakarta|Tbilisi|Lagos|Oslo|Kabul|Seoul|Minsk"
)
COUNTRIES = _list(
    "Kenya|Peru|Turkey|Poland|Egypt|Colombia|Austria|Indonesia|Georgia|Nigeria|Norway|South Korea|Belarus"
)
BODIES = _list(
    "the United Nations|the European Union|the World Bank|the Red Cross|the African Union|the central bank|NATO|"
    "the Supreme Court|the miners' union|the finance ministry|the port authority"
)
DATES = _list(
    "on Monday|on Tuesday|last week|in February|last month|on March 24|a year ago|yesterday|on Friday morning|"
    "early on Sunday|in 2019|two weeks ago|next Thursday|earlier this year"
)
GOODS = _list("wheat|copper|natural gas|medicine|fuel|rice|steel|drinking water|fertiliser|spare parts")

# What a sentence is made of is in braces; `_words` has a maker for each name.
SENTENCES = (
    "{title} {person} met {person} of {body} in {place} {date} for talks on the border with {country}.",
    "Police in {place} arrested {number} people {date} after protesters threw stones at the offices of {body}.",
    '"We will not accept these terms," {surname} told reporters in {place}, adding that the offer came too late.',
    "{country} and {country} signed an agreement {date} under which {number} tonnes of {goods} will be delivered.",
    "At least {number} people were killed and {number} wounded when rebels attacked a convoy near {place} {date}.",
    "{body_start} said {date} it would send {number} tonnes of {goods} to {country}, where prices have doubled.",
    "Thousands of teachers marched through {place} {date} to demand the resignation of {title} {person}.",
    "The government of {country} rejected a request by {body} to withdraw its troops from the north.",
    "{person}, who has led the delegation since {date_year}, accused {country} of shelling two villages.",
    "Shares in the company fell {percent} percent {date} after {surname} denied a merger worth ${number} million.",
    "A spokesman for {body}, {person}, declined to comment on the letter, which was seen by two diplomats in {place}.",
    "{title} {surname} is expected to travel to {place} {date}, officials who asked not to be named said.",
    "Lawmakers in {country} voted {number} to {number} {date} to extend sanctions against {country} until December.",
    "Before the ceasefire, soldiers had blocked the road from {place} to {place} for {number} days.",
    "The two sides agreed {date} to release {number} prisoners, according to {body}.",
    "Heavy rain delayed the delivery of {goods}, and aid workers in {place} warned of shortages in the coming weeks.",
)
HEADLINES = (
    "{country}, {country} sign accord on {goods}",
    "Police arrest {number} after protest in {place}",
    "{surname} rejects offer as talks in {place} resume",
    "Rebels attack convoy near {place}, {number} dead",
    "{country} sends troops to border with {country}",
)


def made_up(count: int, seed: int = 1, body_chars: tuple[int, int] = BODY_CHARS) -> Iterator[bytes]:
    """The first ``count`` articles of a seed, as lines of flat JSON without the line break.

    ``body_chars`` says how long, in code points: between the one and the other, to the end of a paragraph.
    """
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    for number in range(count):
        yield orjson.dumps(
            {
                "id": f"bench-{seed}-{number}",
                "version": "1",
                "headline": _filled(chance, HEADLINES),
                "body": _body(chance, body_chars),
                "language": "en",
                "source": "bench",
                "published_at": (FIRST_DAY + timedelta(minutes=7 * number)).isoformat(),
            }
        )


def of_file(path: Path, count: int) -> Iterator[bytes]:
    """The first ``count`` lines of a file of flat JSON, from the beginning again where it has fewer."""
    lines = [line for line in path.read_bytes().split(b"\n") if line.strip()]
    return islice(cycle(lines), count)


def _body(chance: random.Random, body_chars: tuple[int, int]) -> str:
    paragraphs: list[str] = []
    wanted = chance.randint(*body_chars)
    while sum(map(len, paragraphs)) < wanted:
        paragraphs.append(" ".join(_filled(chance, SENTENCES) for _ in range(chance.randint(1, 3))))
    place = chance.choice(PLACES).upper()
    return "\n".join([f"{place} (Bench) - {paragraphs[0]}", *paragraphs[1:]])


def _filled(chance: random.Random, patterns: tuple[str, ...]) -> str:
    text = chance.choice(patterns)
    while "{" in text:
        before, rest = text.split("{", 1)
        name, after = rest.split("}", 1)
        text = before + _words(chance, name) + after
    return text


def _words(chance: random.Random, name: str) -> str:
    surname = "".join(chance.choices(SYLLABLES, k=2)).capitalize() + chance.choice(ENDINGS)
    body = chance.choice(BODIES)
    made = {
        "person": f"{chance.choice(FIRST)} {surname}",
        "surname": surname,
        "title": chance.choice(TITLES),
        "place": chance.choice(PLACES),
        "country": chance.choice(COUNTRIES),
        "body": body,
        "body_start": body[0].upper() + body[1:],
        "date": chance.choice(DATES),
        "date_year": str(chance.randint(2008, 2020)),
        "goods": chance.choice(GOODS),
        "number": str(chance.randint(2, 950)),
        "percent": f"{chance.uniform(0.2, 9):.1f}",
    }
    return made[name]
