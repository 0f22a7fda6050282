"""Apache Kafka itself, one node or several, fetched by Maven: for tests, and for `make kafka`.

    with KafkaCluster(nodes=3) as kafka:
        ... kafka.brokers ...
        kafka.kill(2); kafka.start(2)
        kafka.freeze(1); kafka.thaw(1)

Where Java or Maven is missing, `libraries` raises `KafkaUnavailableError`, and tests are skipped with its text.
"""

from __future__ import annotations

import argparse
import base64
import functools
import os
import random
import re
import shutil
import signal
import socket
import string
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from kafka.errors import KafkaError

from pipeline.broker import clients
from pipeline.broker.connection import BrokerError, Connection
from pipeline.processes import die_with_parent

KAFKA_DIR = Path(__file__).parents[2] / "deploy" / "kafka"
LIBS = KAFKA_DIR / "libs"
HOST = "127.0.0.1"
FETCH_TIMEOUT_SECONDS = 240
READY_TIMEOUT_SECONDS = 60
JAVA_AT_LEAST = 17
# Below the ports that Linux hands out to clients: one of those could take a broker's port while it is down, or, trying
# to reach it, connect to itself.
PORTS = range(20_000, 32_000)
JVM = ("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")


class KafkaUnavailableError(Exception):
    """Kafka cannot be had on this machine; the text says why."""


# ------------------------------------------------------------------------------------------------ libraries


def libraries() -> Path:
    """The folder with Kafka's jars, fetched the first time and whenever the pom was changed.

    Raises:
        KafkaUnavailableError: Java 17 or Maven is missing, or the fetch failed.
    """
    why_not = _prepare()
    if why_not:
        raise KafkaUnavailableError(why_not)
    return LIBS


@functools.cache  # one try, and one answer, for all tests of a session
def _prepare() -> str | None:
    if shutil.which("java") is None:
        return "Apache Kafka needs Java, and there is no java here"
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < JAVA_AT_LEAST:
        return f"Apache Kafka needs Java {JAVA_AT_LEAST} or later; here: {' '.join(said.split()[:3])}"
    pom = KAFKA_DIR / "pom.xml"
    fetched = LIBS / "pom.xml"
    if fetched.exists() and fetched.read_bytes() == pom.read_bytes():
        return None
    if shutil.which("mvn") is None:
        return "Apache Kafka is fetched by Maven, and there is no mvn here"
    return _fetch(pom)


