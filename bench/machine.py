"""What this machine says of a process, and what we say on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def rss_mb(pid: int) -> float:
    """Resident memory of a process now, in MB (1,000,000 bytes). Only where there is /proc."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    msg = f"process {pid} has ended"
    raise ProcessLookupError(msg)


def cpu_seconds(pid: int) -> float:
    """Seconds of processor time that a process has used so far, all threads, user and system."""
    after_name = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / TICKS_PER_SECOND


def progress(text: str) -> None:
    """Show where we are, on a terminal only; the next line takes its place, an empty text takes it away."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def say(text: str = "") -> None:
    """Print a line of the result at once, also where output is a pipe."""
    progress("")
    print(text, flush=True)


def spread(values: Sequence[float], unit: str = "", digits: int = 1) -> str:
    """Median first, then the range: ``24.1/s (22.0 to 25.3)``."""
    middle, low, high = (f"{value:.{digits}f}" for value in (median(values), min(values), max(values)))
    return f"{middle}{unit} ({low} to {high})"
