"""Companies of the large share indices, out of the package pytickersymbols, whose data were gathered from Wikipedia.

The data mix companies up here and there (an entry "SES S.A." that is Smiths Group), so each entry is checked against
itself: its article's title must agree with its name, and its ticker with what its article says of the exchange.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

from pytickersymbols.indices_data import INDICES  # type: ignore[import-untyped]

from pipeline.model import Identifier
from pipeline.stages.tag.countries import countries, country_of
from pipeline.stages.tag.entities.city_data import named, without_accents
from pipeline.stages.tag.entities.regions import regions_named
from pipeline.stages.tag.entities.territories import iso3_of
from pipeline.stages.tag.entities.words import given_names
from pipeline.stages.tag.tables import rows


@dataclass(frozen=True, slots=True)
class Company:
    """A listed company.

    ``names`` mean it wherever they stand ("Apple Inc.", "Siemens"); ``context_names`` are words, people or places too
    ("Apple", "Ford") and mean it only if something else in the article says so. ``ids`` are its main ticker
    (``NASDAQ:AAPL``) and its ISIN, each only where the data agree. ``country`` is that of its head office, ISO 3166-1
    alpha-3.
    """

    name: str
    names: tuple[str, ...]
    context_names: tuple[str, ...]
    ids: tuple[Identifier, ...]
    country: str | None


# Yahoo's suffixes of the exchanges whose indices are in the data, under the codes that Google uses.
_EXCHANGES = {
    "AS": "AMS", "BR": "EBR", "PA": "EPA", "MC": "BME", "DE": "ETR", "L": "LON", "SW": "SWX", "T": "TYO", "HE": "HEL",
    "ST": "STO", "MI": "BIT",
}  # fmt: skip
_HOME = {
    "AMS": "NLD", "EBR": "BEL", "EPA": "FRA", "BME": "ESP", "ETR": "DEU", "LON": "GBR", "SWX": "CHE", "TYO": "JPN",
    "HEL": "FIN", "STO": "SWE", "BIT": "ITA", "NYSE": "USA", "NASDAQ": "USA",
}  # fmt: skip
_SUFFIX = re.compile(
    r",? (?:Incorporated|Inc\.?|Corporation|Corp\.?|plc|AG|SE|SA|S\.A\.?|N\.?V\.?|AB|Ltd\.?|Limited|LLC|Company|& Co\.?"
    r"|Co\.?|KGaA|SCA|S\.A\.F\.|Group|Holdings?|Worldwide)$"
)
_NOTE = re.compile(r" \([^)]*\)")


@cache
def companies() -> tuple[Company, ...]:
    """All companies, in the order of the data; no name belongs to two of them."""
    entries: dict[str, list[dict[str, Any]]] = {}
    for index in INDICES.values():
        for entry in index["companies"]:
            if _agrees(entry):
                entries.setdefault(_NOTE.sub("", entry["name"]), []).append(entry)
    found = [_company(name, group) for name, group in entries.items()]
    names = Counter(name for one in found for name in (*one.names, *one.context_names))
    ids = Counter(one for company in found for one in company.ids)
    return tuple(
        Company(
            one.name,
            tuple(name for name in one.names if names[name] == 1),
            tuple(name for name in one.context_names if names[name] == 1),
            tuple(item for item in one.ids if ids[item] == 1),
            one.country,
        )
        for one in found
    )


def _agrees(entry: Mapping[str, Any]) -> bool:
    """Whether an entry's name has a word, a beginning or the initials in common with the title of its article."""
    url = entry.get("metadata", {}).get("wikipedia_url")
    if not url:
        return True
    name = without_accents(_NOTE.sub("", entry["name"])).casefold()
    title = without_accents(unquote(url.rpartition("/")[2])).replace("_", " ").casefold()
    name_words, title_words = re.findall(r"\w\w+", name), re.findall(r"\w\w+", title)
    initials = {"".join(word[0] for word in name_words), "".join(word[0] for word in title_words)}
    same = {*name_words} & {*title_words} or initials & {*name_words, *title_words}
    return bool(same) or _letters(title).startswith(_letters(name)[:4])


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def _company(name: str, entries: list[dict[str, Any]]) -> Company:
    tickers = [ticker for entry in entries if (ticker := _ticker(entry))]
    isins = {isin for entry in entries for isin in entry.get("isins", ())}
    country = _country(entries, tickers, isins)
    home = [ticker for ticker in tickers if _HOME[ticker.partition(":")[0]] == country]
    ids = [Identifier("ticker", ticker) for ticker in (home or tickers)[:1]]
    if len(isins) == 1 and country and min(isins).startswith(countries()[country].iso2) and _is_isin(min(isins)):
        ids.append(Identifier("isin", min(isins)))
    safe: list[str] = []
    context: list[str] = []
    for form in _forms(name):
        use = _use(form, name)
        if use != "not":
            (context if use == "context" else safe).append(form)
    return Company(name, tuple(dict.fromkeys(safe)), tuple(dict.fromkeys(context)), tuple(ids), country)


