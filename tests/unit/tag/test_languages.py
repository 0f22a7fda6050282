"""Another model than the English one: French, the second that is proven."""

import json
from dataclasses import replace

from pipeline.model import EntityType, MentionKind, Tagged, TaggedArticle
from pipeline.offline import record, tag_records
from pipeline.settings import Settings

FRENCH = (
    "La ministre Élodie Marchandeau a reçu mardi à Lyon le président de la Banque mondiale. Marchandeau a parlé des "
    "usines de Renault en Algérie, où les ouvriers sont en grève depuis le mois de mars. Le syndicat a promis de "
    "reprendre le travail si la direction retire son plan, selon un porte-parole cité par le quotidien Le Monde."
)
ENGLISH = (
    "The minister met the president of the World Bank in Lyon on Tuesday and spoke of the factories in Algeria, where "
    "workers have been on strike since March. The union promised to go back to work if the managers withdrew their "
    "plan, a spokesman said, and the firm asked for a week to think about what it could offer to them."
)


def tagged_in_french(body: str) -> TaggedArticle:
    settings = replace(Settings(), nlp_model="fr_core_news_sm")
    value = json.dumps({"id": "1", "headline": "", "body": body, "published_at": "2016-04-05T08:00:00Z"})
    [item] = tag_records([record(0, value.encode(), (("content-type", b"application/x-ndjson"),))], settings)
    assert isinstance(item, Tagged), item
    return item.article


def test_a_french_model_tags_french() -> None:
    article = tagged_in_french(FRENCH)
    found = {one.name: one for one in article.entities}
    assert (article.language, article.problems) == ("fr", ())
    assert found["Élodie Marchandeau"].type is EntityType.PERSON
    assert [mention.text for mention in found["Élodie Marchandeau"].mentions] == ["Élodie Marchandeau", "Marchandeau"]
    assert (found["Lyon"].type, found["Lyon"].country) == (EntityType.PLACE, "FRA")
    assert found["Algérie"].type is EntityType.PLACE
    assert article.provenance.nlp_model == "fr_core_news_sm"
    assert {mention.kind for one in article.entities for mention in one.mentions} == {MentionKind.NAME}


def test_dates_and_events_are_read_in_english_only() -> None:
    article = tagged_in_french(FRENCH)
    assert (article.dates, article.events) == ((), ())


def test_english_is_then_the_other_language() -> None:
    article = tagged_in_french(ENGLISH)
    assert (article.language, article.problems) == ("en", ("LANGUAGE_NOT_SUPPORTED",))
    assert {one.name for one in article.entities} >= {"World Bank", "Algeria"}
    assert (article.dates, article.events) == ((), ())


def test_a_short_text_counts_as_the_model_s_language() -> None:
    article = tagged_in_french("Les ministres sont à Vienne.")
    assert (article.language, article.problems) == ("fr", ())
