"""What a run tells those who watch it: numbers that agree with what happened, and no word of an article."""

import urllib.error
import urllib.request

import pytest
from desk import Desk, Input, article
from prometheus_client.parser import text_string_to_metric_families

from pipeline.observe import endpoint, metrics
from pipeline.stages.clean import transform as clean_transform

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

    def watching(item):
        # In the middle of the run, with the record in flight.
        seen.update(samples(port))
        monkeypatch.setattr(endpoint, "MAX_UNFINISHED_SECONDS", 0.0)
        seen["health"] = get(port, "/healthz")
        monkeypatch.undo()
        return clean(item)

    monkeypatch.setattr(clean_transform, "clean", watching)
    desk.run()
    assert seen["wiredesk_in_flight_records",] == 1
    assert seen["wiredesk_in_flight_bytes",] == len(article("a"))
    status, sentence = seen["health"]
    assert status == 503
    assert f"the record {desk.settings.input_topic}/0/0 was read" in sentence
    assert get(port, "/readyz") == (200, "ok\n")
    assert get(port, "/healthz") == (200, "ok\n")
