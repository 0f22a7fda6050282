"""The port that is watched: what it answers, whose it is, and that it answers while the pipeline is away."""

import socket
import time
import urllib.error
import urllib.request

import pytest

from pipeline.observe import endpoint, metrics
from pipeline.observe.unfinished import InWork, Unfinished
from pipeline.settings import ConfigError

LOOPBACK = "127.0.0.1"
AT = ("wire", 0)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> InWork:
    mine = InWork()
    monkeypatch.setattr(metrics, "IN_WORK", mine)
    return mine


def get(port: int, path: str, method: str = "GET") -> tuple[int, str]:
    request = urllib.request.Request(f"http://{LOOPBACK}:{port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def read(ago_seconds: float) -> Unfinished:
    return Unfinished(8, 1, time.monotonic() - ago_seconds, None)


def free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as taken:
        return taken.getsockname()[1]


def test_healthy_until_the_oldest_record_is_older_than_the_limit(work: InWork):
    limit = endpoint.MAX_UNFINISHED_SECONDS
    with endpoint.serving(0, LOOPBACK) as port:
        assert get(port, "/healthz") == (200, "ok\n")
        work.add(AT, read(limit - 60))
        assert get(port, "/healthz") == (200, "ok\n")
        work.begin(AT)
        work.add(AT, read(limit + 1))
        status, sentence = get(port, "/healthz")
        assert status == 503
        assert sentence.startswith("the record wire/0/7 was read 301 s ago and is not committed yet")
        work.finish(AT, 8)
        assert get(port, "/healthz") == (200, "ok\n")


def test_ready_when_all_partitions_are_read(work: InWork):
    work.expect([AT, ("wire", 1)])
    with endpoint.serving(0, LOOPBACK) as port:
        work.begin(AT)
        assert get(port, "/readyz") == (503, "not read yet: wire/1\n")
        work.begin(("wire", 1))
        assert get(port, "/readyz") == (200, "ok\n")


def test_other_pages_are_not_found_and_a_query_or_a_head_is_no_other_page(work: InWork):
    with endpoint.serving(0, LOOPBACK) as port:
        assert get(port, "/")[0] == 404
        assert get(port, "/healthz?verbose=1")[0] == 200
        assert get(port, "/metrics", "HEAD") == (200, "")


def test_a_port_that_is_taken_is_a_matter_of_configuration():
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(ConfigError, match=f"metrics_port {port} at {LOOPBACK} cannot be served: Address already in"),
            endpoint.serving(port, LOOPBACK),
        ):
            pass


def test_the_port_is_free_again_at_the_end():
    port = free_port()
    for _ in range(2):
        with endpoint.serving(port, LOOPBACK):
            assert get(port, "/metrics")[0] == 200


def test_the_supervisor_passes_on_what_the_pipeline_says(work: InWork):
    with (
        endpoint.serving(0, LOOPBACK) as child,
        endpoint.serving(0, LOOPBACK, endpoint.pages_of_supervisor(child)) as port,
    ):
        assert get(port, "/healthz") == (200, "ok\n")
        work.expect([AT])
        assert get(port, "/readyz") == (503, "not read yet: wire/0\n")
        status, text = get(port, "/metrics")
        assert status == 200
        assert "\nwiredesk_restarts_total " in text
        assert "\nwiredesk_commits_total " in text
        assert get(port, "/else")[0] == 404


def test_the_supervisor_answers_while_the_pipeline_is_away():
    with endpoint.serving(0, LOOPBACK, endpoint.pages_of_supervisor(free_port())) as port:
        for path in ("/healthz", "/readyz"):
            status, sentence = get(port, path)
            assert status == 503
            assert "does not answer" in sentence
        status, text = get(port, "/metrics")
        assert status == 200
        assert "\nwiredesk_restarts_total " in text


def test_a_pipeline_that_hangs_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(endpoint, "CHILD_TIMEOUT_SECONDS", 0.1)
    with (
        socket.create_server((LOOPBACK, 0)) as hangs,
        endpoint.serving(0, LOOPBACK, endpoint.pages_of_supervisor(hangs.getsockname()[1])) as port,
    ):
        assert get(port, "/healthz")[0] == 503
