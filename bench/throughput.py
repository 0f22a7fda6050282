"""Articles a second: Kafka to Kafka, against the same stages in a bare loop, and against a loop of one's own."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import orjson
import spacy
from spacy.language import Language

from bench.kafka import CONTENT_TYPE, fill, settings_of
from bench.machine import progress, say, spread
from pipeline import runners
from pipeline.broker import clients, topics
from pipeline.broker.embedded import EmbeddedBroker
from pipeline.model import Tagged
from pipeline.offline import record, tag_records
from pipeline.settings import Settings
from pipeline.stages.encode import encode

OWN_LOOP_TOPIC = "bench.own-loop"


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds for all articles: by the clock, and of processor time of all our threads."""

    clock: float
    cpu: float


def measure(articles: Sequence[bytes], rounds: int) -> None:
    """Run the three in turn, ``rounds`` times, each round in another order; print ratios within a round."""
    with EmbeddedBroker() as broker:
        settings = settings_of(broker.connection.brokers, "bench")
        fill(settings, articles)
        nothing = replace(settings, input_topic="bench.nothing")
        topics.create(nothing)
        topics.create(replace(settings, output_topic=OWN_LOOP_TOPIC))
        ways: dict[str, Callable[[int], object]] = {
            "run": lambda number: _pipeline(replace(settings, consumer_group=f"run-{number}"), len(articles)),
            "start": lambda number: _pipeline(replace(nothing, consumer_group=f"start-{number}"), 0),
            "bare loop": lambda _: _bare_loop(articles, settings),
            "own loop": lambda number: _own_loop(replace(settings, consumer_group=f"own-{number}"), len(articles)),
        }
        _bare_loop(articles[:100], settings)  # the model is loaded, the tables are read, before anything is timed
        _own_model(settings.nlp_model)
        _pipeline(replace(nothing, consumer_group="warm"), 0)
        results = _in_turn(ways, rounds)
    _print(results, len(articles), sum(map(len, articles)))


def _in_turn(ways: dict[str, Callable[[int], object]], rounds: int) -> dict[str, list[Took]]:
    results: dict[str, list[Took]] = {name: [] for name in ways}
    names = list(ways)
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            progress(f"throughput: round {number + 1} of {rounds}, {name}")
            gc.collect()
            clock, cpu = time.perf_counter(), time.process_time()
            ways[name](number)
            results[name].append(Took(time.perf_counter() - clock, time.process_time() - cpu))
    return results


# ------------------------------------------------------------------------------------------------ the three ways


def _pipeline(settings: Settings, expected: int) -> None:
    report = runners.run(settings, [(at.topic, at.partition) for at in topics.inputs(settings)])
    if report.parts < expected:  # a line may hold several articles
        msg = f"the run ended {report.parts} parts of {expected} articles"
        raise RuntimeError(msg)


def _bare_loop(articles: Sequence[bytes], settings: Settings) -> int:
    """Decode, clean, tag and encode; no broker and no Beam. Returns the bytes made."""
    size = 0
    for item in tag_records((record(i, value, CONTENT_TYPE) for i, value in enumerate(articles)), settings):
        if isinstance(item, Tagged):
            encoded = encode(item, max_record_bytes=settings.max_record_bytes)
            size += len(getattr(encoded, "tagged", b""))
    return size


def _own_loop(settings: Settings, count: int) -> None:
    """What a data scientist writes in an afternoon: poll, JSON, the model, JSON of the names, commit. No more."""
    nlp = _own_model(settings.nlp_model)
    consumer = clients.consumer(settings.connection, group_id=settings.consumer_group)
    consumer.assign(topics.inputs(settings))
    consumer.seek_to_beginning()
    producer = clients.producer(settings.connection)
    while count > 0:
        for records in consumer.poll(timeout_ms=100).values():
            for each in records:
                article = orjson.loads(each.value)
                doc = nlp(article["body"])
                names = [[ent.text, ent.label_, ent.start_char, ent.end_char] for ent in doc.ents]
                producer.send(OWN_LOOP_TOPIC, orjson.dumps({"id": article["id"], "entities": names}), key=each.key)
            count -= len(records)
        producer.flush()
        consumer.commit()
    producer.close()
    consumer.close(autocommit=False)


@cache
def _own_model(name: str) -> Language:
    return spacy.load(name)


# ------------------------------------------------------------------------------------------------ in words


def _print(results: dict[str, list[Took]], count: int, size_bytes: int) -> None:
    def rates(way: str) -> list[float]:
        return [count / took.clock for took in results[way]]

    say(f"throughput: {count} articles of {size_bytes / count / 1000:.1f} KB, {len(results['run'])} rounds in turn")
    say(f"  Kafka to Kafka, with start   {spread(rates('run'), ' articles/s')}")
    say(f"  the same stages, bare loop   {spread(rates('bare loop'), ' articles/s')}")
    say(f"  kafka-python + spaCy         {spread(rates('own loop'), ' articles/s')}   names only")
    say(f"  start and end of a run       {spread([took.clock for took in results['start']], ' s', 2)}")
    say("  overhead of Kafka and Beam over the bare loop, start left out (goal: under 10 %)")
    for what in ("clock", "cpu"):
        over = [
            100 * ((getattr(run, what) - getattr(start, what)) / getattr(bare, what) - 1)
            for run, start, bare in zip(results["run"], results["start"], results["bare loop"], strict=True)
        ]
        say(f"    by {what:<24} {spread(over, ' %')}")
    say("  time of Kafka to Kafka as a multiple of kafka-python + spaCy, start left out")
    for what in ("clock", "cpu"):
        times = [
            (getattr(run, what) - getattr(start, what)) / getattr(own, what)
            for run, start, own in zip(results["run"], results["start"], results["own loop"], strict=True)
        ]
        say(f"    by {what:<24} {spread(times, ' x', 2)}")
