"""Prism, Beam's streaming runner on one machine: a program of Beam's own, started and ended here.

Beam would start it too, but might download it, would write its log on the user's terminal, and leave it behind when we
are killed.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pipeline import processes
from pipeline.settings import ConfigError

START_TIMEOUT_SECONDS = 30
STOP_TIMEOUT_SECONDS = 5
# What is kept of its log, to be told when it fails.
LAST_LINES = 20

log = logging.getLogger(__name__)


class PrismError(Exception):
    """Prism cannot be started, or has ended under a running job."""


class Prism:
    """A Prism that runs. ``endpoint`` is where it takes jobs."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.endpoint = f"localhost:{port}"
        self._process = process
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        assert process.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
        # Whoever does not read what a program says lets it hang.
        threading.Thread(target=self._listen, args=(process.stdout,), name="prism-log", daemon=True).start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def death(self) -> PrismError | None:
        """Why it does not run any more, with the end of its log; None while it does."""
        code = self._process.poll()
        if code is None:
            return None
        log_end = "".join(f"\n{line}" for line in self._last)
        return PrismError(f"Prism has {processes.ending(code)}" + (log_end and f"; its log ends with:{log_end}"))

    def stop(self) -> None:
        """End it; a second call does nothing."""
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _listen(self, output: IO[str]) -> None:
        with output:
            for line in output:
                log.info("%s", line.rstrip())
                if "empty transform, with payload" not in line:  # it says so of each chain, and means nothing by it
                    self._last.append(line.rstrip())


def find(location: str | None) -> Path:
    """The program: where ``--prism_location`` says, else ``bin/prism`` here or in the checkout, else on PATH.

    Raises:
        ConfigError: it is nowhere.
    """
    if location is not None:
        if not _runs(Path(location)):
            msg = f"--prism_location {location}: no such program; `make prism` builds one, and nothing is downloaded"
            raise ConfigError([msg])
        return Path(location)
    checkout = Path(__file__).parents[1]
    for place in (Path.cwd(), checkout):
        if _runs(place / "bin" / "prism"):
            return place / "bin" / "prism"
    on_path = shutil.which("prism")
    if on_path is None:
        raise ConfigError(["PrismRunner needs the program prism: build it with `make prism`, or name --prism_location"])
    return Path(on_path)


def _runs(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


@contextmanager
def running(program: Path) -> Iterator[Prism]:
    """A Prism on a free port for as long as the block lasts, and never longer than the thread that enters it.

    Raises:
        PrismError: it does not start.
    """
    port = processes.free_port()
    process = subprocess.Popen(
        [str(program), f"--job_port={port}", "--serve_http=false", "--log_kind=text", "--log_level=warn"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,  # a Ctrl-C is for us: we end it when the job has
        preexec_fn=processes.die_with_parent(),  # noqa: PLW1509 - nothing runs in it but a call already looked up
    )
    prism = Prism(process, port)
    try:
        _wait_until_ready(prism, port)
        log.info("Prism at %s, pid %d", prism.endpoint, prism.pid)
        yield prism
    finally:
        prism.stop()


def _wait_until_ready(prism: Prism, port: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not processes.listens(port):
        death = prism.death()
        if death:
            raise death
        if time.monotonic() >= deadline:
            msg = f"Prism did not answer within {START_TIMEOUT_SECONDS} s"
            raise PrismError(msg)
        time.sleep(0.05)
