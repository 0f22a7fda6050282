"""A TCP proxy that cuts connections when told: what a load balancer or a firewall does in the middle of a batch.

Kafka names its own address to clients, so a broker behind a proxy has to advertise the proxy's: take the port first
(``TcpProxy()``), start the broker with it as an advertised listener, then ``proxy.target = (host, port)``.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

from kafka_cluster import HOST, KafkaCluster

CHUNK_BYTES = 65_536
# On, 0 s: closing sends a reset instead of a goodbye, and drops what was not sent yet.
RESET = struct.pack("ii", 1, 0)


class TcpProxy:
    """Passes bytes on in both directions, a thread for each: ``with TcpProxy(target) as proxy: ... proxy.cut()``.

    Args:
        target: where to; may be set later, before the first client comes.

    `passed_bytes` counts what clients sent, so that a test can cut in the middle of something.
    """

    def __init__(self, target: tuple[str, int] | None = None) -> None:
        self.target = target
        self.passed_bytes = 0
        self.cuts = 0
        self._cut_at_bytes = self._cut_every_bytes = self._cuts_left = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._server = socket.create_server((HOST, 0))
        self.address = f"{HOST}:{self.port}"

    @property
    def port(self) -> int:
        """The port clients connect to."""
        return int(self._server.getsockname()[1])

    def __enter__(self) -> TcpProxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """Reset every connection now; new ones are taken."""
        with self._lock:
            cut, self._open = self._open, set()
        self.cuts += bool(cut)
        for end in cut:
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                end.shutdown(socket.SHUT_RD)  # wakes whoever waits for it, and says nothing to the other side
            end.close()

    def cut_every(self, sent_bytes: int, times: int) -> None:
        """Reset every connection whenever clients have sent so many bytes more: in the middle of a request."""
        with self._lock:
            self._cut_every_bytes, self._cuts_left = sent_bytes, times
            self._cut_at_bytes = self.passed_bytes + sent_bytes

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            try:
                broker = socket.create_connection(self.target or ("", 0))
            except OSError:
                client.close()
                continue
            with self._lock:
                self._open |= {client, broker}
            threading.Thread(target=self._pass_on, args=(client, broker, True), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(broker, client, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, from_client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK_BYTES):
                if from_client and self._is_the_end(len(data)):
                    sink.sendall(data[: len(data) // 2])
                    self.cut()
                    return
                sink.sendall(data)
        for end in (source, sink):
            with self._lock:
                self._open.discard(end)
            end.close()

    def _is_the_end(self, size: int) -> bool:
        with self._lock:
            self.passed_bytes += size
            if not self._cuts_left or self.passed_bytes < self._cut_at_bytes:
                return False
            self._cuts_left -= 1
            self._cut_at_bytes = self.passed_bytes + self._cut_every_bytes
            return True


@contextlib.contextmanager
def cluster_behind_a_proxy() -> Iterator[tuple[KafkaCluster, TcpProxy]]:
    """A node that is reached through a proxy at the proxy's address, and directly at its own."""
    proxy = TcpProxy()
    listeners = {"OWN": "PLAINTEXT", "PROXIED": "PLAINTEXT"}
    with KafkaCluster(listeners=listeners, advertised={"PROXIED": proxy.address}) as cluster, proxy:
        proxy.target = (HOST, int(cluster.addresses("PROXIED").rpartition(":")[2]))
        yield cluster, proxy
