"""An endless run under steady load for half an hour: memory of each process, end-to-end latency, a burst.

    python -m bench.soak [--minutes 30] [--share 0.6] [--burst 2000] [--runner PrismRunner]

First the rate of the run is measured on a topic that is full; then articles come at a share of that rate. End to end is
from the moment before an article is produced to the moment a read_committed reader of the output has it.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import orjson
from family import children, is_prism
from kafka import KafkaConsumer, KafkaProducer
from kafka_cluster import KafkaCluster

from bench.articles import made_up
from bench.kafka import CONTENT_TYPE, committed, fill, follow, settings_of
from bench.machine import progress, rss_mb, say
from pipeline.broker import clients
from pipeline.settings import Settings

ROOT = Path(__file__).parents[1]
BODY_CHARS = (600, 1_000)  # a short agency report
MEASURED = 600
SETTLE_MINUTES = 5
BURST_AT = 2 / 3  # of the whole time
LAG_SECONDS = 900.0


@dataclass
class Load:
    """What goes in and comes out: articles are produced at a rate, and a reader notes when each is there."""

    settings: Settings
    process: subprocess.Popen[bytes]
    producer: KafkaProducer
    consumer: KafkaConsumer
    sent: int
    on_their_way: dict[bytes, float] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._articles = made_up(10**9, seed=2, body_chars=BODY_CHARS)
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def send(self, articles: int) -> None:
        """Produce so many more."""
        for value in islice(self._articles, articles):
            self.on_their_way[orjson.loads(value)["id"].encode()] = time.monotonic()
            self.producer.send(self.settings.input_topic, value, headers=list(CONTENT_TYPE))
            self.sent += 1

    def feed(self, rate: float, seconds: float) -> None:
        """Produce ``rate`` articles a second for so long."""
        begun, before = time.monotonic(), self.sent
        while (passed := time.monotonic() - begun) < seconds:
            self.send(int(passed * rate) - (self.sent - before))
            time.sleep(0.02)

    def lag(self) -> int:
        """Articles that are sent and not committed."""
        return self.sent - committed(self.consumer, self.settings)

    def until_no_lag(self) -> float:
        """Wait until all is committed; the seconds it took."""
        begun = time.monotonic()
        while left := self.lag():
            progress(f"soak: {left} to go")
            if time.monotonic() - begun > LAG_SECONDS or self.process.poll() is not None:
                msg = f"{left} articles are not committed"
                raise RuntimeError(msg)
            time.sleep(0.1)
        return time.monotonic() - begun

    def close(self) -> None:
        """End the clients."""
        self.stop.set()
        self._reading.join()
        self.producer.close()
        self.consumer.close(autocommit=False)

    def _read(self) -> None:
        consumer = clients.consumer(self.settings.connection)
        ends = clients.end_offsets(consumer, clients.partitions_of(consumer, self.settings.output_topic))
        consumer.assign(list(ends))
        for partition, end in ends.items():
            consumer.seek(partition, end)
        while not self.stop.is_set():
            for records in consumer.poll(timeout_ms=50).values():
                now = time.monotonic()
                self.seconds += [now - self.on_their_way.pop(r.key) for r in records if r.key in self.on_their_way]
        consumer.close(autocommit=False)


def main() -> int:
    """Measure, then load, then burst; prints as it goes."""
    parser = argparse.ArgumentParser("python -m bench.soak", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--minutes", type=int, default=30, metavar="N", help="of steady load (%(default)s)")
    parser.add_argument("--share", type=float, default=0.6, metavar="N", help="of the measured rate (%(default)s)")
    parser.add_argument("--burst", type=int, default=2_000, metavar="N", help="articles at once (%(default)s)")
    parser.add_argument("--runner", default="PrismRunner", choices=["DirectRunner", "PrismRunner"])
    args = parser.parse_args()
    with KafkaCluster() as kafka, tempfile.TemporaryDirectory(prefix="wiredesk-soak-") as folder:
        settings = settings_of(kafka.brokers, "soak")
        log = Path(folder) / "run.log"
        fill(settings, made_up(MEASURED, seed=1, body_chars=BODY_CHARS))
        with _running(settings, args.runner, log) as process:
            rate = _rate(process, settings)
            say(f"measured: {rate:.1f} articles a second of {sum(BODY_CHARS) // 2} characters ({args.runner})")
            consumer = clients.consumer(settings.connection, group_id=settings.consumer_group)
            load = Load(settings, process, clients.producer(settings.connection), consumer, MEASURED)
            try:
                _soak(load, kafka.pid(), rate * args.share, args.minutes, args.burst)
            except ProcessLookupError:
                say("a process has ended under the load")
            load.close()
        say(f"the run stopped with exit code {process.returncode}")
        if process.returncode:
            say(log.read_text("utf-8")[-4_000:])
        return process.returncode


@contextmanager
def _running(settings: Settings, runner: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    flags = [f"--kafka_brokers={settings.kafka_brokers}", f"--consumer_group={settings.consumer_group}"]
    flags += [f"--runner={runner}"]
    if runner == "PrismRunner":
        flags.append(f"--prism_location={ROOT / 'bin' / 'prism'}")
    with log.open("wb") as said:
        process = subprocess.Popen([sys.executable, "-m", "pipeline", "run", *flags], stderr=said, cwd=ROOT)
    try:
        yield process
        process.terminate()
        process.wait(120)
    finally:
        process.kill()
        process.wait()


def _rate(process: subprocess.Popen[bytes], settings: Settings) -> float:
    """Articles a second on a full topic, from the first commit to the last."""
    first = done = 0
    clock = 0.0
    for done in follow(process, settings, MEASURED):
        progress(f"soak: measuring, {done} of {MEASURED}")
        if done and not first:
            first, clock = done, time.monotonic()
    return (done - first) / (time.monotonic() - clock)


def _soak(load: Load, broker: int, rate: float, minutes: int, burst: int) -> None:
    memory: dict[str, list[tuple[int, float]]] = {}
    steady: list[float] = []
    say(f"load: {rate:.1f} articles a second for {minutes} minutes")
    for minute in range(1, minutes + 1):
        load.feed(rate, 60)
        for name, pid in _processes(load.process.pid, broker).items():
            memory.setdefault(name, []).append((minute, rss_mb(pid)))
        sizes = "  ".join(f"{name} {points[-1][1]:.1f} MB" for name, points in memory.items())
        say(f"minute {minute:3}  {sizes}  lag {load.lag()}  read {len(load.seconds)}")
        if minute == int(minutes * BURST_AT):
            load.until_no_lag()
            steady += load.seconds
            load.seconds.clear()
            load.send(burst)
            say(f"burst of {burst}: lag back to zero after {load.until_no_lag():.0f} s")
            load.seconds.clear()
    load.until_no_lag()
    _say_latencies(steady + load.seconds)
    for name, points in memory.items():
        late = [point for point in points if point[0] > SETTLE_MINUTES]
        if len(late) > 1:
            slope = statistics.linear_regression(*zip(*late, strict=True)).slope
            say(f"memory of {name}: {late[0][1]:.1f} -> {late[-1][1]:.1f} MB, {10 * slope:+.2f} MB in 10 minutes")


def _processes(run: int, broker: int) -> dict[str, int]:
    """Each process by its name: the run, what it has started, and the broker."""
    started = {("prism" if is_prism(pid) else "worker"): pid for pid in children(run)}
    return {"run": run, **started, "broker": broker}


def _say_latencies(seconds: Sequence[float]) -> None:
    """The burst is left out: what waits in a line says how long the line is."""
    cuts = statistics.quantiles(seconds, n=100)
    say(
        f"end to end, {len(seconds):,} articles without the burst: p50 {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s,"
        f" p99 {cuts[98]:.2f} s, longest {max(seconds):.2f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
