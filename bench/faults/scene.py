"""One row: topics of its own, the articles in them, and the run under test as a process of its own."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from kafka.errors import KafkaError

from bench.faults.count import Outcome, outcome
from bench.machine import progress
from pipeline.broker import clients, topics
from pipeline.broker.connection import BrokerError
from pipeline.settings import Delivery, Settings

ROOT = Path(__file__).parents[2]
PARTITIONS = 2
KEYS = 97
# Nothing was committed for so long: it will not be.
PATIENCE_SECONDS = 180.0
STOP_SECONDS = 90.0
CONTENT_TYPE = [("content-type", b"application/x-ndjson")]
POISON = (b"junk{", b'{"id": ', b"\xff\xfe\x00", b'{"id": "a", "id": "b"}', b"[" * 2000)

_numbers = itertools.count()


class StuckError(Exception):
    """The run ended, or does not go on. The text ends with the last lines of what it said."""


@dataclass
class Scene:
    """Articles are numbered from 0; that of an article is its ``version``. ``chance`` gives every moment.

    ``run_brokers`` is where the run reaches the brokers, if elsewhere than we do: at a proxy.
    ``poison_share`` of the records can be read by nobody.
    """

    brokers: str
    folder: Path
    chance: random.Random
    runner: str = "DirectRunner"
    delivery: Delivery = "exactly_once"
    run_brokers: str = ""
    poison_share: float = 0.0
    flags: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    settings: Settings = field(init=False)
    good: list[int] = field(default_factory=list)
    poison: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None
    forgotten: int = 0
    starts: int = 0
    _watching: clients.KafkaConsumer | None = None

    def __post_init__(self) -> None:
        name = f"faults{next(_numbers)}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.settings = Settings(
            kafka_brokers=self.brokers,
            input_topic=f"{name}.raw",
            output_topic=f"{name}.tagged",
            events_topic=f"{name}.events",
            dead_letter_topic=f"{name}.dlq",
            consumer_group=name,
            avro_dir=os.fspath(self.folder / "archive"),
            runner=self.runner,
            delivery=self.delivery,
        )
        self.make_topics()

    @property
    def archive(self) -> Path:
        """Where the run writes its Avro files."""
        return Path(self.settings.avro_dir or "")

    @property
    def log(self) -> Path:
        """What the runs have said, one after the other."""
        return self.folder / "run.log"

    def make_topics(self) -> None:
        """Make those that do not exist."""
        topics.create(self.settings, partitions=PARTITIONS)

    # ------------------------------------------------------------------------------------------------ the input

    def send(self, count: int) -> None:
        """Append articles; each poison record stands in the place of one."""
        producer = clients.producer(self.settings.connection)
        begin = self.forgotten + len(self.good) + len(self.poison)
        sent = []
        for number in range(begin, begin + count):
            is_poison = self.chance.random() < self.poison_share
            value = self.chance.choice(POISON) if is_poison else article(number)
            at = number % KEYS % PARTITIONS
            future = producer.send(self.settings.input_topic, value, headers=CONTENT_TYPE, partition=at)
            sent.append((number, is_poison, future))
        for number, is_poison, future in sent:
            at = future.get(60)
            if is_poison:
                self.poison.append(f"{at.topic}/{at.partition}/{at.offset}")
            else:
                self.good.append(number)
        producer.close()

    def recreate_input(self) -> None:
        """Delete the input topic and make it again. What it held may be lost and is not asked for any more."""
        admin = clients.admin(self.settings.connection)
        admin.delete_topics([self.settings.input_topic])
        while self.settings.input_topic in admin.list_topics():
            time.sleep(0.1)
        admin.close()
        self.make_topics()
        self.forgotten += len(self.good) + len(self.poison)
        self.good, self.poison = [], []

    # ------------------------------------------------------------------------------------------------ the run

    def start(self, *more: str) -> None:
        """Start the run; it works on until it is killed or told to stop."""
        names = ("kafka_brokers", "input_topic", "output_topic", "events_topic", "dead_letter_topic", "consumer_group")
        flags = [f"--{name}={getattr(self.settings, name)}" for name in (*names, "avro_dir", "runner", "delivery")]
        if self.run_brokers:
            flags.append(f"--kafka_brokers={self.run_brokers}")
        if self.runner == "PrismRunner":
            flags.append(f"--prism_location={ROOT / 'bin' / 'prism'}")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipeline", "run", *flags, *self.flags, *more],
                stderr=log,
                env={**os.environ, **self.environment},
                cwd=ROOT,
            )
        self.starts += 1

    def start_where_it_was(self) -> None:
        """Start as a person would after a crash: with at_least_once a run asks where to begin before the first commit.

        With exactly_once it never has to, and where the group stands cannot be told while a transaction is open.
        """
        asks = self.delivery == "at_least_once" and not self.committed()
        self.start(*(["--start_offset=earliest"] if asks else []))

    def kill(self) -> None:
        """End the run as kill -9 does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def until(self, done: int) -> None:
        """Wait until the group has committed so many records.

        Raises:
            StuckError: the run has ended, or has committed nothing more for some time.
        """
        before, since = -1, time.monotonic()
        while before < done:
            assert self.process is not None
            if (code := self.process.poll()) is not None:
                raise self.stuck(f"the run has ended with exit code {code}")
            if time.monotonic() - since > PATIENCE_SECONDS:
                raise self.stuck(f"{before} committed, and no more for {PATIENCE_SECONDS:.0f} s; waited for {done}")
            time.sleep(0.05)
            now = self.committed()
            if now is not None and now != before:
                before, since = now, time.monotonic()
                progress(f"{self.settings.consumer_group}: {before} committed")

    def until_ended(self) -> int:
        """Wait for a run that must end by itself; its exit code."""
        assert self.process is not None
        try:
            code = self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            raise self.stuck("the run should have ended") from None
        self.process = None
        return code

    def committed(self) -> int | None:
        """How many records of the input the group has done; None: the broker does not say."""
        try:
            if self._watching is None:
                self._watching = clients.consumer(self.settings.connection, group_id=self.settings.consumer_group)
            partitions = [clients.TopicPartition(self.settings.input_topic, number) for number in range(PARTITIONS)]
            return sum(int(self._watching.committed(at, timeout_ms=5_000) or 0) for at in partitions)
        except (BrokerError, KafkaError):
            self._look_away()
            return None

    def close(self) -> None:
        """End what is left of the run, and close what watched it."""
        self.kill()
        self._look_away()

    def _look_away(self) -> None:
        if self._watching is not None:
            with suppress(KafkaError):
                self._watching.close(autocommit=False)
        self._watching = None

    def finish(self) -> Outcome:
        """Let the run come to the end of the input, stop it, let the archive come to the end; then count.

        Raises:
            StuckError: one of them did not.
        """
        self.until(sum(clients.end_offsets(self.settings.connection, self._input()).values()))
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise self.stuck("it did not stop when told to") from None
        self.process = None
        if code:
            raise self.stuck(f"stopped with exit code {code}")
        self._archive_the_rest()
        return outcome(self.settings, self.archive, self.good, self.poison)

    def stuck(self, why: str) -> StuckError:
        """An error that says so, with what the run said last."""
        lines = self.log.read_text("utf-8", "replace").splitlines()[-12:]
        return StuckError("\n    ".join([why, *lines]))

    def _input(self) -> list[clients.TopicPartition]:
        return clients.partitions_of(self.settings.connection, self.settings.input_topic)

    def _archive_the_rest(self) -> None:
        names = ("kafka_brokers", "output_topic", "events_topic", "consumer_group", "avro_dir")
        flags = [f"--{name}={getattr(self.settings, name)}" for name in names]
        with self.log.open("ab") as log:
            code = subprocess.run(
                [sys.executable, "-m", "pipeline", "archive", "--stop_at_end", *flags],
                stderr=log,
                cwd=ROOT,
                check=False,
            ).returncode
        if code:
            raise self.stuck(f"the archive ended with exit code {code}")


def article(number: int) -> bytes:
    """A short article, so that the faults come often in the work and not in the model's time."""
    return orjson.dumps(
        {
            "id": f"key-{number % KEYS}",
            "version": str(number),
            "headline": f"Minister {number} in Geneva",
            "body": "The foreign minister met the president in Geneva on Monday.",
            "language": "en",
            "published_at": "2024-03-05T10:00:00Z",
        }
    )
