"""Partitions that appear while a run is under way: added to a topic, or of a topic that newly fits a ``^pattern``.

What a source finds later, DirectRunner hands on only when the source has ended. So the run pauses, with all that is in
flight committed as at any stop, and is begun anew in the same process with the longer list.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kafka.errors import KafkaError

from pipeline import stopping
from pipeline.broker import topics
from pipeline.broker.connection import BrokerError
from pipeline.settings import Settings

LIST_EVERY_SECONDS = 30.0

log = logging.getLogger(__name__)


@dataclass
class Appeared:
    """All partitions there are, once some are among them that the run did not know; before that none."""

    partitions: list[tuple[str, int]] = field(default_factory=list)


@contextmanager
def watched(settings: Settings, known: Collection[tuple[str, int]]) -> Iterator[Appeared]:
    """While the block runs, list the partitions now and then; when new ones appear, all readers are asked to pause."""
    appeared, ended = Appeared(), threading.Event()

    def look() -> None:
        while not ended.wait(LIST_EVERY_SECONDS):
            try:
                found = [(at.topic, at.partition) for at in topics.inputs(settings)]
            except (BrokerError, KafkaError) as error:  # whoever reads says so if it lasts
                log.info("the partitions cannot be listed: %s", error)
                continue
            new = [f"{topic}/{partition}" for topic, partition in found if (topic, partition) not in known]
            if new:
                log.warning("new partitions: %s; the run pauses, and goes on with them", ", ".join(new))
                appeared.partitions = found
                stopping.pause()
                return

    looking = threading.Thread(target=look, name="partitions", daemon=True)
    looking.start()
    try:
        yield appeared
    finally:
        ended.set()
        looking.join()
        stopping.resume()
