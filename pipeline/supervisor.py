"""Runs the pipeline as a process of its own and starts it anew when it failed. It knows neither Beam nor Kafka.

A runner on one machine does not try again: one failed bundle, or a worker that is killed, ends the job. Nothing is lost
by that, since the next run begins at the last commit; somebody must only begin it.
"""

from __future__ import annotations

import logging
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline import processes

FIRST_DELAY_SECONDS = 1.0
MAX_DELAY_SECONDS = 60.0
# A run that lasted so long was no failed start: the count begins anew.
STEADY_SECONDS = 600.0
# In a row: with the delays above, about a quarter of an hour of trying.
MAX_FAILURES = 20
# Done; what a person has to mend first; done with dead letters. Anything else is worth another try.
FINAL = (0, 2, 3)

log = logging.getLogger(__name__)


@dataclass
class BackOff:
    """How long to wait after a failure: twice as long each time, partly at random, so that many do not come at once."""

    failures: int = 0

    def after(self, lasted_seconds: float) -> float | None:
        """Seconds to wait after a run that failed; None: it has failed too often in a row."""
        self.failures = 1 if lasted_seconds >= STEADY_SECONDS else self.failures + 1
        if self.failures > MAX_FAILURES:
            return None
        most: float = min(MAX_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (self.failures - 1))
        return most * random.uniform(0.5, 1.0)  # noqa: S311 - nobody has to be unable to guess it


class Supervisor:
    """One child at a time. A signal is passed on once, and then is the end, however the child ends.

    Args:
        first: the command of the first start.
        again: the command of a later one.
        restarted: called each time before the child is started anew.
    """

    def __init__(
        self, first: Sequence[str], again: Sequence[str], restarted: Callable[[], None] = lambda: None
    ) -> None:
        self._first = list(first)
        self._again = list(again)
        self._restarted = restarted
        self._child: subprocess.Popen[bytes] | None = None
        self._received: int | None = None

    def run(self) -> int:
        """Run until the child is done, was stopped, or failed too often; gives the exit code of the last one."""
        back_off = BackOff()
        command = self._first
        with self._passing_signals_on():
            while True:
                begun = time.monotonic()
                code = self._run_once(command)
                if code in FINAL or self._received is not None:
                    break
                delay = back_off.after(time.monotonic() - begun)
                if delay is None:
                    log.error("the run has %s, %d times in a row: giving up", processes.ending(code), MAX_FAILURES)
                    break
                log.warning(
                    "the run has %s; starting it anew in %.1f s (failure %d of at most %d in a row)",
                    processes.ending(code), delay, back_off.failures, MAX_FAILURES,
                )  # fmt: skip
                if self._stopped_within(delay):
                    return 0  # nothing was running, and nothing is lost
                self._restarted()
                command = self._again
        return code if code >= 0 else 128 - code

    def _run_once(self, command: Sequence[str]) -> int:
        self._child = subprocess.Popen(
            command,
            start_new_session=True,  # a Ctrl-C comes to us alone: we pass it on once
            preexec_fn=processes.die_with_parent(),  # noqa: PLW1509 - nothing runs in it but a call already looked up
        )
        if self._received is not None:  # it came while there was nobody to pass it on to
            self._child.send_signal(self._received)
        try:
            return self._child.wait()
        except BaseException:
            self._child.kill()
            self._child.wait()
            raise

    def _stopped_within(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while self._received is None and time.monotonic() < end:
            time.sleep(min(0.1, max(0.0, end - time.monotonic())))
        return self._received is not None

    @contextmanager
    def _passing_signals_on(self) -> Iterator[None]:
        def pass_on(number: int, _: object) -> None:
            self._received = number
            if self._child is not None and self._child.poll() is None:
                self._child.send_signal(number)

        before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
