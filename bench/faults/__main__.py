"""The command line: which rows, how many articles; prints the table row by row."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from kafka_cluster import KafkaCluster, KafkaUnavailableError
from tcp_proxy import cluster_behind_a_proxy

import bench.faults as about
from bench.faults import faults
from bench.faults.count import Outcome
from bench.faults.faults import UnavailableError
from bench.faults.scene import Scene, StuckError
from bench.machine import say
from pipeline.broker.connection import BrokerError
from pipeline.settings import Delivery

# A Kafka that is alone and is killed between the answer to a commit and the marker that shows it to readers.
KAFKAS_OWN_FAULT = "Couldn't find leader endpoint"
HEAD = f"{'fault':34} {'runner':12} {'delivery':14} {'articles':>8} {'lost':>5} {'repeated':>8} {'in archive':>10}"
HEAD += f" {'undecodable':>11} {'disordered':>10} {'starts':>6} {'seconds':>7}"


@dataclass(frozen=True)
class Row:
    """A line of the table: what happens, to which kind of run. ``play`` gets the row's folder and moments."""

    name: str
    text: str
    runner: str
    delivery: Delivery
    articles: int
    play: Callable[[Row, Path, random.Random], tuple[Outcome, Scene]]


def _on_one(happens: Callable[[Scene, int], Outcome]) -> Callable[[Row, Path, random.Random], tuple[Outcome, Scene]]:
    """On a node that nothing happens to."""
    return _on_failing(1, lambda scene, _, articles: happens(scene, articles))


def _on_failing(
    nodes: int, happens: Callable[[Scene, KafkaCluster, int], Outcome]
) -> Callable[[Row, Path, random.Random], tuple[Outcome, Scene]]:
    """On nodes that are made to fail."""

    def play(row: Row, folder: Path, chance: random.Random) -> tuple[Outcome, Scene]:
        with KafkaCluster(nodes) as cluster:
            return _played(row, cluster, folder, chance, lambda scene: happens(scene, cluster, row.articles))

    return play


def _proxied(times: int) -> Callable[[Row, Path, random.Random], tuple[Outcome, Scene]]:
    def play(row: Row, folder: Path, chance: random.Random) -> tuple[Outcome, Scene]:
        with cluster_behind_a_proxy() as (cluster, proxy):

            def happens(scene: Scene) -> Outcome:
                scene.run_brokers = proxy.address
                return faults.connections_reset(scene, proxy, row.articles, times)

            return _played(row, cluster, folder, chance, happens)

    return play


def _played(
    row: Row, cluster: KafkaCluster, folder: Path, chance: random.Random, happens: Callable[[Scene], Outcome]
) -> tuple[Outcome, Scene]:
    scene = Scene(cluster.brokers, folder, chance, row.runner, row.delivery)
    try:
        return happens(scene), scene
    finally:
        scene.close()
        for node in cluster.nodes:
            if KAFKAS_OWN_FAULT in cluster.log_file(node).read_text("utf-8", "replace"):
                say(f"  node {node} said {KAFKAS_OWN_FAULT!r}: a transaction without its marker (docs/operations.md)")


