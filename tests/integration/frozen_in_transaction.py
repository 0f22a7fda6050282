"""Runs the command given; its first transaction times out (after three seconds) before it is committed."""

import sys
import time

from kafka import KafkaProducer

from pipeline.broker import transactions
from pipeline.cli import main

transactions.TRANSACTION_TIMEOUT_MS = 3_000
# The coordinator looks for transactions that are too old every ten seconds; this is longer than both.
FROZEN_SECONDS = 16.0
commit = KafkaProducer.commit_transaction
frozen = []


def late(producer: KafkaProducer) -> None:
    if not frozen:
        frozen.append(True)
        sys.stderr.write("frozen\n")
        time.sleep(FROZEN_SECONDS)
    commit(producer)


KafkaProducer.commit_transaction = late
sys.exit(main(sys.argv[1:]))
