"""The one place that makes kafka-python clients: safe defaults, and every failure to connect as one plain sentence."""

from __future__ import annotations

import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from pipeline.broker.connection import BrokerError, Connection
from pipeline.model import Message

__all__ = [
    "BrokerError",
    "Connection",
    "admin",
    "check_topics",
    "close_producer",
    "committed",
    "consumer",
    "end_offsets",
    "explain",
    "is_embedded",
    "moved",
    "next_to_read",
    "partitions_of",
    "producer",
    "refused",
]

EMBEDDED_CLUSTER_ID = "wiredesk-embedded"
BOOTSTRAP_TIMEOUT_MS = 10_000
REQUEST_TIMEOUT_SECONDS = 30
# kafka-python's own limit of 30 s makes a client wait that long for a broker that has been back for a while.
RECONNECT_BACKOFF_MAX_MS = 1_000
# An article may have several megabytes; kafka-python's 1 MB would fetch such ones alone.
MAX_PARTITION_FETCH_BYTES = 8 * 1024 * 1024
# kafka-python's default; what a broker takes is its own `max.message.bytes`.
MAX_REQUEST_BYTES = 1_048_576
COMMITTED_TIMEOUT_MS = 10_000
# The metadata of every offset that we commit.
OUR_MARK = "wiredesk"

# kafka-python says why only to its log; the exception says no more than "Unable to bootstrap".
_CAUSE = re.compile(r"Bootstrap (?:connection|attempt) to \S+ failed: (?P<cause>.*) \(backoff [\d.]+ secs\)$")


def consumer(connection: Connection, **overrides: object) -> KafkaConsumer:
    """A consumer that commits only when told to, sees committed records only, and never guesses an offset.

    Raises:
        BrokerError: it cannot connect.
    """
    options: dict[str, object] = {
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "allow_auto_create_topics": False,
        "isolation_level": "read_committed",
        "max_partition_fetch_bytes": MAX_PARTITION_FETCH_BYTES,
    }
    return _connected(KafkaConsumer, connection, options | overrides)


def producer(connection: Connection, *, compression: str = "none", **overrides: object) -> KafkaProducer:
    """A producer whose records are acknowledged by all replicas and never doubled by a retry of its own.

    Records with a key go to the partition that every Kafka client gives them: murmur2 of the key.

    Raises:
        BrokerError: it cannot connect.
    """
    options: dict[str, object] = {
        "enable_idempotence": True,
        "acks": "all",
        "allow_auto_create_topics": False,
        "max_request_size": MAX_REQUEST_BYTES,
        "linger_ms": 5,
        "compression_type": None if compression == "none" else compression,
    }
    made = _connected(KafkaProducer, connection, options | overrides)
    _lose_no_request(made)
    _bound_transactional_waits(made)
    return made


def close_producer(made: KafkaProducer, seconds: float) -> None:
    """Close it, and end its thread. What is unacknowledged is given up, and an open transaction is aborted.

    kafka-python's own close would leave the thread at work when a broker is gone, and a transaction open until it times
    out: until then readers of committed records see nothing that comes after it.
    """
    made.config["max_block_ms"] = seconds * 1000
    try:
        with suppress(KafkaError):  # it is in no transaction, or another producer has taken it over
            if made.config["transactional_id"]:
                made.abort_transaction()
        made.close(timeout=seconds)
    except KafkaError:
        made._sender.force_close()  # noqa: SLF001 - close() raises before it gets there


def _bound_transactional_waits(made: KafkaProducer) -> None:
    """Let every transactional call wait no longer than ``max_block_ms``, then `KafkaTimeoutError`, as in Java's client.

    kafka-python 3.0.12 does so in `init_transactions` alone; the others wait without end for a coordinator that never
    answers. What they wait for is the result that the transaction manager hands out.
    """
    manager = made._transaction_manager  # noqa: SLF001 - there is no public way
    for name in ("begin_commit", "begin_abort", "send_offsets_to_transaction"):
        setattr(manager, name, partial(_begin_bounded, made, name, getattr(manager, name)))