def rows(articles: int, kills: int) -> Iterator[Row]:
    """The whole table. The kills take all articles, each other fault a fifth."""
    few = max(100, articles // 5)
    both: tuple[Delivery, ...] = ("exactly_once", "at_least_once")
    for runner in ("DirectRunner", "PrismRunner"):
        for delivery in both:
            play = _on_one(lambda scene, count: faults.killed(scene, count, kills))
            yield Row("killed", f"kill -9 of the run, {kills} times", runner, delivery, articles, play)
    for delivery in both:
        direct: tuple[str, Delivery] = ("DirectRunner", delivery)
        play = _on_failing(1, lambda scene, cluster, count: faults.broker_killed(scene, cluster, count, 3))
        yield Row("broker", "kill -9 of the broker, 3 times", *direct, few, play)
        play = _on_failing(3, lambda scene, cluster, count: faults.leader_killed(scene, cluster, count, 3))
        yield Row("leader", "leader killed, 3 of 3 nodes", *direct, few, play)
        play = _on_failing(1, lambda scene, cluster, count: faults.broker_frozen(scene, cluster, count, 2))
        yield Row("frozen", "broker frozen for 20 s, twice", *direct, few, play)
        yield Row("reset", "connections reset, 10 times", *direct, few, _proxied(10))
        play = _on_one(lambda scene, count: faults.disk_full(scene, count, 2))
        yield Row("disk", "disk full under the archive", *direct, few, play)
        play = _on_one(faults.poisoned)
        yield Row("poison", "5 % of the records are poison", *direct, few, play)
        play = _on_one(lambda scene, count: faults.clock_jumps(scene, count, 8))
        yield Row("clock", "clock jumps by up to a day, 8 times", *direct, few, play)
        play = _on_one(lambda scene, count: faults.topic_recreated(scene, count, 2))
        yield Row("recreated", "input topic recreated, twice", *direct, few, play)
    for delivery in both:
        play = _on_one(lambda scene, count: faults.worker_killed(scene, count, 5))
        yield Row("worker", "worker killed under --restart", "PrismRunner", delivery, few, play)
        play = _on_one(lambda scene, count: faults.pool_worker_killed(scene, count, 5))
        yield Row("pool", "worker in a pool killed, --restart", "PrismRunner", delivery, few, play)
        play = _on_one(lambda scene, count: faults.prism_killed(scene, count, 5))
        yield Row("prism", "Prism killed under --restart", "PrismRunner", delivery, few, play)


def main() -> int:
    """Play the rows that are asked for; 1 when one of them did not keep the promise."""
    names = list(dict.fromkeys(row.name for row in rows(1, 1)))
    parser = argparse.ArgumentParser("python -m bench.faults", description=about.__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", nargs="*", metavar="NAME", help=f"{', '.join(names)}; default: all of them")
    parser.add_argument("--articles", type=int, default=10_000, metavar="N", help="for the kills (%(default)s)")
    parser.add_argument("--kills", type=int, default=20, metavar="N", help="of the run (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of every moment (%(default)s)")
    parser.add_argument("--runner", choices=["DirectRunner", "PrismRunner"], help="only its rows")
    parser.add_argument("--delivery", choices=["exactly_once", "at_least_once"], help="only its rows")
    args = parser.parse_args()
    if unknown := sorted(set(args.what) - set(names)):
        parser.error(f"{', '.join(unknown)}: not one of {', '.join(names)}")
    say(HEAD)
    kept = True
    for row in rows(args.articles, args.kills):
        wanted = row.name in (args.what or names)
        if wanted and args.runner in (None, row.runner) and args.delivery in (None, row.delivery):
            kept &= _print(row, args.seed)
    return 0 if kept else 1


def _print(row: Row, seed: int) -> bool:
    """Play a row and print its line; whether the promise was kept."""
    begun = time.monotonic()
    start = f"{row.text:34} {row.runner:12} {row.delivery:14} {row.articles:8,}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wiredesk-faults-")))
        try:
            found, scene = row.play(row, folder, random.Random(seed))  # noqa: S311 - nothing secret
        except (UnavailableError, KafkaUnavailableError) as error:
            say(f"{start} skipped: {error}")
            return True
        except (StuckError, BrokerError) as error:
            say(f"{start} FAILED: {error}")
            return False
    figures = f" {found.lost:5} {found.repeated:8} {found.repeated_in_archive:10} {found.undecodable:11}"
    say(f"{start}{figures} {found.disordered:10} {scene.starts:6} {time.monotonic() - begun:7.0f}")
    once = row.delivery == "at_least_once" or not (found.repeated or found.repeated_in_archive)
    return once and not (found.lost or found.undecodable or found.disordered)


if __name__ == "__main__":
    sys.exit(main())
