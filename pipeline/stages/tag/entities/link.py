"""Which thing of the world an entity is: identifiers, country and position, or none where the text leaves it open.

Better no identifier than a wrong one: a city is linked only above `cities.SURE`, a company by a name that is also a
word only where the words around it speak of a firm, a person only by the full name or by an office held on that day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.model import CleanArticle, EntityType, Identifier, MentionKind
from pipeline.stages.tag import aliases
from pipeline.stages.tag.countries import country_of, country_of_city
from pipeline.stages.tag.entities import evidence, merge, roles
from pipeline.stages.tag.entities.candidates import Found
from pipeline.stages.tag.entities.cities import choose_city, cities_named
from pipeline.stages.tag.entities.gazetteer import Known, known_state, look_up
from pipeline.stages.tag.entities.regions import regions_named
from pipeline.stages.tag.entities.territories import former_ids, territory_ids
from pipeline.stages.tag.entities.words import told_by_words

_AFTER_COMMA = re.compile(r", ([A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2})")
_CITY_BEFORE = re.compile(r"\b([A-Z][\w.]*(?: [A-Z]\w*)?), $")
_LIST_GOES_ON = re.compile(r",? (?:and|or) |, [A-Z]")
_STATES = (
    " state ",
    " state,",
    " state.",
    " State ",
    " State,",
    " State.",
    " State’s",
    " State's",
    " state’s",
    " state's",
    " province",
)
# Of the countries around it, so that an article that speaks of them means the country, not the state of the U.S.
_AROUND_GEORGIA = ("RUS", "ARM", "AZE", "UKR", "TUR")


@dataclass(frozen=True, slots=True)
class Context:
    """What an article says as a whole.

    Attributes:
        texts: of its passages.
        day: its date.
        countries: how often it names each country (ISO 3166-1 alpha-3).
        home: the country in which it was written.
        offices: the offices with their country of which it speaks without a name.
    """

    texts: Sequence[str]
    day: date | None
    countries: Mapping[str, float]
    home: str | None
    offices: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Link:
    """What is known of an entity. ``name`` None: as the article has it."""

    name: str | None = None
    ids: tuple[Identifier, ...] = ()
    country: str | None = None
    sector: str | None = None
    other_sectors: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None


def day_of(article: CleanArticle) -> date | None:
    """The day for which offices are asked: that of publication, else of the dateline."""
    moment = article.published_at or (article.dateline.date if article.dateline else None)
    return moment.at.date() if moment else None


def context(article: CleanArticle, texts: Sequence[str], groups: Sequence[Sequence[Found]]) -> Context:
    """What the linking of every entity of an article goes by."""
    countries: Counter[str] = Counter()
    for group in groups:
        known = group[0].known
        is_city = known and known.label == "GPE" and not known.iso2 and not known.key.startswith("region:")
        if known and known.country and not is_city:
            countries[known.country] += len(group)
    place = article.dateline.place if article.dateline else None
    home = (country_of(place) or country_of_city(place.title())) if place else None
    offices = Counter(pair for text in texts for pair in roles.spoken_of(text))
    return Context(texts, day_of(article), countries, home, offices)


def linked(group: Sequence[Found], about: Context) -> Link:
    """What is known of the thing that these places name."""
    first = merge.kinds(group)[0]
    known = first.known or next((one.known for one in group if one.known), None)
    if known and known.listed:
        return of_list(known.listed, about)
    if first.type == EntityType.PLACE:
        return _place(group, first, known, about)
    if known:
        return Link(known.name, known.ids, known.country, known.sector)
    if first.type == EntityType.ORGANISATION:
        return _company(group, about.texts)
    return Link()


def of_list(listed: aliases.Listed, about: Context) -> Link:
    """What a list says of it on the article's day, and below that what our other lists say of the same name."""
    other = look_up(listed.name)
    ids = listed.ids
    if other and other.type == listed.type and not other.listed:
        ids += tuple(one for one in _ids(other) if one not in ids)
    term = aliases.term_on(listed, about.day) if about.day else None
    if term is None and about.day and (past := aliases.former(listed, about.day)):
        others = (past.sector,) if past.sector else ()
        return Link(listed.name, ids, listed.country or past.country, "ELI" if others else None, others)
    country = listed.country or (term.country if term else None)
    return Link(listed.name, ids, country, term.sector if term else None)


def _ids(known: Known) -> tuple[Identifier, ...]:
    if not known.iso2:
        return known.ids
    return territory_ids(known.iso2)


