"""Articles in, tagged articles out: runs the model over a batch and asks the three questions of each article."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar

from spacy.language import Language

from pipeline import __version__
from pipeline.avro import SCHEMA_VERSION
from pipeline.failures.reasons import MEANING, Reason
from pipeline.model import (
    Action,
    Change,
    CleanArticle,
    DateMention,
    Entity,
    Event,
    Failure,
    Problem,
    Provenance,
    Tagged,
    TaggedArticle,
)
from pipeline.observe.logs import about
from pipeline.stages.tag import nlp as models
from pipeline.stages.tag.aliases import AliasTable
from pipeline.stages.tag.dates import find_dates
from pipeline.stages.tag.entities import find_entities
from pipeline.stages.tag.entities.salience import with_salience
from pipeline.stages.tag.events import LEXICON_VERSION, Coding, code_events
from pipeline.stages.tag.nlp import Model
from pipeline.stages.tag.passage import Passage, ResolvedDate
from pipeline.stages.tag.passages import Piece, cut
from pipeline.stages.tag.recase import in_running_case

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_TIMESTAMP_MS = 253_402_300_799_999  # the year 9999
STAGE = "tag"
# How much text is held parsed at a time, and how much the model reads in one step. Its memory grows with the step: with
# 400,000 characters 1.5 GB, with 20,000 under .3 GB and as fast.
BATCH_CHARS = 200_000
MODEL_CHARS = 20_000

log = logging.getLogger(__name__)

T = TypeVar("T")
Listener = Callable[[CleanArticle, Coding], None]


@dataclass(frozen=True, slots=True)
class _Job:
    """An article, what the model shall parse of it, and what is known to be wrong with it."""

    article: CleanArticle
    pieces: tuple[Piece, ...]
    problems: tuple[str, ...]

    @property
    def is_supported(self) -> bool:
        """Whether the model knows the language; else the words are cut, and nothing more."""
        return Reason.LANGUAGE_NOT_SUPPORTED not in self.problems


@dataclass(frozen=True, slots=True)
class _Tags:
    entities: tuple[Entity, ...] = ()
    dates: tuple[DateMention, ...] = ()
    events: tuple[Event, ...] = ()


class _QuestionError(Exception):
    """With ``strict``: one of the questions failed on this article."""

    def __init__(self, reason: Reason, cause: Exception) -> None:
        super().__init__(f"{type(cause).__name__}: {cause}")
        self.reason, self.cause = reason, cause


@dataclass(frozen=True)
class Tagger:
    """Tags articles.

    Attributes:
        nlp_model: a spaCy model, as package name or path.
        max_tagged_chars: how many code points of an article are read; what is beyond is noted as TAGGED_PARTLY.
        strict: an article of which one question failed becomes a `Failure` instead of a record without those tags.
        table: the user's own names, which go before all others.
        listener: is told how the events of each article were coded; must keep nothing of the coding.
    """

    nlp_model: str
    max_tagged_chars: int
    strict: bool = False
    table: AliasTable | None = None
    listener: Listener | None = None

    def tag(self, articles: Sequence[CleanArticle]) -> list[Tagged | Failure]:
        """Tag articles: one result for each, in the same order.

        Raises:
            OSError: there is no such model.
        """
        model = models.load(self.nlp_model)
        nlp = model.nlp
        results: list[Tagged | Failure] = []
        for jobs in _grouped([self._job(article, nlp) for article in articles], _chars, BATCH_CHARS):
            # Without the zone the vocabulary keeps every word it ever saw. No Doc may leave it, and there is one at a
            # time: some runners work on two bundles at once.
            with model.lock, nlp.memory_zone():
                results += [
                    parsed if isinstance(parsed, Failure) else self._finish(job, parsed, model)
                    for job, parsed in _parse(jobs, nlp)
                ]
        return results

    def _job(self, article: CleanArticle, nlp: Language) -> _Job:
        if article.language != "und" and article.language.split("-")[0].lower() != nlp.lang:
            problems: tuple[str, ...] = (Reason.LANGUAGE_NOT_SUPPORTED,)
        else:
            problems = ()
        pieces, whole = cut(article, self.max_tagged_chars)
        return _Job(article, tuple(pieces), problems if whole else (*problems, Reason.TAGGED_PARTLY))

    def _finish(self, job: _Job, passages: Sequence[Passage], model: Model) -> Tagged | Failure:
        problems = list(job.problems)
        try:
            tags = self._ask(job.article, passages, problems, model.nlp.lang)
        except _QuestionError as error:
            return _failure(job.article, error.reason, error.cause)
        return Tagged(job.article.source, _record(job.article, tags, _provenance(job.article, model), problems))

    def _ask(self, article: CleanArticle, passages: Sequence[Passage], problems: list[str], language: str) -> _Tags:
        """The three questions. One that fails leaves its code in ``problems``; the others are still asked.

        Dates and events are read in English only.
        """
        entities: tuple[Entity, ...] = ()
        dates: tuple[ResolvedDate, ...] = ()
        events: tuple[Event, ...] = ()
        try:
            entities = find_entities(article, passages, self.table)
        except Exception as error:
            problems.append(self._problem(Reason.ENTITIES_FAILED, article, error))
        if language != "en" or Reason.LANGUAGE_NOT_SUPPORTED in problems:
            return _Tags(with_salience(entities, (), article.body))
        try:
            dates = find_dates(article, passages)
        except Exception as error:
            problems.append(self._problem(Reason.DATES_FAILED, article, error))
        try:
            coding = code_events(article, passages, entities, dates)
            events = coding.events
        except Exception as error:
            problems.append(self._problem(Reason.EVENTS_FAILED, article, error))
        else:
            if self.listener is not None:
                self.listener(article, coding)
        weighed = with_salience(entities, events, article.body)
        return _Tags(weighed, tuple(date.mention for date in dates), events)

    def _problem(self, reason: Reason, article: CleanArticle, error: Exception) -> str:
        """The code for ``problems``, unless this has to stop the record or the run."""
        if isinstance(error, MemoryError):
            raise error
        if self.strict:
            raise _QuestionError(reason, error) from error
        origin, name, places = article.source.origin, type(error).__name__, " <- ".join(_places(error))
        log.error(
            "%s: %s on %s at %s", reason, name, origin, places, extra=about(article.source.record.at, reason=reason)
        )
        log.debug("traceback of %s", origin, exc_info=error)  # its message may quote the article
        return reason


def _places(error: Exception) -> list[str]:
    """Where it was raised, innermost first, without any text of the article."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)]


