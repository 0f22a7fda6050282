"""What happens to a run, one function a row; each ends with the count."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from family import children, is_prism
from kafka_cluster import KafkaCluster
from tcp_proxy import TcpProxy
from worker_pool import worker_pool

from bench.faults.count import Outcome
from bench.faults.scene import PATIENCE_SECONDS, ROOT, Scene, StuckError

FROZEN_SECONDS = 20.0
SMALL_DISK_BYTES = 1_500_000
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
DAY_SECONDS = 86_400
SLEEP_BY_SELECT = """
import select, time
time.sleep = lambda seconds: select.select((), (), (), seconds) and None
"""
POISON_SHARE = 0.05


class UnavailableError(Exception):
    """This machine cannot have that fault; the text says why."""


# ------------------------------------------------------------------------------------------------ the run is killed


def killed(scene: Scene, articles: int, times: int) -> Outcome:
    """kill -9 of the run and all that is in its process, at random moments; then a start by hand."""
    scene.send(articles)
    for moment in moments(scene.chance, articles, times):
        scene.start_where_it_was()
        scene.until(moment)
        time.sleep(scene.chance.random())  # anywhere in what follows: a bundle, a transaction, a file
        scene.kill()
    scene.start_where_it_was()
    return scene.finish()


def worker_killed(scene: Scene, articles: int, times: int) -> Outcome:
    """kill -9 of the process that the supervisor has started, which is the worker too; it starts another."""
    return _child_killed(scene, articles, times, lambda pid: not is_prism(pid))


def prism_killed(scene: Scene, articles: int, times: int) -> Outcome:
    """kill -9 of Prism; the run ends, and the supervisor starts another."""
    return _child_killed(scene, articles, times, is_prism)


def pool_worker_killed(scene: Scene, articles: int, times: int) -> Outcome:
    """Kill -9 of the worker in a worker pool, the layout of Kubernetes; the supervisor sends another job."""
    with worker_pool(folder=ROOT) as pool:
        scene.flags += ["--environment_type=EXTERNAL", f"--environment_config={pool.address}"]
        scene.send(articles)
        scene.start("--restart")
        for moment in moments(scene.chance, articles, times):
            scene.until(moment)
            for worker in children(pool.pid):
                os.kill(worker, signal.SIGKILL)
        return scene.finish()


def _child_killed(scene: Scene, articles: int, times: int, which: Callable[[int], bool]) -> Outcome:
    scene.send(articles)
    scene.start("--restart")
    for moment in moments(scene.chance, articles, times):
        scene.until(moment)
        assert scene.process is not None
        victims = [pid for pid in children(scene.process.pid) if which(pid)]
        if victims:  # none while a new one is being started
            os.kill(victims[0], signal.SIGKILL)
    return scene.finish()


# ------------------------------------------------------------------------------------------------ the broker fails


def broker_killed(scene: Scene, cluster: KafkaCluster, articles: int, times: int) -> Outcome:
    """kill -9 of the only node, some seconds without it, and a start with its data."""
    scene.send(articles)
    scene.start()
    for moment in moments(scene.chance, articles, times):
        scene.until(moment)
        time.sleep(scene.chance.random())
        cluster.kill()
        time.sleep(scene.chance.uniform(0, 5))
        cluster.start()
    return scene.finish()


def leader_killed(scene: Scene, cluster: KafkaCluster, articles: int, times: int) -> Outcome:
    """kill -9 of the node that leads a partition of the output; another takes over, and the first comes back."""
    scene.send(articles)
    scene.start()
    for moment in moments(scene.chance, articles, times):
        scene.until(moment)
        leader = cluster.leader(scene.settings.output_topic)
        assert leader is not None
        cluster.kill(leader)
        other = partial(_is_led_by_another, cluster, scene.settings.output_topic, leader)
        _wait(other, "no other node took over")
        cluster.start(leader)
    return scene.finish()


def broker_frozen(scene: Scene, cluster: KafkaCluster, articles: int, times: int) -> Outcome:
    """SIGSTOP of the node: connections stay and nothing is answered; then SIGCONT."""
    scene.send(articles)
    scene.start()
    for moment in moments(scene.chance, articles, times):
        scene.until(moment)
        cluster.freeze()
        time.sleep(FROZEN_SECONDS)
        cluster.thaw()
    return scene.finish()


def connections_reset(scene: Scene, proxy: TcpProxy, articles: int, times: int) -> Outcome:
    """Each connection is reset in the middle of a request, again and again."""
    scene.send(articles)
    scene.flags.append("--compression=none")  # so that there is a middle
    proxy.cut_every(scene.chance.randrange(40_000, 60_000), times=times)
    scene.start()
    found = scene.finish()
    if proxy.cuts != times:
        raise scene.stuck(f"connections were reset {proxy.cuts} times, not {times}")
    return found


def topic_recreated(scene: Scene, articles: int, times: int) -> Outcome:
    """The input topic is deleted and made again under the run. What counts is what was written after."""
    scene.flags += ["--offset_out_of_range=earliest"]
    scene.start("--restart")
    for _ in range(times):
        part = articles // (times + 1)
        scene.send(part)
        scene.until(scene.chance.randrange(part))
        scene.recreate_input()
    scene.send(articles - articles // (times + 1) * times)
    return scene.finish()


# ------------------------------------------------------------------------------------------------ the world is bad


def poisoned(scene: Scene, articles: int) -> Outcome:
    """Records that nobody can read, among the others."""
    scene.poison_share = POISON_SHARE
    scene.send(articles)
    scene.start()
    return scene.finish()


def disk_full(scene: Scene, articles: int, times: int) -> Outcome:
    """No room under the archive: the run says so and ends; with room again it is started by hand."""
    with _small_disk(scene.archive) as ballast:
        for _ in range(times):
            scene.send(articles // (times + 1))
            ballast.write_bytes(b"\0" * max(0, _free_bytes(scene.archive) - 4_096))
            scene.start_where_it_was()
            code = scene.until_ended()
            if code != 1:
                raise scene.stuck(f"with a full disk it ended with exit code {code}, not 1")
            ballast.unlink()
        scene.send(articles - len(scene.good))
        scene.start_where_it_was()
        return scene.finish()


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own at ``folder``; what is yielded is a file on it to fill it with."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_BYTES}", "tmpfs", os.fspath(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        raise UnavailableError(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder / "ballast"
    finally:
        subprocess.run(["umount", "--lazy", os.fspath(folder)], check=True)


def _free_bytes(folder: Path) -> int:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def clock_jumps(scene: Scene, articles: int, times: int) -> Outcome:
    """The clock of the run jumps by up to a day, forwards and back, as a bad time server or a frozen machine has it."""
    if not FAKETIME.exists():
        raise UnavailableError("Debian's package faketime is not installed")
    clock = scene.folder / "clock"
    clock.write_text("+0s")
    # libfaketime 0.9 lets `clock_nanosleep` fail when durations are left alone, and Python sleeps by that.
    (scene.folder / "sitecustomize.py").write_text(SLEEP_BY_SELECT)
    scene.environment |= {
        "PYTHONPATH": os.fspath(scene.folder),
        "LD_PRELOAD": os.fspath(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": os.fspath(clock),
        "FAKETIME_CACHE_DURATION": "1",
        # What measures durations goes on as on a real machine, where setting the clock leaves it alone.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    scene.send(articles)
    scene.start()
    for moment in moments(scene.chance, articles, times):
        scene.until(moment)
        clock.write_text(f"{scene.chance.randrange(-DAY_SECONDS, DAY_SECONDS):+d}s")
    return scene.finish()


# ------------------------------------------------------------------------------------------------ help


def moments(chance: random.Random, articles: int, times: int) -> list[int]:
    """After how many articles something happens: ``times`` moments in order, none in the last twentieth."""
    return sorted(chance.randrange(articles * 19 // 20) for _ in range(times))


def _is_led_by_another(cluster: KafkaCluster, topic: str, leader: int) -> bool:
    return cluster.leader(topic) not in (leader, None)


def _wait(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise StuckError(what)
        time.sleep(0.1)
