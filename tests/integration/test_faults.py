"""The short form of `python -m bench.faults`: killed at random moments, nothing is lost."""

import random
from pathlib import Path

import pytest
from kafka_cluster import KafkaCluster

from bench.faults import faults
from bench.faults.count import Outcome
from bench.faults.scene import Scene

ARTICLES = 1000
KILLS = 3


@pytest.mark.parametrize("delivery", ["exactly_once", "at_least_once"])
def test_a_run_that_is_killed_loses_nothing(kafka: KafkaCluster, tmp_path: Path, delivery: str):
    scene = Scene(kafka.brokers, tmp_path, random.Random(20160405), delivery=delivery, poison_share=0.05)
    try:
        found = faults.killed(scene, ARTICLES, KILLS)
    finally:
        scene.close()
    assert scene.starts == KILLS + 1
    assert len(scene.good) + len(scene.poison) == ARTICLES
    assert scene.poison
    if delivery == "exactly_once":
        assert found == Outcome()
    else:
        assert (found.lost, found.undecodable, found.disordered) == (0, 0, 0)
