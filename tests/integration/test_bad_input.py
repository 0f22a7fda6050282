"""Bad input through the real command: each ends as its code says, the neighbours are tagged, the exit code is 3."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest
from desk import JSONL, NINJS, TEXT, Desk, Input, article, header
from kafka.consumer.fetcher import ConsumerRecord
from spacy.language import Language

from pipeline.broker.embedded import EmbeddedBroker
from pipeline.model import TaggedArticle
from pipeline.reader import decode_value
from pipeline.settings import DEFAULTS
from pipeline.stages.tag import nlp as models

WORDS = "It was mild in Geneva, with a light wind from the lake and a little cloud in the evening. "

# What it is: headers, value, the code of its dead letter.
DEAD = {
    "an empty record": (JSONL, b"", "EMPTY_RECORD"),
    "a tombstone": (JSONL, None, "TOMBSTONE"),
    "invalid JSON": (JSONL, b'{"id": "x", "body": "cut off', "INVALID_JSON"),
    "JSON that is no article": (JSONL, b'{"temperature": 21.5}', "NOT_AN_ARTICLE"),
    "JSON that is no object": (NINJS, b"42", "NOT_AN_ARTICLE"),
    "a wrong type in a field": (JSONL, b'{"id": "x", "headline": "H", "body": ["a", "list"]}', "WRONG_TYPE"),
    "no text": (JSONL, b'{"id": "x", "headline": " ", "body": ""}', "NO_TEXT"),
    "no id": (JSONL, b'{"headline": "H", "body": "B."}', "NO_ID"),
    "an article of 6 MB": (JSONL, article("x", WORDS * (6_000_000 // len(WORDS) + 1)), "ARTICLE_TOO_LARGE"),
    "nesting 10,000 deep": (NINJS, b'{"uri": "x", "bodies": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "TOO_DEEP"),
    "10,000 open brackets": (JSONL, b'{"id": ' + b"[" * 10_000, "TOO_DEEP"),
    "latin-1 as text": (TEXT, "Präsident trifft Außenminister".encode("latin-1"), "INVALID_UTF8"),
    "latin-1 as JSON": (JSONL, '{"id": "x", "body": "Präsident"}'.encode("latin-1"), "INVALID_UTF8"),
    "a key that stands twice": (JSONL, b'{"id": "x", "id": "y", "body": "B."}', "DUPLICATE_KEY"),
    "a format that is not read": ((("content-type", b"text/html"),), b"<p>Text.</p>", "UNKNOWN_FORMAT"),
}
# What can be lived with: headers, value, the code in `problems`, how many characters the text has.
LIVED_WITH = {
    "a million characters without a space": (TEXT, b"x" * 1_000_000, "TAGGED_PARTLY", 1_000_000),
    "900,000 characters of words": (TEXT, (WORDS * 10_000).encode()[:900_000], "TAGGED_PARTLY", 900_000),
    "a time that is none": (JSONL, article("bad-time", published_at="yesterday"), "BAD_TIME", None),
    "control characters": (JSONL, article("controls", "One\x00two\x07."), "CONTROL_CHARACTERS", None),
}


@dataclass
class Outcome:
    """How the run ended, and what it wrote by the original's key."""

    desk: Desk
    done: subprocess.CompletedProcess[str]
    dead: dict[bytes, list[ConsumerRecord]]
    tagged: dict[bytes, list[TaggedArticle]]