def _begin_bounded(made: KafkaProducer, name: str, begin: Callable[..., Any], *args: Any) -> Any:
    result = begin(*args)
    wait = result.wait

    def wait_bounded() -> bool:
        seconds = made.config["max_block_ms"] / 1000
        if not wait(timeout_ms=seconds * 1000):
            msg = f"{name} of a transaction was not answered for {seconds:.0f} s"
            raise KafkaTimeoutError(msg)
        return True

    result.wait = wait_bounded
    return result


def next_to_read(offset: int) -> OffsetAndMetadata:
    """An offset as we commit it: with our mark, which a reset by somebody else's tool does not have."""
    return OffsetAndMetadata(offset, OUR_MARK, -1)


def committed(
    asking: KafkaConsumer, partitions: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], OffsetAndMetadata | None]:
    """What the group of a consumer has committed for each (topic, partition).

    Raises:
        KafkaError: no answer in `COMMITTED_TIMEOUT_MS`. Without a limit kafka-python waits for ever.
    """
    return {
        at: asking.committed(TopicPartition(*at), metadata=True, timeout_ms=COMMITTED_TIMEOUT_MS) for at in partitions
    }


def moved(group: str, at: tuple[str, int], ours: int, found: OffsetAndMetadata) -> str:
    """One sentence about a group whose offset somebody else changed under a live run."""
    return (
        f"somebody else moved the group {group!r} on {at[0]}/{at[1]} from offset {ours} to {found.offset}; this run has"
        " stopped, and the next one begins there"
    )


def refused(message: Message, error: KafkaError) -> BrokerError:
    """One sentence about a record that was not accepted."""
    size = len(message.value or b"")
    if isinstance(error, MessageSizeTooLargeError):
        return BrokerError(
            f"a record of {size} bytes for topic {message.topic} is too large: raise the topic's max.message.bytes"
            " (wiredesk topics check says to how much) and start again"
        )
    # Only a topic that is not as `wiredesk topics create` makes it looks at our clock.
    why = "is the clock of this machine right? " if "imestamp" in repr(error) else ""
    return BrokerError(f"a record of {size} bytes for topic {message.topic} was not accepted: {why}{error!r}")


def _lose_no_request(made: KafkaProducer) -> None:
    """Cure a fault of kafka-python 3.0.12: a transaction whose coordinator goes away may wait without end.

    `Sender._maybe_send_pending_request` puts a request back when the coordinator's node is not ready, but forgets it
    when asking whether it is ready raises, as a refused connection does. `tests/integration/test_real_kafka.py` shows
    when a newer one no longer needs this.
    """
    client = made._sender._client  # noqa: SLF001 - there is no public way
    await_ready = client.await_ready

    def is_ready(*args: Any, **kwargs: Any) -> bool:
        try:
            return bool(await_ready(*args, **kwargs))
        except KafkaError:
            return False

    client.await_ready = is_ready


def admin(connection: Connection) -> KafkaAdminClient:
    """A client for topics and their configuration.

    Raises:
        BrokerError: it cannot connect.
    """
    return _connected(KafkaAdminClient, connection, {})


def is_embedded(client: KafkaConsumer | KafkaAdminClient | Connection) -> bool:
    """Whether the cluster is the embedded broker, whose offsets need care."""
    if isinstance(client, Connection):
        with _closing(consumer(client)) as own:
            return is_embedded(own)
    if isinstance(client, KafkaAdminClient):
        return bool(client.describe_cluster()["cluster_id"] == EMBEDDED_CLUSTER_ID)
    # A consumer has the id since its bootstrap, but kafka-python says it in public only through an admin client.
    return bool(client._cluster.cluster_id == EMBEDDED_CLUSTER_ID)  # noqa: SLF001


def partitions_of(client: KafkaConsumer | Connection, topic: str) -> list[TopicPartition]:
    """The partitions of a topic in order; none where the topic does not exist."""
    if isinstance(client, Connection):
        with _closing(consumer(client)) as own:
            return partitions_of(own, topic)
    return [TopicPartition(topic, number) for number in sorted(client.partitions_for_topic(topic) or ())]


