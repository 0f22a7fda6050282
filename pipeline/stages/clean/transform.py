"""The Beam side of `clean`."""

from __future__ import annotations

import apache_beam as beam

from pipeline.failures.guard import guarded
from pipeline.model import Article, CleanArticle, Dropped, Failure, Gap
from pipeline.observe import metrics
from pipeline.settings import Settings
from pipeline.stages.clean import clean
from pipeline.stages.clean.language import language_of_model


class CleanArticles(beam.PTransform):
    """Every `Article` becomes a `CleanArticle`; all else passes."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._nlp_model = settings.nlp_model

    def expand(self, items: beam.PCollection) -> beam.PCollection:
        return items | beam.Map(clean_article, self._nlp_model)


def clean_article(item: Article | Failure | Dropped | Gap, nlp_model: str) -> CleanArticle | Failure | Dropped | Gap:
    """Clean one article."""
    if not isinstance(item, Article):
        return item
    of_model = language_of_model(nlp_model)  # outside the guard: a missing model is no fault of the article
    with metrics.timed("clean"):
        return guarded("clean", item.source, lambda: clean(item, of_model))
