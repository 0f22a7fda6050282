"""What a run tells those who watch it: numbers that agree with what happened, and no word of an article."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from desk import Desk, Input, article
from prometheus_client.parser import text_string_to_metric_families

from pipeline import cli
from pipeline.observe import endpoint, metrics
from pipeline.stages.clean import transform as clean_transform
from pipeline.stages.decode import record as decode_record
from pipeline.stages.encode import transform as encode_transform
from pipeline.stages.tag import tagger

LOOPBACK = "127.0.0.1"


@pytest.fixture
def port():
    with endpoint.serving(0, LOOPBACK) as port:
        yield port


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}{path}", timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def samples(port: int) -> dict[tuple[str, ...], float]:
    """Every sample by (name, *label values in order of label name)."""
    _, text = get(port, "/metrics")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_counters_of_a_run_say_what_became_of_every_part(desk: Desk, port: int):
    values = [article(f"a{n}") for n in range(20)] + [b"not json"] * 3 + [article("e", pubstatus="canceled")]
    desk.send(Input(value, partition=n % 2) for n, value in enumerate(values))
    before = samples(port)
    report = desk.run()
    after = samples(port)

    def more(*key: str) -> float:
        return after[key] - before.get(key, 0)

    topic = desk.settings.input_topic
    assert more("wiredesk_parts_total", "tagged") == report.tagged
    assert more("wiredesk_parts_total", "dead_letter") == report.dead_letters == 3
    assert more("wiredesk_parts_total", "dropped") == report.dropped
    assert more("wiredesk_dead_letters_total", "INVALID_JSON", "decode") == 3
    assert [more("wiredesk_records_read_total", p, topic) for p in "01"] == [12, 12]
    assert [after["wiredesk_committed_offset", p, topic] for p in "01"] == [12, 12]
    assert [after["wiredesk_lag_records", p, topic] for p in "01"] == [0, 0]
    assert more("wiredesk_end_to_end_seconds_count") == len(values)
    assert more("wiredesk_stage_seconds_count", "decode") == len(values)
    assert more("wiredesk_stage_seconds_count", "clean") == report.tagged
    assert more("wiredesk_stage_seconds_count", "tag") > 0
    assert more("wiredesk_stage_seconds_count", "write") > 0
    assert more("wiredesk_commits_total") > 0
    assert after["wiredesk_in_flight_records",] == after["wiredesk_in_flight_bytes",] == 0
    assert after["wiredesk_oldest_unfinished_seconds",] == 0


def test_ready_when_every_partition_is_read_and_healthy_while_records_end(desk: Desk, port: int, monkeypatch):
    desk.send([Input(article("a"))])
    metrics.IN_WORK.expect([(desk.settings.input_topic, 0), (desk.settings.input_topic, 1)])
    assert get(port, "/readyz")[0] == 503
    seen = {}
    clean = clean_transform.clean

    def watching(item, of_model):
        # In the middle of the run, with the record in flight.
        seen.update(samples(port))
        monkeypatch.setattr(endpoint, "MAX_UNFINISHED_SECONDS", 0.0)
        seen["health"] = get(port, "/healthz")
        monkeypatch.undo()
        return clean(item, of_model)

    monkeypatch.setattr(clean_transform, "clean", watching)
    desk.run()
    assert seen["wiredesk_in_flight_records",] == 1
    assert seen["wiredesk_in_flight_bytes",] == len(article("a"))
    status, sentence = seen["health"]
    assert status == 503
    assert f"the record {desk.settings.input_topic}/0/0 was read" in sentence
    assert get(port, "/readyz") == (200, "ok\n")
    assert get(port, "/healthz") == (200, "ok\n")


SENTINEL = "xylographicsentinel"


def unlucky(step, word: str):
    """A step that fails on articles with that word, in an error that quotes the whole article."""

    def failing(*args, **options):
        if word in repr(args):
            msg = f"cannot do this: {args!r}"
            raise ValueError(msg)
        return step(*args, **options)

    return failing


@pytest.mark.parametrize("strict", [False, True])
def test_no_word_of_an_article_is_in_the_logs_whatever_fails(desk: Desk, capfd, monkeypatch, strict: bool):
    for module, name, word in (
        (decode_record, "decode", "FAILDECODE"),
        (clean_transform, "clean", "FAILCLEAN"),
        (encode_transform, "encode", "FAILENCODE"),
        (tagger, "find_entities", "FAILENTITIES"),
        (tagger, "find_dates", "FAILDATES"),
        (tagger, "code_events", "FAILEVENTS"),
    ):
        monkeypatch.setattr(module, name, unlucky(getattr(module, name), word))
    words = ("", "FAILDECODE", "FAILCLEAN", "FAILENCODE", "FAILENTITIES", "FAILDATES", "FAILEVENTS")
    values = [article(f"a{n}", f"The {SENTINEL} {word} arrived on Monday.") for n, word in enumerate(words)]
    values += [
        f'{{"id": "b", "body": "{SENTINEL}'.encode(),
        f'{{"id": "c", "id": "c", "body": "{SENTINEL}"}}'.encode(),
        f'["{SENTINEL}"]'.encode(),
        SENTINEL.encode("utf-16"),
        article("d", f"{SENTINEL} " * 20_000),
        article("e", f"{SENTINEL}\x07 zurück bleibt die Ministerin am Montag in Genf, sagte sie den Journalisten."),
        article("f", SENTINEL, pubstatus="canceled"),
    ]
    desk.send(Input(value, partition=n % 2) for n, value in enumerate(values))
    capfd.readouterr()
    flags = [*desk.flags(), "--stop_at_end", "--max_article_bytes=100000", "--log_level=INFO"]
    assert cli.main(["run", *flags, *(["--strict"] if strict else [])]) == 3
    out, err = capfd.readouterr()
    assert SENTINEL not in out + err
    logged = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    reasons = {line.get("reason") for line in logged}
    assert {"UNEXPECTED", "ENTITIES_FAILED", "DATES_FAILED", "EVENTS_FAILED", "INVALID_JSON"} <= reasons
    assert all({"stage", "topic", "partition", "offset"} <= line.keys() for line in logged if "reason" in line)
    # The text did pass through: it is where it belongs.
    assert SENTINEL.encode() in b"".join(record.value for record in desk.records(desk.settings.dead_letter_topic))
    assert SENTINEL.encode() in b"".join(record.value for record in desk.records(desk.settings.output_topic))


def test_a_port_that_is_taken_is_told_before_anything_runs(desk: Desk, capsys):
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        flags = [*desk.flags(), "--stop_at_end", f"--metrics_port={port}", f"--metrics_host={LOOPBACK}"]
        assert cli.main(["run", *flags]) == 2
    assert f"- metrics_port {port} at {LOOPBACK} cannot be served: Address already in use\n" in capsys.readouterr().err


def test_an_endless_run_with_transactions_can_be_watched_from_outside(real_desk: Desk):
    with socket.create_server((LOOPBACK, 0)) as free:
        port = free.getsockname()[1]
    real_desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(30))
    flags = [*real_desk.flags(), "--delivery=exactly_once", f"--metrics_port={port}", f"--metrics_host={LOOPBACK}"]
    command = [sys.executable, "-m", "pipeline", "run", *flags]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        try:
            topic = real_desk.settings.input_topic
            seen = watched_until(running, port, lambda now: all(now.get(_at(topic, p)) == 15 for p in "01"))
            assert seen["wiredesk_parts_total", "tagged"] == seen["wiredesk_end_to_end_seconds_count",] == 30
            assert seen["wiredesk_stage_seconds_count", "write"] >= seen["wiredesk_commits_total",] > 0
            assert seen["wiredesk_in_flight_records",] == 0
            assert get(port, "/healthz") == get(port, "/readyz") == (200, "ok\n")
        finally:
            running.terminate()
        running.communicate(timeout=120)
    assert running.returncode == 0


def _at(topic: str, partition: str) -> tuple[str, ...]:
    return ("wiredesk_committed_offset", partition, topic)


def watched_until(running: subprocess.Popen, port: int, true) -> dict[tuple[str, ...], float]:
    """The first samples of which that holds."""
    deadline = time.monotonic() + 150
    while time.monotonic() < deadline:
        assert running.poll() is None, running.stderr.read()
        try:
            if true(now := samples(port)):
                return now
        except urllib.error.URLError:
            pass  # not up yet
        time.sleep(0.2)
    raise AssertionError("it never happened")
