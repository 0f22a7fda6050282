"""Beam's worker pool as a process of its own: the layout of Kubernetes, where it is a container beside the runner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from family import children, lives

from pipeline import processes

PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class WorkerPool:
    """``address`` is where a runner asks it for workers."""

    address: str
    pid: int


@contextmanager
def worker_pool(
    *flags: str, folder: Path | None = None, environ: Mapping[str, str] | None = None, log: int = subprocess.DEVNULL
) -> Iterator[WorkerPool]:
    """Start it with this very Python, and at the end kill it and all workers that it has started.

    Args:
        flags: more flags of the pool.
        folder: where it works; None: here.
        environ: variables of its own.
        log: where it and its workers write, a file descriptor.

    Raises:
        TimeoutError: it did not listen in time.
    """
    port = processes.free_port()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # it starts literally `python`
    process = subprocess.Popen(
        [sys.executable, "-m", "apache_beam.runners.worker.worker_pool_main", f"--service_port={port}", *flags],
        env={**os.environ, **(environ or {}), "PATH": path},
        cwd=folder,
        stdout=log,
        stderr=log,
    )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not processes.listens(port):
            if time.monotonic() > deadline:
                raise TimeoutError("the worker pool does not listen")
            time.sleep(0.1)
        yield WorkerPool(f"localhost:{port}", process.pid)
    finally:
        workers = children(process.pid)
        process.kill()
        process.wait()
        for pid in filter(lives, workers):
            os.kill(pid, signal.SIGKILL)
