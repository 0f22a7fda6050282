"""What an endless run costs while no article comes."""

from __future__ import annotations

import time

from bench.articles import made_up
from bench.kafka import fill, follow, running, settings_of
from bench.machine import cpu_seconds, progress, say
from pipeline.broker.embedded import EmbeddedBroker

ARTICLES = 20
SETTLE_SECONDS = 3


def measure(seconds: int) -> None:
    """Let an endless run do a few articles, then watch its processor time while nothing comes."""
    with EmbeddedBroker() as broker:
        settings = settings_of(broker.connection.brokers, "bench-idle")
        fill(settings, made_up(ARTICLES))
        with running(settings) as process:
            for done in follow(process, settings, ARTICLES):
                progress(f"idle: {done} of {ARTICLES} articles done before it is left alone")
            progress(f"idle: watching for {seconds} s")
            time.sleep(SETTLE_SECONDS)
            before, clock = cpu_seconds(process.pid), time.monotonic()
            time.sleep(seconds)
            share = (cpu_seconds(process.pid) - before) / (time.monotonic() - clock)
    say(f"idle: an endless run with nothing to do uses {100 * share:.1f} % of one core ({seconds} s watched)")
