"""The batch: one result an article, in order; what fails, fails alone."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest
from tagging import MODEL, an_article, tagged

from pipeline.model import Action, Change, Coordinates, Failure, Field, Tagged
from pipeline.stages.tag import nlp, tagger
from pipeline.stages.tag.passages import MAX_PASSAGE_CHARS, MAX_WORD_CHARS, cut
from pipeline.stages.tag.tagger import Tagger

KAFKA = Coordinates("news.articles.raw", 3, 41, 42, 0)


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> type[Exception]:
    """The real model with one more step, which fails on texts that hold the word "poison"."""
    model = nlp.load(MODEL)
    real = model.nlp.pipe

    def pipe(texts: Iterable[str], **options: int) -> Iterator[object]:
        for doc in real(texts, **options):
            if "poison" in doc.text:
                raise ValueError("cannot parse this")
            yield doc

    monkeypatch.setattr(model.nlp, "pipe", pipe)
    return ValueError


def texts_of(results: list[Tagged | Failure]) -> list[str | None]:
    return ["failed" if isinstance(one, Failure) else one.article.body for one in results]


def test_no_articles_give_no_results() -> None:
    assert Tagger(MODEL, 1000).tag([]) == []


def test_results_come_in_the_order_of_the_articles() -> None:
    bodies = [f"Report number {n} came from Oslo." for n in range(7)]
    assert texts_of(Tagger(MODEL, 1000).tag([an_article(body) for body in bodies])) == bodies


@pytest.mark.parametrize("culprit", range(5))
@pytest.mark.usefixtures("poisoned")
def test_an_article_on_which_the_model_fails_does_not_take_others_with_it(culprit: int) -> None:
    bodies = [f"Report {n} came from Oslo.\nIt was short." for n in range(5)]
    bodies[culprit] += "\nThis is poison."
    results = Tagger(MODEL, 1000).tag([an_article(body) for body in bodies])
    expected: list[str] = [*bodies]
    expected[culprit] = "failed"
    assert texts_of(results) == expected
    assert all(one.article.entities for one in results if isinstance(one, Tagged))


@pytest.mark.usefixtures("poisoned")
def test_the_failure_says_what_happened() -> None:
    [failure] = Tagger(MODEL, 1000).tag([an_article("This is poison.", at=KAFKA)])
    assert isinstance(failure, Failure)
    assert (failure.stage, failure.problems[0].reason, failure.exception_class) == ("tag", "TAG_FAILED", "ValueError")
    assert failure.source.origin == "news.articles.raw/3/41/0"
    assert failure.trace is not None
    assert "cannot parse this" in failure.trace


def test_a_machine_without_memory_is_not_the_article_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(tagger, "find_dates", exhausted)
    with pytest.raises(MemoryError):
        Tagger(MODEL, 1000).tag([an_article("All is well.")])


@pytest.mark.parametrize(
    ("question", "problem"),
    [("find_entities", "ENTITIES_FAILED"), ("find_dates", "DATES_FAILED"), ("code_events", "EVENTS_FAILED")],
)
def test_a_question_that_fails_leaves_the_others(
    question: str, problem: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("Lindqvist resigned")

    monkeypatch.setattr(tagger, question, broken)
    with caplog.at_level(logging.INFO):
        article = tagged(an_article("Mikael Lindqvist of Sweden met Ana Torre on Monday.", at=KAFKA))
    assert article.problems == (problem,)
    assert bool(article.entities) == (problem != "ENTITIES_FAILED")
    assert bool(article.dates) == (problem != "DATES_FAILED")
    assert "news.articles.raw/3/41/0" in caplog.text
    assert "Lindqvist" not in caplog.text


def test_strict_makes_a_question_that_fails_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("nothing")

    monkeypatch.setattr(tagger, "find_dates", broken)
    [failure] = Tagger(MODEL, 1000, strict=True).tag([an_article("All is well.")])
    assert isinstance(failure, Failure)
    assert (failure.problems[0].reason, failure.exception_class) == ("DATES_FAILED", "KeyError")


@pytest.mark.parametrize("language", ["en", "en-GB", "und"])
def test_english_and_undetermined_text_is_tagged(language: str) -> None:
    article = tagged(an_article("The ministers met in Vienna.", language=language))
    assert article.entities
    assert article.problems == ()


def test_another_language_has_the_entities_of_our_lists_only() -> None:
    body = "Die Minister trafen her Angela Merkel in Berlin. Am 5. April 2016 griff Syria Damascus an."
    article = tagged(an_article(body, language="de"))
    found = [(one.name, one.type) for one in article.entities]
    assert {("Angela Merkel", "PERSON"), ("Berlin", "PLACE"), ("Syria", "PLACE")} <= set(found)
    assert {mention.kind for one in article.entities for mention in one.mentions} == {"NAME"}
    assert (article.dates, article.events) == ((), ())
    assert article.problems == ("LANGUAGE_NOT_SUPPORTED",)
    assert article.body == body


def test_text_beyond_the_limit_has_no_tags() -> None:
    body = "The ministers met in Vienna.\nThey then met in Lisbon."
    article = tagged(an_article(body), max_tagged_chars=28)
    assert [one.name for one in article.entities] == ["Vienna"]
    assert (article.problems, article.body) == (("TAGGED_PARTLY",), body)


def test_the_record_says_where_it_comes_from() -> None:
    article = tagged(an_article("All is well.", at=KAFKA, timestamp_ms=1_459_850_400_123))
    origin = article.provenance
    assert (origin.topic, origin.partition, origin.offset, origin.part) == ("news.articles.raw", 3, 41, 0)
    assert (origin.nlp_model, origin.nlp_model_version) == (MODEL, "3.8.0")
    assert all((origin.pipeline_version, origin.schema_version, origin.lexicon_version))
    assert article.received_at == datetime(2016, 4, 5, 10, 0, 0, 123_000, tzinfo=UTC)
    assert (article.revision, article.action, article.change) == (1, Action.PUBLISH, Change.NEW)
    assert article.processed_at.tzinfo == UTC


def test_offline_there_is_no_topic_and_no_time_of_receipt() -> None:
    article = tagged(an_article("All is well."))
    origin = article.provenance
    assert (origin.topic, origin.partition, origin.offset, article.received_at) == (None, None, None, None)


@pytest.mark.parametrize("timestamp_ms", [-1, 10**18])
def test_a_time_that_is_none_is_null(timestamp_ms: int) -> None:
    assert tagged(an_article("All is well.", at=KAFKA, timestamp_ms=timestamp_ms)).received_at is None


def test_an_article_without_text_has_no_tags() -> None:
    article = tagged(an_article("", headline=None))
    assert (article.body, article.entities, article.problems) == (None, (), ())


@pytest.mark.parametrize(
    "text",
    [
        "x" * 200_000,
        "." * 200_000,
        "((((" * 50_000,
        "-" * 999 + " " + "'" * 999,
        "a.b-c'd/" * 25_000,
        "日本" * 100_000,
        "$" * 200_000 + " in Vienna",
    ],
)
def test_a_text_without_spaces_comes_through(text: str) -> None:
    article = tagged(an_article(text))
    assert article.body == text
    assert set(article.problems) <= {"TAGGED_PARTLY"}


def test_what_stands_around_a_monstrous_word_is_tagged() -> None:
    article = tagged(an_article("The ministers met in Vienna. " + "x" * 5000 + " They then met in Lisbon."))
    assert [one.name for one in article.entities] == ["Vienna", "Lisbon"]
    assert article.problems == ("TAGGED_PARTLY",)


def test_pieces_are_paragraphs_and_say_where_they_stand() -> None:
    article = an_article("One.\n\n  \nTwo three.\n", headline="Head")
    assert cut(article, 1000) == (
        [(Field.HEADLINE, 0, "Head"), (Field.BODY, 0, "One."), (Field.BODY, 9, "Two three.")],
        True,
    )


def test_a_long_paragraph_is_cut_at_white_space() -> None:
    body = "word " * 50_000
    pieces, whole = cut(an_article(body), 10**6)
    assert whole
    assert all(len(text) <= MAX_PASSAGE_CHARS and not text.startswith(" ") for _, _, text in pieces)
    assert "".join(text for _, _, text in pieces) == body
    assert all(body[start : start + len(text)] == text for _, start, text in pieces)


def test_a_word_of_the_longest_length_is_kept() -> None:
    assert cut(an_article("x" * MAX_WORD_CHARS), 10**6) == ([(Field.BODY, 0, "x" * MAX_WORD_CHARS)], True)
    assert cut(an_article("x" * (MAX_WORD_CHARS + 1)), 10**6) == ([], False)


def test_an_unknown_model_stops_the_run() -> None:
    with pytest.raises(OSError, match="no_such_model"):
        Tagger("no_such_model", 1000).tag([an_article("All is well.")])
