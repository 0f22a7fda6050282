"""Who and what an article speaks of: one entity for each real thing, with all the places where it is named.

The steps: the model proposes names, whose spans are repaired (`spans`), tables and titles correct and add to them
(`candidates`, `gazetteer`, `roles`); all places of a name vote on its kind (`kinds`, `evidence`); names once found are
looked for again (`again`); what names the same thing is merged (`people`, `merge`), also where it is meant without its
name (`nominal`); and what is known of it is looked up (`link`). `salience` comes after the events.

Demonyms: the adjective ("Russian talks", "the French") is a NOMINAL mention of the country's PLACE; the plural of the
people ("Russians", "Britons") is a GROUP of its own, with the country's code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.model import CleanArticle, Entity, EntityType, Mention, MentionKind
from pipeline.stages.tag.aliases import AliasTable
from pipeline.stages.tag.entities import kinds, link, merge, roles
from pipeline.stages.tag.entities.again import with_repeats
from pipeline.stages.tag.entities.candidates import Found, of_passage
from pipeline.stages.tag.entities.gazetteer import officials_by_surname, scan
from pipeline.stages.tag.entities.nominal import with_nominals
from pipeline.stages.tag.entities.words import told_by_words
from pipeline.stages.tag.passage import Passage
from pipeline.stages.tag.tables import words

# Of whom the press also writes "the Syrian leader".
HEADS = words("president king premier chancellor emir sultan") | {"prime minister"}


def find_entities(
    article: CleanArticle, passages: Sequence[Passage], table: AliasTable | None = None
) -> tuple[Entity, ...]:
    """Find the entities of an article.

    Args:
        article: the article the passages are of.
        passages: its parsed headline and paragraphs, in text order.
        table: the user's own names, which go before all others.

    Returns:
        One entity for each thing, in order of first mention; mentions in text order, spans in code points of the
        record's headline or body.
    """
    texts = [passage.cased for passage in passages]
    day = link.day_of(article)
    found = kinds.settled(
        [one for number, passage in enumerate(passages) for one in of_passage(number, passage, table, day)], texts
    )
    found = with_repeats(found, passages)
    if not any(passage.doc.has_annotation("TAG") for passage in passages):
        found = [one for one in found if _is_sure_unread(one)]
    groups = merge.grouped(found, texts)
    if any(passage.doc.lang_ == "en" and passage.doc.has_annotation("TAG") for passage in passages):
        groups = with_nominals(groups, passages)
    about = link.context(article, texts, groups)
    return tuple(_entity(group, passages, about) for group in groups)


def _is_sure_unread(one: Found) -> bool:
    """Whether a name of our lists means the same in a text that the model has not read: peoples and firms may not."""
    return one.type != EntityType.GROUP and not (one.known and one.known.key.startswith("company:"))


def _entity(group: Sequence[Found], passages: Sequence[Passage], about: link.Context) -> Entity:
    first = merge.kinds(group)[0]
    known = link.linked(group, about)
    others = known.other_sectors
    if first.type == EntityType.PERSON:
        known, others = _person(group, known, about)
    elif not known.country or (first.type == EntityType.ORGANISATION and not known.sector):
        country, sector = _affiliation(group, about.texts)
        known = replace(known, country=known.country or country, sector=known.sector or sector)
    return Entity(
        type=first.type,
        label=Counter(one.label for one in merge.kinds(group)).most_common(1)[0][0],
        name=known.name or merge.fullest([one.text for one in merge.kinds(group)]),
        mentions=tuple(_mention(one, passages) for one in group),
        ids=known.ids,
        country=known.country,
        sector=known.sector,
        other_sectors=others,
        lat=known.lat,
        lon=known.lon,
    )


def _mention(one: Found, passages: Sequence[Passage]) -> Mention:
    span = passages[one.passage].span(one.start, one.end)
    return Mention(span.field, span.start, span.end, span.text, one.kind)


def _person(group: Sequence[Found], known: link.Link, about: link.Context) -> tuple[link.Link, tuple[str, ...]]:
    """What is known of a person, and the other sectors: by the titles around the name and by the list of officials."""
    found = []
    for one in merge.kinds(group):
        text = about.texts[one.passage]
        found += [role for role in (roles.role_before(text, one.start), roles.role_after(text, one.end)) if role]
    titled = [role for role in found if role.sector]
    if not known.name and found:
        known = _official(group, found, about) or known
    sector = (titled[0].sector if titled else None) or known.sector
    country = known.country or next((role.country for role in [*titled, *found] if role.country), None)
    if country is None and titled:
        country = _country_of_office(titled[0].title, about.offices)
    if titled and titled[0].former and sector:
        return replace(known, country=country, sector="ELI"), (sector,)
    others = known.other_sectors if sector == known.sector else ()
    return replace(known, country=country, sector=sector), others


def _official(group: Sequence[Found], found: Sequence[roles.Role], about: link.Context) -> link.Link | None:
    """The official who is named by office and surname alone: "President Putin"."""
    names = {one.text for one in group if one.kind == MentionKind.NAME}
    surnames = {name.split()[-1] for name in names}
    if len(surnames) == 1 and all(" " not in name for name in names):
        surname = surnames.pop()
        for role in found:
            person = link.official(surname, role.title, about, officials_by_surname()) if role.title else None
            if person and (not role.country or not person.country or role.country == person.country):
                return link.of_list(person, about)
    return None


def _country_of_office(title: str, offices: Mapping[tuple[str, str], int]) -> str | None:
    """A "President X" is of the one country whose president, or leader, the article speaks of elsewhere."""
    leads = "leader" if title in HEADS else title
    countries = {country for office, country in offices if office in (title, leads)}
    return countries.pop() if len(countries) == 1 else None


def _affiliation(group: Sequence[Found], texts: Sequence[str]) -> tuple[str | None, str | None]:
    """Country and sector of what no table knows: from the words of its name, and a country directly before it."""
    country = None
    for one in group:
        inside = [known for _, _, known in scan(one.text) if known.country]
        role = roles.role_before(texts[one.passage], one.start)
        country = country or (inside[0].country if inside else None) or (role.country if role else None)
    word = next((w for w in (told_by_words(one.text) for one in group) if w), None)
    return country, word.sector if word and group[0].type == EntityType.ORGANISATION else None