def _forms(name: str) -> Iterator[str]:
    """The name, without "The", without one legal suffix after the other, and what the table adds; also unaccented."""
    forms = [name, name.removeprefix("The ")]
    while (shorter := _SUFFIX.sub("", forms[-1])) != forms[-1]:
        forms.append(shorter)
    forms += [other for company, other in _table() if company == name]
    for form in forms:
        yield form
        yield without_accents(form)


def _use(form: str, company: str) -> str:
    """What ``company_names.tsv`` says of a form; else ``context`` for what names a person or a place too."""
    told = _table().get((company, form)) or _table().get(("", form))
    if told:
        return told
    more = form in given_names() or country_of(form) or regions_named(form) or (" " not in form and named(form))
    return "context" if more or len(form) < 3 else "also"


@cache
def _table() -> dict[tuple[str, str], str]:
    return {(row["company"], row["name"]): row["use"] for row in rows("company_names.tsv")}


def _ticker(entry: Mapping[str, Any]) -> str | None:
    """Exchange and symbol, if the article's words about the exchange confirm it, or say nothing against it."""
    symbol, _, suffix = (entry.get("symbol") or "").partition(".")
    said = (entry.get("metadata", {}).get("traded_as") or "").replace("\xa0", " ")
    if not symbol:
        return None
    if suffix in _EXCHANGES:
        there = re.search(rf"(?<!\w){re.escape(symbol).replace('-', '[- ]')}(?!\w)", said)
        return f"{_EXCHANGES[suffix]}:{symbol}" if there or not said else None
    whole = re.escape(entry["symbol"])
    at = re.search(rf"\b(nyse|nasdaq)\W*{whole}(?!\w)", said, re.IGNORECASE)
    return f"{at.group(1).upper()}:{entry['symbol']}" if at else None


def _country(entries: list[dict[str, Any]], tickers: list[str], isins: set[str]) -> str | None:
    """The country that most of the data say; of equals that of the head office."""
    votes = [_country_in(entry.get("metadata", {}).get("headquarters") or "") for entry in entries[:1]]
    votes += [_country_in(entry.get("country") or "") for entry in entries[:1]]
    votes += [_HOME[ticker.partition(":")[0]] for ticker in tickers[:1]]
    votes += [iso3_of(isin[:2]) for isin in isins if len(isins) == 1]
    said = Counter(vote for vote in votes if vote)
    return said.most_common(1)[0][0] if said else None


def _country_in(text: str) -> str | None:
    """The country at the end of "Omaha, Nebraska" or of "Munich, Germany 48°8'N ..."."""
    last = _NOTE.sub("", re.split(r"\d+°", text)[0]).strip().rpartition(",")[2].strip()
    regions = regions_named(last)
    return regions[0].country if regions else country_of(last)


def _is_isin(text: str) -> bool:
    """Whether the check digit is right (ISO 6166: letters as two digits, then Luhn's sum)."""
    digits = "".join(str(int(char, 36)) for char in text)
    total = sum(sum(divmod(int(digit) * (1 + at % 2), 10)) for at, digit in enumerate(reversed(digits)))
    return len(text) == 12 and total % 10 == 0