def check_topics(connection: Connection, names: Iterable[str]) -> list[str]:
    """What is wrong with these topics, one sentence each: now whether they exist.

    Raises:
        BrokerError: the broker cannot be asked.
    """
    with _closing(consumer(connection)) as own:
        missing = [name for name in names if not partitions_of(own, name)]
    return [
        f"topic {name} does not exist on {connection.brokers} (make it with: wiredesk topics create)"
        for name in missing
    ]


def end_offsets(client: KafkaConsumer | Connection, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    """The offset after the last record that a read_committed reader may see, for each partition.

    The position and assignment of a consumer that is passed in stay as they are.

    Raises:
        BrokerError: the broker does not answer in time.
    """
    wanted = list(partitions)
    if isinstance(client, Connection):
        with _closing(consumer(client)) as own:
            return end_offsets(own, wanted)
    try:
        found = {at: int(offset) for at, offset in client.end_offsets(wanted).items()}
        return _embedded_end_offsets(client, found) if is_embedded(client) else found
    except KafkaError as error:
        raise BrokerError(explain(error, str(client.config["bootstrap_servers"]))) from error


def _embedded_end_offsets(client: KafkaConsumer, stated: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
    """The ends by the high watermark of a fetch.

    The embedded broker (Tansu 0.6) states, as end, one more than the first offset of its last batch. Only an empty
    partition is stated right: 0. A fetch from just before that offset answers at once and carries the true end.
    """
    ends = {at: offset for at, offset in stated.items() if offset == 0}
    left = [at for at in stated if at not in ends]
    if not left:
        return ends
    same = {name: value for name, value in client.config.items() if name in _CONNECTION_OPTIONS}
    with _closing(KafkaConsumer(**same, **_COMMON, enable_auto_commit=False, auto_offset_reset="none")) as own:
        own.assign(left)
        for at in left:
            own.seek(at, stated[at] - 1)
        deadline = time.monotonic() + REQUEST_TIMEOUT_SECONDS
        while any(own.highwater(at) is None for at in left):
            if time.monotonic() > deadline:
                msg = f"the broker did not say within {REQUEST_TIMEOUT_SECONDS} s where {left[0].topic} ends"
                raise BrokerError(msg)
            own.poll(timeout_ms=200)
        ends |= {at: int(own.highwater(at)) for at in left}
    return {at: ends[at] for at in stated}


# ------------------------------------------------------------------------------------------------ connecting

_COMMON: dict[str, object] = {
    "bootstrap_timeout_ms": BOOTSTRAP_TIMEOUT_MS,
    "reconnect_backoff_max_ms": RECONNECT_BACKOFF_MAX_MS,
}
_CONNECTION_OPTIONS = (
    "bootstrap_servers",
    "security_protocol",
    "sasl_mechanism",
    "sasl_plain_username",
    "sasl_plain_password",
    "ssl_cafile",
    "ssl_certfile",
    "ssl_keyfile",
)


def _options(connection: Connection) -> dict[str, object]:
    values = (
        [f"{host}:{port}" if ":" not in host else f"[{host}]:{port}" for host, port in connection.addresses],
        connection.security,
        connection.sasl_mechanism,
        connection.username,
        connection.password,
        connection.ca_file,
        connection.cert_file,
        connection.key_file,
    )
    return dict(zip(_CONNECTION_OPTIONS, values, strict=True))


def _connected(make: Callable[..., Any], connection: Connection, options: dict[str, object]) -> Any:
    """Make a client, or say in one sentence why it cannot be made."""
    _reach(connection)
    with _listening() as heard:
        try:
            return make(**_options(connection), **_COMMON, **options)
        except (KafkaError, OSError) as error:
            raise BrokerError(explain(error, connection.brokers, heard)) from error


def _reach(connection: Connection) -> None:
    """Open and close a connection to one of the brokers, with TLS where it is asked for.

    kafka-python would try for its whole time-out, three times over in an admin client, and waits without end for a TLS
    handshake that the other side does not know.
    """
    deadline = time.monotonic() + BOOTSTRAP_TIMEOUT_MS / 1000
    while True:
        failed: OSError | None = None
        for host, port in connection.addresses:
            try:
                _shake_hands(connection, host, port)
            except OSError as error:
                failed = error
            else:
                return
        if failed is None:
            raise BrokerError("no broker is named")
        final = isinstance(failed, socket.gaierror | ssl.SSLError | FileNotFoundError | PermissionError)
        if final or time.monotonic() > deadline:
            raise BrokerError(explain(failed, connection.brokers)) from failed
        time.sleep(0.2)


def _shake_hands(connection: Connection, host: str, port: int) -> None:
    with socket.create_connection((host, port), timeout=3) as plain:
        if connection.uses_tls:
            context = ssl.create_default_context(cafile=connection.ca_file)
            if connection.cert_file:
                context.load_cert_chain(connection.cert_file, connection.key_file)
            try:
                context.wrap_socket(plain, server_hostname=host).close()
            except TimeoutError as error:
                raise ssl.SSLError(ssl.SSL_ERROR_SYSCALL, "no answer to a TLS handshake") from error


_listening_lock = threading.Lock()


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Collect, and keep off the terminal, what kafka-python logs about a connection that fails."""
    heard: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("kafka.net")
    with _listening_lock:
        before = logger.level, logger.propagate
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        logger.addHandler(handler)
        try:
            yield heard
        finally:
            logger.removeHandler(handler)
            logger.level, logger.propagate = before


def explain(error: BaseException, brokers: str, heard: Iterable[str] = ()) -> str:
    """One sentence about a failure to use a broker: which, and why.

    Args:
        error: what was raised.
        brokers: the address, for the sentence.
        heard: what kafka-python logged meanwhile. A cause stated there beats the exception: of several tries, the one
            that says most (an authentication that failed says more than the time-out after it).
    """
    causes = [found["cause"] for found in map(_CAUSE.search, heard) if found] or [f"{type(error).__name__}: {error}"]
    for pattern, plain in _PLAIN:
        for cause in reversed(causes):
            if re.search(pattern, cause):
                return f"cannot use the Kafka broker {brokers}: {plain.format(cause=_short(cause))}"
    return f"cannot use the Kafka broker {brokers}: {_short(causes[-1])}"


def _short(cause: str) -> str:
    return re.sub(r"^(?:\[Error \d+\] )?(?:\w+Error: ?)?", "", cause.strip(), count=1).strip() or cause.strip()


# The most telling first. Left: what kafka-python, ssl or the socket says; right: what it means here.
_PLAIN = (
    (r"ECONNREFUSED|ConnectionRefused", "nothing listens at that address"),
    (r"gaierror|DNS", "the host name cannot be resolved"),
    (r"certificate verify failed|CERTIFICATE_VERIFY_FAILED", "its certificate is not trusted ({cause})"),
    (
        r"ALERT_(?:BAD|UNKNOWN|EXPIRED)?_?CERTIFICATE|CERTIFICATE_REQUIRED",
        "it does not take our certificate, or wants one (kafka_cert_file)",
    ),
    (r"SSLEOFError|WRONG_VERSION_NUMBER|TLS handshake", "it does not speak TLS there ({cause})"),
    (r"SSLError|SSL:", "TLS failed ({cause})"),
    (r"UnsupportedSaslMechanism", "it does not offer this SASL mechanism (kafka_sasl_mechanism)"),
    (r"SaslAuthenticationFailed|[Aa]uthentication failed", "user name or password is wrong ({cause})"),
    (
        r"TransactionalIdAuthorizationFailed",
        "this user is not allowed to use the TransactionalId named as the consumer group",
    ),
    (r"AuthorizationFailed|NotAuthorized", "this user is not allowed to do that ({cause})"),
    (r"FileNotFoundError|PermissionError|No such file", "a certificate or key file cannot be read ({cause})"),
    (r"IllegalSaslState", "it does not want SASL at this port (kafka_security)"),
    # Some refusals come as a closed connection only, when the broker is quicker to close than to answer.
    (
        r"KafkaConnectionError",
        "it closes the connection (do kafka_security and kafka_sasl_mechanism fit this port? if so, user name or"
        " password is wrong)",
    ),
    (r"timed out|TimeoutError: timed", "it does not answer"),
    (r"KafkaTimeoutError", "it does not answer in time ({cause})"),
)


@contextmanager
def _closing(client: KafkaConsumer) -> Iterator[KafkaConsumer]:
    try:
        yield client
    finally:
        client.close(autocommit=False)
