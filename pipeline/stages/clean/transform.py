"""The Beam side of `clean`."""

from __future__ import annotations

import apache_beam as beam

from pipeline.failures.guard import guarded
from pipeline.model import Article, CleanArticle, Dropped, Failure, Gap
from pipeline.observe import metrics
from pipeline.stages.clean import clean


class CleanArticles(beam.PTransform):
    """Every `Article` becomes a `CleanArticle`; all else passes."""

    def expand(self, items: beam.PCollection) -> beam.PCollection:
        return items | beam.Map(clean_article)


def clean_article(item: Article | Failure | Dropped | Gap) -> CleanArticle | Failure | Dropped | Gap:
    """Clean one article."""
    if not isinstance(item, Article):
        return item
    with metrics.timed("clean"):
        return guarded("clean", item.source, lambda: clean(item))
