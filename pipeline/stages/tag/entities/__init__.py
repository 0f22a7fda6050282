"""Who and what an article speaks of: one entity for each real thing, with all the places where it is named.

The model proposes names (`candidates`), tables and titles correct and add to them (`gazetteer`, `roles`), names once
found are looked for again (`again`), and what names the same thing is merged (`merge`).

Demonyms: the adjective ("Russian talks", "the French") is a NOMINAL mention of the country's PLACE; the plural of the
people ("Russians", "Britons") is a GROUP of its own, with the country's code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.model import CleanArticle, Entity, EntityType, Field, Identifier, Mention
from pipeline.stages.tag.entities import merge, roles
from pipeline.stages.tag.entities.again import with_repeats
from pipeline.stages.tag.entities.candidates import Found, of_passage
from pipeline.stages.tag.entities.gazetteer import scan
from pipeline.stages.tag.entities.words import told_by_words
from pipeline.stages.tag.passage import Passage
from pipeline.stages.tag.tables import words

# Of whom the press also writes "the Syrian leader".
HEADS = words("president king premier chancellor emir sultan") | {"prime minister"}


def find_entities(article: CleanArticle, passages: Sequence[Passage]) -> tuple[Entity, ...]:
    """Find the entities of an article.

    Args:
        article: the article the passages are of.
        passages: its parsed headline and paragraphs, in text order.

    Returns:
        One entity for each thing, in order of first mention; mentions in text order, spans in code points of the
        record's headline or body.
    """
    texts = [passage.cased for passage in passages]
    found = merge.settled(
        [one for number, passage in enumerate(passages) for one in of_passage(number, passage)], texts
    )
    found = with_repeats(found, passages)
    groups = merge.grouped(found, texts)
    most = max((len(group) for group in groups), default=1)
    offices = Counter(pair for text in texts for pair in roles.spoken_of(text))
    return tuple(_entity(group, passages, most, offices) for group in groups)


def _entity(
    group: Sequence[Found], passages: Sequence[Passage], most: int, offices: Counter[tuple[str, str]]
) -> Entity:
    first = merge.kinds(group)[0]
    known = first.known
    if first.type == EntityType.PERSON:
        country, sector, others = _office(group, passages, offices)
    elif known:
        country, sector, others = known.country, known.sector, ()
    else:
        country, sector, others = _affiliation(group, passages)
    name = known.name if known else merge.fullest([one.text for one in merge.kinds(group)])
    ids = (Identifier("iso3166", known.iso2),) if known and known.iso2 else ()
    return Entity(
        type=first.type,
        label=Counter(one.label for one in merge.kinds(group)).most_common(1)[0][0],
        name=name,
        mentions=tuple(_mention(one, passages) for one in group),
        ids=ids,
        country=country,
        sector=sector,
        other_sectors=others,
        salience=_salience(group, passages, most),
    )


def _mention(one: Found, passages: Sequence[Passage]) -> Mention:
    span = passages[one.passage].span(one.start, one.end)
    return Mention(span.field, span.start, span.end, span.text, one.kind)


def _office(
    group: Sequence[Found], passages: Sequence[Passage], offices: Counter[tuple[str, str]]
) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Country, sector and other sectors of a person, from the titles around the name."""
    found = []
    for one in group:
        text = passages[one.passage].cased
        found += [role for role in (roles.role_before(text, one.start), roles.role_after(text, one.end)) if role]
    titled = [role for role in found if role.sector]
    sector = titled[0].sector if titled else None
    country = next((role.country for role in [*titled, *found] if role.country), None)
    if country is None and titled:
        country = _country_of_office(titled[0].title, offices)
    if titled and titled[0].former and sector:
        return country, "ELI", (sector,)
    return country, sector, ()


def _country_of_office(title: str, offices: Counter[tuple[str, str]]) -> str | None:
    """A "President X" is of the one country whose president, or leader, the article speaks of elsewhere."""
    leads = "leader" if title in HEADS else title
    countries = {country for office, country in offices if office in (title, leads)}
    return countries.pop() if len(countries) == 1 else None


def _affiliation(group: Sequence[Found], passages: Sequence[Passage]) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Country and sector of what no table knows: from the words of its name, and a country directly before it."""
    country = None
    for one in group:
        inside = [known for _, _, known in scan(one.text) if known.country]
        role = roles.role_before(passages[one.passage].cased, one.start)
        country = country or (inside[0].country if inside else None) or (role.country if role else None)
    word = next((w for w in (told_by_words(one.text) for one in group) if w), None)
    return country, word.sector if word and group[0].type == EntityType.ORGANISATION else None, ()


def _salience(group: Sequence[Found], passages: Sequence[Passage], most: int) -> float:
    """0 to 1: in the headline .4, in the first paragraph .2, and up to .4 for how often it is named."""
    fields = {passages[one.passage].field for one in group}
    body = next((n for n, passage in enumerate(passages) if passage.field == Field.BODY), 0)
    leads = any(one.passage == body and passages[one.passage].field == Field.BODY for one in group)
    return round(0.4 * (Field.HEADLINE in fields) + 0.2 * leads + 0.4 * len(group) / most, 3)