@pytest.fixture(scope="module")
def outcome(broker: EmbeddedBroker) -> Outcome:
    """All of it, each between two good neighbours, through one `wiredesk run`."""
    desk = Desk(broker.connection.brokers)
    bad = {**DEAD, **LIVED_WITH}
    inputs = []
    for n, (what, (headers, value, *_)) in enumerate(bad.items()):
        own = (*headers, ("sender", b"wire \xff"), ("wiredesk.id", what.encode()))
        inputs.append(Input(value, own, key=what.encode(), partition=n % 2))
        inputs.append(Input(article(f"neighbour {n}"), key=b"n", partition=n % 2))
    desk.send(inputs)
    command = [sys.executable, "-m", "pipeline", "run", "--stop_at_end", *desk.flags()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    dead: dict[bytes, list[ConsumerRecord]] = {}
    tagged: dict[bytes, list[TaggedArticle]] = {}
    for record in desk.records(desk.settings.dead_letter_topic):
        dead.setdefault(record.key, []).append(record)
    for record in desk.records(desk.settings.output_topic):
        tagged.setdefault(record.key, []).append(decode_value(record.value))
    return Outcome(desk, done, dead, tagged)


def test_the_run_goes_to_the_end_and_says_that_there_were_dead_letters(outcome: Outcome):
    assert outcome.done.returncode == 3, outcome.done.stderr
    assert "Traceback" not in outcome.done.stderr
    assert f"{len(DEAD)} dead letters" in outcome.done.stderr
    assert outcome.desk.committed() == outcome.desk.ends()


@pytest.mark.parametrize("what", DEAD)
def test_it_is_a_dead_letter_with_its_code_and_as_it_came(outcome: Outcome, what: str):
    headers, value, code = DEAD[what]
    (letter,) = outcome.dead[what.encode()]
    assert header(letter, "wiredesk.reason") == code
    assert (letter.value or None) == (value or None)
    assert tuple(letter.headers)[: len(headers) + 2] == (
        *headers,
        ("sender", b"wire \xff"),
        ("wiredesk.id", what.encode()),
    )
    assert header(letter, "wiredesk.truncated.size") is None
    topic, partition, offset, part = header(letter, "wiredesk.origin").split("/")
    assert (topic, part) == (outcome.desk.settings.input_topic, "0")
    assert header(letter, "__connect.errors.offset") == offset
    assert header(letter, "__connect.errors.partition") == partition
    assert header(letter, "__connect.errors.exception.message")


@pytest.mark.parametrize("what", LIVED_WITH)
def test_it_is_tagged_with_a_note(outcome: Outcome, what: str):
    _, value, code, characters = LIVED_WITH[what]
    key = what.encode() if characters else json.loads(value)["id"].encode()
    (record,) = outcome.tagged[key]
    assert record.problems == (code,)
    if characters:
        assert len(f"{record.headline or ''}{record.body or ''}") >= characters - 1, "the text itself is never cut"


def test_of_a_long_text_the_beginning_is_tagged_and_no_more(outcome: Outcome):
    (record,) = outcome.tagged[b"900,000 characters of words"]
    ends = [mention.end for entity in record.entities for mention in entity.mentions]
    assert DEFAULTS.max_tagged_chars * 0.9 < max(ends) <= DEFAULTS.max_tagged_chars


def test_the_neighbours_are_tagged(outcome: Outcome):
    everything = len(DEAD) + len(LIVED_WITH)
    for n in range(everything):
        (neighbour,) = outcome.tagged[f"neighbour {n}".encode()]
        assert neighbour.problems == ()
        assert neighbour.entities
    assert sum(len(found) for found in outcome.tagged.values()) == everything + len(LIVED_WITH)
    assert outcome.dead.keys() == {what.encode() for what in DEAD}


@Language.component("fails_on_one")
def fails_on_one(doc):
    """A part of the model that cannot bear one article."""
    if "Thursday" in doc.text:
        raise ValueError("[E999] no parse")
    return doc


def test_an_article_on_which_the_model_fails_is_alone_in_that(desk: Desk):
    poisoned = article("a13", "The minister arrived on Thursday.")
    values = [poisoned if n == 13 else article(f"a{n}") for n in range(30)]
    desk.send(Input(value, key=b"%d" % n) for n, value in enumerate(values))
    nlp = models.load(desk.settings.nlp_model).nlp
    nlp.add_pipe("fails_on_one", last=True)
    try:
        report = desk.run()
    finally:
        nlp.remove_pipe("fails_on_one")

    assert (report.tagged, report.dead_letters) == (29, 1)
    assert report.reasons == {"tag/dead_letters_TAG_FAILED": 1}
    (letter,) = desk.records(desk.settings.dead_letter_topic)
    assert (letter.key, letter.value) == (b"13", poisoned)
    assert header(letter, "wiredesk.reason") == "TAG_FAILED"
    assert header(letter, "__connect.errors.exception.class.name") == "ValueError"
    assert "E999" in header(letter, "__connect.errors.exception.stacktrace")
    tagged = [decode_value(record.value) for record in desk.records(desk.settings.output_topic)]
    assert {record.id for record in tagged} == {f"a{n}" for n in range(30) if n != 13}
    assert all(record.entities for record in tagged)
    assert desk.committed()[0] == 30