def _fetch(pom: Path) -> str | None:
    """Fetch beside the folder and put it in its place when it is complete. The result says what went wrong."""
    with tempfile.TemporaryDirectory(prefix="libs.", dir=KAFKA_DIR) as name:
        part = Path(name) / "libs"
        command = ["mvn", "-B", "-q", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={part}"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_TIMEOUT_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return f"Apache Kafka could not be fetched: Maven took more than {FETCH_TIMEOUT_SECONDS} s"
        if done.returncode:
            said = next((line for line in done.stdout.splitlines() if line.startswith("[ERROR]")), done.stderr[-300:])
            return f"Apache Kafka could not be fetched: {said}"
        shutil.copy(pom, part)
        if LIBS.exists():
            LIBS.rename(Path(name) / "old")
        part.rename(LIBS)
    return None


# ------------------------------------------------------------------------------------------------ the cluster


class KafkaCluster:
    """Nodes (numbered from 1) that are broker and controller in one, each with its process and data folder.

    Args:
        nodes: how many; topics get a replica on each, of which a write needs two (of one node: one).
        folder: for data and logs; None: a temporary one, removed at the end. Data found there is gone on with.
        port: of the first listener of a single node; None: free ones.
        listeners: security protocol by listener name. The first is what nodes use among themselves and `connection`
            names: it must be PLAINTEXT.
        advertised: what clients are told instead of a listener's own address, by name: that of a proxy before it.
        properties: more lines for server.properties, or other values.
        format_arguments: more arguments for the formatting of a new data folder, such as ``--add-scram``.
        jvm: flags of the Java machine.

    Raises:
        KafkaUnavailableError: it cannot be had here.
        BrokerError: it does not start; the text ends with the last lines of its log.
    """

    def __init__(
        self,
        nodes: int = 1,
        *,
        folder: Path | None = None,
        port: int | None = None,
        listeners: Mapping[str, str] | None = None,
        advertised: Mapping[str, str] | None = None,
        properties: Mapping[str, str] | None = None,
        format_arguments: Sequence[str] = (),
        jvm: Sequence[str] = JVM,
    ) -> None:
        self.nodes = range(1, nodes + 1)
        self.processes: dict[int, subprocess.Popen[bytes]] = {}
        self._own_folder = folder is None
        self._folder = folder
        self._port = port
        self._listeners = dict(listeners or {"PLAINTEXT": "PLAINTEXT"})
        self._advertised = dict(advertised or {})
        self._properties = dict(properties or {})
        self._format_arguments = list(format_arguments)
        self._jvm = list(jvm)
        self._ports: dict[tuple[int, str], int] = {}

    @property
    def folder(self) -> Path:
        """Where data and logs are."""
        assert self._folder is not None, "the cluster is not running"
        return self._folder

    @property
    def brokers(self) -> str:
        """The addresses of the first listener, with commas."""
        return self.addresses(next(iter(self._listeners)))

    @property
    def connection(self) -> Connection:
        """How to reach the first listener."""
        return Connection(self.brokers)

    def addresses(self, listener: str) -> str:
        """The addresses of a listener, with commas."""
        return ",".join(f"{HOST}:{self._ports[node, listener]}" for node in self.nodes)

    def log_file(self, node: int = 1) -> Path:
        """What a node says of itself."""
        return self.folder / f"node{node}.log"

    def pid(self, node: int = 1) -> int:
        """The process id of a node that runs."""
        return self.processes[node].pid

    # -------------------------------------------------------------------------------------------- start and stop

    def __enter__(self) -> KafkaCluster:
        libraries()
        if self._own_folder:
            self._folder = Path(tempfile.mkdtemp(prefix="wiredesk-kafka-"))
        try:
            self._choose_ports()
            self._format()
            for node in self.nodes:
                self._launch(node)
            self.wait_until_ready()
        except BaseException:
            self.stop(gracefully=False)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(gracefully=not self._own_folder)

    def stop(self, *, gracefully: bool) -> None:
        """End all nodes, with a clean shutdown where the data is kept; a second call does nothing."""
        running, self.processes = self.processes, {}
        for process in running.values():
            process.send_signal(signal.SIGCONT)  # a frozen one would not hear a terminate
            process.send_signal(signal.SIGTERM if gracefully else signal.SIGKILL)
        for process in running.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._own_folder and self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def start(self, node: int = 1) -> None:
        """Start a node that was killed, with its data, and wait until the cluster answers and counts it in."""
        self._launch(node)
        self.wait_until_ready()

    def kill(self, node: int = 1) -> None:
        """End a node as kill -9 does."""
        process = self.processes.pop(node)
        process.kill()
        process.wait()

    def freeze(self, node: int = 1) -> None:
        """Stop the clock of a node: it keeps its connections and answers nothing."""
        self.processes[node].send_signal(signal.SIGSTOP)

    def thaw(self, node: int = 1) -> None:
        """Let a frozen node go on."""
        self.processes[node].send_signal(signal.SIGCONT)

    def wait_until_ready(self) -> None:
        """Wait until a client hears that every node that was started is there.

        Raises:
            BrokerError: one has ended, or not all are there within a minute.
        """
        deadline = time.monotonic() + READY_TIMEOUT_SECONDS
        while not self._answers():
            for node, process in self.processes.items():
                if process.poll() is not None:
                    msg = f"node {node} ended with exit code {process.returncode}; {self._tail(node)}"
                    raise BrokerError(msg)
            if time.monotonic() > deadline:
                msg = f"Kafka did not answer within {READY_TIMEOUT_SECONDS} s; {self._tail(1)}"
                raise BrokerError(msg)
            time.sleep(0.1)

    def _answers(self) -> bool:
        first = next(iter(self._listeners))
        if not all(_listens(self._ports[node, first]) for node in self.processes):
            return False
        try:
            admin = clients.admin(self.connection)
        except BrokerError:
            return False
        try:
            present = {int(broker["broker_id"]) for broker in admin.describe_cluster()["brokers"]}
            return set(self.processes) <= present
        except KafkaError:
            return False
        finally:
            admin.close()

    def leader(self, topic: str) -> int | None:
        """The node that leads the first partition of a topic; None: the nodes do not agree yet."""
        admin = clients.admin(self.connection)
        try:
            (described,) = admin.describe_topics([topic])
            leader = int(described["partitions"][0]["leader_id"])
        except KafkaError:
            return None
        finally:
            admin.close()
        return None if leader < 0 else leader

    def _tail(self, node: int, lines: int = 15) -> str:
        text = self.log_file(node).read_text("utf-8", "replace")
        return "its log ends with:\n" + "\n".join(text.splitlines()[-lines:])

    # -------------------------------------------------------------------------------------------- making a node

    def _choose_ports(self) -> None:
        wanted = [(node, listener) for node in self.nodes for listener in (*self._listeners, "CONTROLLER")]
        free = _free_ports(len(wanted))
        self._ports = dict(zip(wanted, free, strict=True))
        if self._port is not None:
            self._ports[1, next(iter(self._listeners))] = self._port

    def _format(self) -> None:
        """Write the nodes' configurations, and give a new data folder its identity, all nodes at once."""
        new = []
        for node in self.nodes:
            (self.folder / f"node{node}.properties").write_text(self._configuration(node))
            if not (self._data(node) / "meta.properties").exists():
                new.append(node)
        # An id that begins with a hyphen would be taken for a flag.
        cluster_id = base64.urlsafe_b64encode(b"w" + uuid.uuid4().bytes[1:]).decode().rstrip("=")
        running = [(node, self._formatting(node, cluster_id)) for node in new]
        for node, process in running:
            said, _ = process.communicate(timeout=READY_TIMEOUT_SECONDS)
            if process.returncode:
                msg = f"the data folder of node {node} could not be formatted:\n{said}"
                raise BrokerError(msg)

    def _formatting(self, node: int, cluster_id: str) -> subprocess.Popen[str]:
        arguments = ["format", "-t", cluster_id, "-c", str(self.folder / f"node{node}.properties")]
        return subprocess.Popen(
            [*self._java(), "kafka.tools.StorageTool", *arguments, *self._format_arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - as in pipeline.broker.embedded
        )

    def _launch(self, node: int) -> None:
        with self.log_file(node).open("ab") as out:
            self.processes[node] = subprocess.Popen(
                [*self._java(), "kafka.Kafka", str(self.folder / f"node{node}.properties")],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C is for us: we stop it
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - and it never outlives us
            )

    def _java(self) -> list[str]:
        return ["java", *self._jvm, "-cp", f"{KAFKA_DIR}{os.pathsep}{LIBS}{os.sep}*"]

    def _data(self, node: int) -> Path:
        return self.folder / f"node{node}"

    def _configuration(self, node: int) -> str:
        names = (*self._listeners, "CONTROLLER")
        protocols = {**self._listeners, "CONTROLLER": "PLAINTEXT"}
        template = string.Template((KAFKA_DIR / "server.properties").read_text("utf-8"))
        filled = template.substitute(
            node_id=node,
            voters=",".join(f"{n}@{HOST}:{self._ports[n, 'CONTROLLER']}" for n in self.nodes),
            listeners=",".join(f"{name}://{HOST}:{self._ports[node, name]}" for name in names),
            advertised=",".join(
                f"{name}://{self._advertised.get(name, f'{HOST}:{self._ports[node, name]}')}"
                for name in self._listeners
            ),
            protocols=",".join(f"{name}:{protocol}" for name, protocol in protocols.items()),
            inter_broker=names[0],
            data=self._data(node),
            replicas=len(self.nodes),
            min_insync=min(2, len(self.nodes)),
        )
        # The last line of a name is the one that counts.
        return filled + "".join(f"{name}={value}\n" for name, value in self._properties.items())


def _free_ports(count: int) -> list[int]:
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    msg = f"{HOST} has no {count} free ports from {PORTS.start} to {PORTS.stop}"
    raise BrokerError(msg)


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


# ------------------------------------------------------------------------------------------------ make kafka


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


# ruff: noqa: T201
def main(argv: Sequence[str] | None = None) -> int:
    """Run one node until Ctrl-C. Its data stays in ``--folder`` and is there at the next start."""
    parser = argparse.ArgumentParser(prog="make kafka", description=main.__doc__)
    parser.add_argument("--port", type=int, default=9092)
    parser.add_argument("--folder", type=Path, default=Path("build/kafka"))
    args = parser.parse_args(argv)
    if _listens(args.port):
        print(f"make kafka: something listens on port {args.port} already; try: make kafka PORT={args.port + 1}")
        return 2
    for number in (signal.SIGINT, signal.SIGTERM):  # make's shell may have us ignore the first
        signal.signal(number, _interrupt)
    args.folder.mkdir(parents=True, exist_ok=True)
    print("starting Apache Kafka (the first time fetches it: 54 MB) ...", flush=True)
    try:
        with KafkaCluster(folder=args.folder.resolve(), port=args.port) as kafka:
            print(f"Apache Kafka on {kafka.brokers}, pid {kafka.pid()}, log {args.folder}/node1.log; Ctrl-C stops it")
            print(f"  export KAFKA_BOOTSTRAP_SERVERS={kafka.brokers}", flush=True)
            code = kafka.processes[1].wait()
            print(f"make kafka: the broker ended with exit code {code}: see {args.folder}/node1.log")
            return 1
    except KeyboardInterrupt:
        print("stopped; the data is kept until make clean")
        return 0
    except (KafkaUnavailableError, BrokerError) as error:
        print(f"make kafka: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
