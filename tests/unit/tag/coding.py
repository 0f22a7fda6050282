"""Codes the events of a text, with the real model, and tells them in short."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tagging import PUBLISHED, an_article, tagged

from pipeline.model import Event

Told = tuple[str, list[str], list[str]]


def events(body: str, headline: str | None = None, *, published: date | None = PUBLISHED) -> tuple[Event, ...]:
    article = an_article(body, headline, published=published or PUBLISHED)
    if published is None:
        article = replace(article, published_at=None)
    return tagged(article).events


def one(body: str, *, published: date | None = PUBLISHED) -> Event:
    [event] = events(body, published=published)
    return event


def told(event: Event) -> Told:
    """Category (with its modes), actors and recipients."""
    kind = "/".join([str(event.type), *event.modes])
    return kind, [p.text for p in event.actors], [p.text for p in event.recipients]


def kinds(body: str) -> list[str]:
    return [told(event)[0] for event in events(body)]