def _place(group: Sequence[Found], first: Found, known: Known | None, about: Context) -> Link:
    if known and known.iso2:
        return _country(group, known, about)
    after = _land(group, about)
    state = _state(group, known or look_up(first.text), about) if after is None else None
    if state:
        return Link(state.name, state.ids, state.country)
    if known and known.label != "GPE":
        return Link(known.name, known.ids, known.country, known.sector)
    if known is None and (told_by_words(first.text) or first.label in ("LOC", "FAC")):
        return Link()
    country = known.country if known else None
    chosen = choose_city(first.text, after=after, countries=about.countries, article_country=about.home)
    if chosen is None:
        sure = len({city.country for city in cities_named(first.text)}) <= 1 and not after
        return Link(known.name if known else None, (), country if sure else None)
    city = chosen[0]
    name = known.name if known and country == city.country else None
    return Link(name, (Identifier("geonames", str(city.geonames_id)),), city.country, lat=city.lat, lon=city.lon)


def _state(group: Sequence[Found], known: Known | None, about: Context) -> Known | None:
    """The state or province of that name: where no city and no person has it, or "Washington state" is written."""
    called = any(about.texts[one.passage].startswith(_STATES, one.end) for one in group)
    if called:
        return known_state(group[0].text)
    if known is None or not known.key.startswith("region:"):
        return None
    return known if not known.ambiguous or about.countries.get(known.country or "", 0) else None


def _country(group: Sequence[Found], known: Known, about: Context) -> Link:
    if known.iso2 == "GE" and _is_the_state(group, about):
        state = known_state("Georgia")
        return Link(state.name, state.ids, state.country) if state else Link()
    after = _land(group, about)
    town = choose_city(known.name, after=after, countries={}, article_country=None) if after else None
    if town and len(group) == 1:  # "Lebanon, N.H."
        city = town[0]
        return Link(None, (Identifier("geonames", str(city.geonames_id)),), city.country, lat=city.lat, lon=city.lon)
    old = {ids for one in group if one.kind == MentionKind.NAME and (ids := former_ids(one.text))}
    if old:
        named = next(one.text for one in group if former_ids(one.text))
        return Link(named, old.pop(), known.country)
    return Link(known.name, territory_ids(known.iso2 or ""), known.country)


def _is_the_state(group: Sequence[Found], about: Context) -> bool:
    """Whether "Georgia" is the state of the U.S.: never where Georgians or a country around Georgia are spoken of."""
    if any(one.kind == MentionKind.NOMINAL for one in group):
        return False
    before = (_CITY_BEFORE.search(about.texts[one.passage][max(0, one.start - 30) : one.start]) for one in group)
    if any(
        city.country == "USA" and city.admin1 == "GA" for match in before if match for city in cities_named(match[1])
    ):
        return True
    around = sum(about.countries.get(country, 0) for country in _AROUND_GEORGIA)
    return about.countries.get("USA", 0) > around or (about.home == "USA" and not around)


def _land(group: Sequence[Found], about: Context) -> str | None:
    return next((land for one in group if (land := _land_after(one, about.texts))), None)


def _land_after(one: Found, texts: Sequence[str]) -> str | None:
    """The region or country after the comma: "Paris, Texas", "Cambridge, Mass."; not the next name of a list."""
    match = _AFTER_COMMA.match(texts[one.passage], one.end)
    if not match:
        return None
    land = match.group(1)
    if regions_named(land) and land.endswith("."):
        return land
    goes_on = _LIST_GOES_ON.match(texts[one.passage], match.end())
    return None if goes_on or not (regions_named(land) or country_of(land.rstrip("."))) else land.rstrip(".")


def _company(group: Sequence[Found], texts: Sequence[str]) -> Link:
    """A listed company by a name that is also a word or a person's."""
    known = look_up(merge.fullest([one.text for one in merge.kinds(group)]))
    if known is None or known.type != EntityType.ORGANISATION:
        return Link()
    if any(reason == "definite" for one in group for _, reason, _ in evidence.votes(one, texts[one.passage])):
        return Link()  # "the Amazon"
    return Link(known.name, known.ids, known.country, known.sector)


def _office(role: str) -> str:
    return role.lower().replace("defence", "defense").replace("-", " ")


def official(
    surname: str, title: str, about: Context, named: Mapping[str, Sequence[aliases.Listed]]
) -> aliases.Listed | None:
    """The one listed person of this surname who held such an office on the article's day: "President Putin"."""
    if about.day is None:
        return None
    holders = []
    for listed in named.get(surname, ()):
        term = aliases.term_on(listed, about.day)
        if term and _office(term.role) == _office(title):
            holders.append(listed)
    return holders[0] if len(holders) == 1 else None
