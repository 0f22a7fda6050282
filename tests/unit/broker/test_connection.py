"""A connection that fails says which broker and why, in one sentence."""

import logging
import socket
import ssl
from collections.abc import Callable

import pytest
from kafka.errors import KafkaConnectionError, KafkaTimeoutError

from pipeline.broker import clients
from pipeline.broker.clients import BrokerError, Connection, explain

NO_TIME = KafkaTimeoutError("Unable to bootstrap from ['b:1']")


def _heard(cause: str) -> str:
    return f"Bootstrap connection to bootstrap-0 failed: {cause} (backoff 0.10 secs)"


def test_addresses_of_all_kinds() -> None:
    assert Connection("a:1, b,[::1]:3,").addresses == [("a", 1), ("b", 9092), ("::1", 3)]


@pytest.mark.parametrize("brokers", ["a:port", "a:0", "a:70000", ":9092", "a:"])
def test_an_address_that_is_none_is_refused(brokers: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        _ = Connection(brokers).addresses


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("KafkaConnectionError: 111 ECONNREFUSED", "nothing listens"),
        ("KafkaConnectionError: DNS Resolution failure", "host name cannot be resolved"),
        ("[Error 58] SaslAuthenticationFailedError: Authentication failed: Invalid username or password", "is wrong"),
        ("[Error 33] UnsupportedSaslMechanismError", "SASL mechanism"),
        ("KafkaConnectionError: socket disconnected", "closes the connection"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate", "not trusted"),
        ("something nobody has seen yet", "something nobody has seen yet"),
    ],
)
def test_the_cause_that_was_logged_is_told_instead_of_a_time_out(cause: str, said: str) -> None:
    sentence = explain(NO_TIME, "b:1", [_heard(cause), "Bootstrap failed: KafkaTimeoutError: Unable to bootstrap"])
    assert sentence.startswith("cannot use the Kafka broker b:1: ")
    assert said in sentence
    assert "\n" not in sentence


def test_a_wrong_password_is_told_though_the_last_try_only_timed_out() -> None:
    wrong = "[Error 58] SaslAuthenticationFailedError: Authentication failed: Invalid username or password"
    tries = ["KafkaConnectionError: socket disconnected", wrong, "[Error 7] RequestTimedOutError: Request timed out"]
    assert "password is wrong" in explain(NO_TIME, "b:1", map(_heard, tries))


def test_without_a_logged_cause_the_error_itself_is_told() -> None:
    assert "Unable to bootstrap" in explain(NO_TIME, "b:1")
    assert "closes the connection" in explain(KafkaConnectionError("x"), "b:1")
    assert "nothing listens" in explain(ConnectionRefusedError(111, "Connection refused"), "b:1")
    assert "not trusted" in explain(ssl.SSLCertVerificationError(1, "certificate verify failed: self-signed"), "b:1")


def _unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("make", [clients.consumer, clients.producer, clients.admin])
def test_a_dead_broker_is_one_sentence_from_every_kind_of_client(
    make: Callable[[Connection], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "BOOTSTRAP_TIMEOUT_MS", 100)
    with pytest.raises(BrokerError, match="nothing listens at that address"):
        make(Connection(f"127.0.0.1:{_unused_port()}"))


def test_a_host_that_does_not_exist_is_told_at_once() -> None:
    with pytest.raises(BrokerError, match="host name cannot be resolved"):
        clients.consumer(Connection("no-such-host.invalid:9092"))


def test_one_living_broker_among_dead_ones_is_enough_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "BOOTSTRAP_TIMEOUT_MS", 100)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        clients._reach(Connection(f"127.0.0.1:{_unused_port()},127.0.0.1:{listener.getsockname()[1]}"))


def test_listening_to_kafka_python_leaves_its_logger_as_it_was() -> None:
    logger = logging.getLogger("kafka.net")
    logger.setLevel(logging.ERROR)
    with clients._listening() as heard:
        logging.getLogger("kafka.net.manager").warning("Bootstrap %s", "failed")
    assert heard == ["Bootstrap failed"]
    assert (logger.level, logger.propagate, logger.handlers) == (logging.ERROR, True, [])
    logger.setLevel(logging.NOTSET)


def test_a_password_is_never_shown() -> None:
    assert "sentinel" not in repr(Connection("a:1", "SASL_SSL", "PLAIN", "alice", "sentinel"))
