"""One port for people and machines who watch a run: ``/metrics``, ``/healthz``, ``/readyz``.

Under ``run --restart`` the port is the supervisor's, so that it answers also while the pipeline is away: it asks the
pipeline, which serves the same three pages on a port of the loopback interface, and adds what it knows itself.
"""

from __future__ import annotations

import logging
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from pipeline.observe import metrics
from pipeline.settings import ConfigError

# A record takes seconds from `read` to `commit`, with all of `max_in_flight` before it less than a minute.
MAX_UNFINISHED_SECONDS = 300.0
CHILD_TIMEOUT_SECONDS = 5.0
LOOPBACK = "127.0.0.1"
TEXT = "text/plain; charset=utf-8"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A page: HTTP status, content type, bytes."""

    status: int
    content_type: str
    body: bytes


Pages = Callable[[str], Answer | None]


def pages_of_pipeline(path: str) -> Answer | None:
    """The three pages of the process in which the pipeline runs; None: there is no such page."""
    if path == "/metrics":
        return Answer(200, CONTENT_TYPE_LATEST, generate_latest(metrics.REGISTRY))
    if path == "/healthz":
        return _verdict(_unhealthy())
    if path == "/readyz":
        return _verdict(_not_ready())
    return None


def pages_of_supervisor(child_port: int) -> Pages:
    """The same three pages of a process that watches over another, which serves its own on the loopback interface."""

    def pages(path: str) -> Answer | None:
        if path not in {"/metrics", "/healthz", "/readyz"}:
            return None
        child = _ask(child_port, path)
        if path != "/metrics":
            return child or _verdict("the pipeline does not answer: it is being started anew, or hangs")
        own = generate_latest(metrics.SUPERVISOR)
        return Answer(200, CONTENT_TYPE_LATEST, own + child.body if child else own)

    return pages


@contextmanager
def serving(port: int, host: str, pages: Pages = pages_of_pipeline) -> Iterator[int]:
    """Answer at ``host`` on ``port`` (0: any that is free) until the end of the with-statement; gives the port.

    Raises:
        ConfigError: somebody else has the port, or it may not be had.
    """
    try:
        server = _Server((host, port), _handler(pages))
    except OSError as error:
        raise ConfigError([f"metrics_port {port} at {host} cannot be served: {error.strerror}"]) from error
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client that keeps its connection open does not hold up the end of a run

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # the library's own asks for the name of the host, which can take long
        self.server_name, self.server_port = self.socket.getsockname()[:2]


def _handler(pages: Pages) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            answer = pages(self.path.partition("?")[0]) or Answer(404, TEXT, b"/metrics, /healthz or /readyz\n")
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, form: str, *args: object) -> None:
            log.debug(form, *args)

    return Handler


def _verdict(fault: str | None) -> Answer:
    return Answer(503 if fault else 200, TEXT, f"{fault or 'ok'}\n".encode())


def _unhealthy() -> str | None:
    oldest = metrics.IN_WORK.oldest()
    seconds = metrics.IN_WORK.oldest_seconds()
    if oldest is None or seconds <= MAX_UNFINISHED_SECONDS:
        return None
    (topic, partition), record = oldest
    return (
        f"the record {topic}/{partition}/{record.end_offset - 1} was read {seconds:.0f} s ago and is not committed yet"
        f" (limit: {MAX_UNFINISHED_SECONDS:.0f} s)"
    )


def _not_ready() -> str | None:
    missing = metrics.IN_WORK.not_begun()
    if not missing:
        return None if metrics.IN_WORK.begun() else "no partition is being read yet"
    return "not read yet: " + ", ".join(f"{topic}/{partition}" for topic, partition in missing)


def _ask(port: int, path: str) -> Answer | None:
    connection = HTTPConnection(LOOPBACK, port, timeout=CHILD_TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return Answer(response.status, response.getheader("Content-Type", TEXT), response.read())
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()