def _chars(job: _Job) -> int:
    return sum(len(text) for _, _, text in job.pieces)


def _grouped(items: Sequence[T], size: Callable[[T], int], limit: int) -> Iterator[list[T]]:
    """Neighbours whose sizes sum up to at most ``limit``, or one that is larger."""
    group: list[T] = []
    total = 0
    for item in items:
        if group and total + size(item) > limit:
            yield group
            group, total = [], 0
        group.append(item)
        total += size(item)
    if group:
        yield group


def _parse(jobs: Sequence[_Job], nlp: Language) -> list[tuple[_Job, list[Passage] | Failure]]:
    """Run the model over all pieces at once; if it fails, find the culprit by halves."""
    pieces = [piece for job in jobs for piece in job.pieces]
    read = [job for job in jobs if job.is_supported]
    try:
        parsed = (
            doc
            for group in _grouped([text for job in read for text in in_running_case(job.pieces)], len, MODEL_CHARS)
            for doc in nlp.pipe(group, batch_size=len(group))
        )
        docs = [next(parsed) if job.is_supported else nlp.make_doc(text) for job in jobs for _, _, text in job.pieces]
    except MemoryError:
        raise
    except Exception as error:
        if len(jobs) == 1:
            return [(jobs[0], _failure(jobs[0].article, Reason.TAG_FAILED, error))]
        half = len(jobs) // 2
        return _parse(jobs[:half], nlp) + _parse(jobs[half:], nlp)
    passages = (Passage(field, start, doc, text) for (field, start, text), doc in zip(pieces, docs, strict=True))
    return [(job, list(islice(passages, len(job.pieces)))) for job in jobs]


def _failure(article: CleanArticle, reason: Reason, error: Exception) -> Failure:
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    message = f"{MEANING[reason][2]} ({name}: {error})"
    trace = "".join(traceback.format_exception(error))
    return Failure(article.source, STAGE, (Problem(reason, message),), name, trace)


def _provenance(article: CleanArticle, model: Model) -> Provenance:
    at = article.source.record.at
    kafka = at.topic != ""  # offline there is no topic
    return Provenance(
        pipeline_version=__version__,
        schema_version=SCHEMA_VERSION,
        nlp_model=model.name,
        nlp_model_version=model.version,
        lexicon_version=LEXICON_VERSION,
        topic=at.topic if kafka else None,
        partition=at.partition if kafka else None,
        offset=at.offset if kafka else None,
        part=article.source.part,
    )


def _record(article: CleanArticle, tags: _Tags, provenance: Provenance, problems: Sequence[str]) -> TaggedArticle:
    return TaggedArticle(
        id=article.id,
        version=article.version,
        revision=1,
        action=Action.PUBLISH,
        change=Change.NEW,
        headline=article.headline,
        body=article.body or None,
        byline=article.byline,
        language=article.language,
        source=article.provider,
        url=article.url,
        dateline=article.dateline,
        urgency=article.urgency,
        published_at=article.published_at,
        updated_at=article.updated_at,
        received_at=_time(article.source.record.timestamp_ms),
        processed_at=datetime.now(UTC),
        embargo_until=article.embargo_until,
        copy_of=None,
        entities=tags.entities,
        dates=tags.dates,
        events=tags.events,
        provenance=provenance,
        problems=(*article.problems, *problems),
    )


def _time(timestamp_ms: int | None) -> datetime | None:
    """A Kafka timestamp; None where there is none (-1) or none that a calendar holds."""
    if timestamp_ms is None or not 0 <= timestamp_ms <= MAX_TIMESTAMP_MS:
        return None
    return EPOCH + timedelta(milliseconds=timestamp_ms)
