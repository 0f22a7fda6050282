"""The numbers begin at 0, keep few series, and say what was told to them."""

import re
import time

from prometheus_client import generate_latest

from pipeline.failures.reasons import MEANING, Outcome
from pipeline.observe import metrics
from pipeline.observe.unfinished import InWork


def text() -> str:
    return generate_latest(metrics.REGISTRY).decode()


def test_every_reason_has_its_series_before_it_first_happens():
    page = text()
    for reason, (_, outcome, _) in MEANING.items():
        label = f'code="{reason}"' if outcome is Outcome.PROBLEM else f'reason="{reason}"'
        assert label in page, reason


def test_names_have_our_prefix_and_a_base_unit():
    names = set(re.findall(r"^# TYPE (\S+) ", text(), re.MULTILINE))
    ours = {name for name in names if not name.startswith("process_")}
    assert ours
    assert all(re.fullmatch(r"wiredesk_[a-z_]+", name) for name in ours)
    assert not [name for name in ours if re.search(r"_(ms|millis|kb|mb|minutes)(_|$)", name)]


def test_latency_is_from_the_record_s_own_time_to_the_commit(monkeypatch):
    monkeypatch.setattr(metrics, "IN_WORK", InWork())
    at = ("latency", 0)

    def total() -> tuple[float, float]:
        registry = metrics.REGISTRY.get_sample_value
        return registry("wiredesk_end_to_end_seconds_count"), registry("wiredesk_end_to_end_seconds_sum")

    count, seconds = total()
    metrics.record_read(at, 1, 10, int((time.time() - 100) * 1000))
    metrics.record_read(at, 2, 10, None)  # a record without a time has no latency
    metrics.record_read(
        at, 3, 10, int((time.time() + 1000) * 1000)
    )  # a clock that is ahead makes none that is negative
    metrics.committed({at: 3})
    count_after, seconds_after = total()
    assert count_after - count == 2
    assert 100 <= seconds_after - seconds < 160
    assert metrics.REGISTRY.get_sample_value("wiredesk_committed_offset", {"topic": "latency", "partition": "0"}) == 3


def test_a_commit_of_nothing_is_none():
    before = metrics.REGISTRY.get_sample_value("wiredesk_commits_total")
    metrics.committed({})
    assert metrics.REGISTRY.get_sample_value("wiredesk_commits_total") == before
