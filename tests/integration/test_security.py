"""Each kind of security on a real broker; the password is found nowhere; the access list in the docs is enough."""

from __future__ import annotations

import base64
import bz2
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2
from desk import Desk, Input, article
from kafka_cluster import KafkaUnavailableError
from kafka_security import PASSWORD, USER, SecureKafka, allow, forbid

from pipeline import topology
from pipeline.broker import clients
from pipeline.settings import Settings

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
PATIENCE_SECONDS = 120
Rule = tuple[str, str, str]


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureKafka]:
    folder = tmp_path_factory.mktemp("secure")
    (folder / "password").write_text(f"{PASSWORD}\n")
    (folder / "wrong").write_text("not it")
    try:
        with SecureKafka(folder) as running:
            yield running
    except KafkaUnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture
def desk(secure: SecureKafka) -> Iterator[Desk]:
    """Topics, and all that a run may need, for the user."""
    made = Desk(secure.brokers)
    with changed_rules(secure, allow, rules("run", made.settings)):
        yield made


class changed_rules:  # noqa: N801 - reads like a function
    """Allow or forbid, for the length of a block."""

    def __init__(self, secure: SecureKafka, change, these: list[Rule]) -> None:
        self.admin = clients.admin(secure.connection)
        self.change, self.back, self.rules = change, {allow: forbid, forbid: allow}[change], these

    def __enter__(self) -> None:
        self.change(self.admin, self.rules)

    def __exit__(self, *_: object) -> None:
        self.back(self.admin, self.rules)
        self.admin.close()


def table(command: str) -> list[tuple[str, str, str]]:
    """The rows of the documentation for a command: resource, name as written there, operation."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in OPERATIONS.read_text("utf-8").splitlines()]
    return [(row[1], row[2], row[3]) for row in rows if len(row) == 5 and row[0] == command]


def rules(command: str, settings: Settings) -> list[Rule]:
    return [
        rule((resource, name, operation), settings)
        for resource, name, operations in table(command)
        for operation in operations.split(", ")
    ]


def rule(row: tuple[str, str, str], settings: Settings) -> Rule:
    resource, name, operation = row
    kind = "TRANSACTIONAL_ID" if resource == "TransactionalId" else resource.upper()
    return operation.upper(), kind, re.sub(r"`(\w+)`", lambda m: getattr(settings, m[1]), name)


def wiredesk(*words: str, environ: dict[str, str] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environ or {})},
    )


def done(*words: str, environ: dict[str, str] | None = None) -> tuple[int, str, str]:
    process = wiredesk(*words, environ=environ)
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, out, err


IN_ENVIRONMENT = {"WIREDESK_KAFKA_PASSWORD": PASSWORD}


def kinds(secure: SecureKafka) -> dict[str, tuple[list[str], dict[str, str]]]:
    """By name: the flags, and the environment, of each kind of security."""
    from_file = f"--kafka_password_file={secure.ca.cert_file.parent / 'password'}"
    ca = f"--kafka_ca_file={secure.ca.cert_file}"
    user = f"--kafka_username={USER}"

    def flags(listener: str, security: str, *more: str) -> list[str]:
        return [f"--kafka_brokers={secure.addresses(listener)}", f"--kafka_security={security}", *more]

    def sasl(listener: str, security: str, mechanism: str, *more: str) -> list[str]:
        return flags(listener, security, f"--kafka_sasl_mechanism={mechanism}", user, *more)

    own = (f"--kafka_cert_file={secure.client.cert_file}", f"--kafka_key_file={secure.client.key_file}")
    return {
        "PLAIN": (sasl("PLAIN", "SASL_PLAINTEXT", "PLAIN"), IN_ENVIRONMENT),
        "SCRAM-SHA-256": (sasl("SCRAM", "SASL_PLAINTEXT", "SCRAM-SHA-256", from_file), {}),
        "SCRAM-SHA-512": (sasl("SCRAM", "SASL_PLAINTEXT", "SCRAM-SHA-512"), IN_ENVIRONMENT),
        "TLS": (flags("TLS", "SSL", ca), {}),
        "mTLS": (flags("MTLS", "SSL", ca, *own), {}),
        "TLS and SCRAM": (sasl("TLSSCRAM", "SASL_SSL", "SCRAM-SHA-512", ca, from_file), {}),
    }


@pytest.mark.parametrize("kind", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "TLS", "mTLS", "TLS and SCRAM"])
def test_a_run_works_and_tells_its_password_to_nobody(secure: SecureKafka, desk: Desk, kind: str):
    desk.send([Input(article("a")), Input(b"junk", partition=1)])
    flags, environ = kinds(secure)[kind]
    process = wiredesk("run", "--log_level=DEBUG", *desk.flags(), *flags, "--stop_at_end", environ=environ)
    said = []
    seen = []
    for line in process.stderr:
        said.append(line)
        seen.append(Path(f"/proc/{process.pid}/cmdline").read_text())
    code = process.wait(PATIENCE_SECONDS)
    everything = "".join([*said, *seen, process.stdout.read()])
    process.stdout.close()
    process.stderr.close()
    assert code == 3, everything
    assert [len(desk.records(topic)) for topic in desk.settings.output_topics] == [1, 1, 1]
    assert len(said) > 10, "too little was logged to find anything in it"
    assert any("--log_level=DEBUG" in line for line in seen)
    assert PASSWORD not in everything


@pytest.fixture(scope="module")
def refused(secure: SecureKafka) -> dict[str, tuple[int, str]]:
    """Every wrong way to come in, all at once, since each waits for ten seconds: exit code and what was said."""
    by_name = {name: flags for name, (flags, _) in kinds(secure).items()}
    wrong = f"--kafka_password_file={secure.ca.cert_file.parent / 'wrong'}"
    other_ca = f"--kafka_ca_file={secure.other_ca.cert_file}"
    ways = {
        "wrong PLAIN password": [*by_name["PLAIN"], wrong],
        "wrong SCRAM password": [*by_name["SCRAM-SHA-512"], wrong],
        "wrong password under TLS": [*by_name["TLS and SCRAM"], wrong],
        "unknown authority": [*by_name["TLS"], other_ca],
        "authority not named": by_name["TLS"][:-1],
        "no TLS to a TLS port": [by_name["TLS"][0]],
        "TLS to a port without": [*by_name["TLS"], f"--kafka_brokers={secure.brokers}"],
        "no certificate of our own": [*by_name["TLS"], f"--kafka_brokers={secure.addresses('MTLS')}"],
        "mechanism not offered": [*by_name["PLAIN"], "--kafka_sasl_mechanism=SCRAM-SHA-256", wrong],
    }
    running = {name: wiredesk("run", "--stop_at_end", *flags) for name, flags in ways.items()}
    answers = {name: process.communicate(timeout=PATIENCE_SECONDS)[1] for name, process in running.items()}
    return {name: (process.returncode, answers[name]) for name, process in running.items()}


@pytest.mark.parametrize(
    ("way", "cause"),
    [
        ("wrong PLAIN password", "user name or password is wrong"),
        ("wrong SCRAM password", "user name or password is wrong"),
        ("wrong password under TLS", "user name or password is wrong"),
        ("unknown authority", "its certificate is not trusted"),
        ("authority not named", "its certificate is not trusted"),
        ("no TLS to a TLS port", "do kafka_security and kafka_sasl_mechanism fit this port"),
        ("TLS to a port without", "it does not speak TLS there"),
        ("no certificate of our own", "wants one (kafka_cert_file)"),
        ("mechanism not offered", "kafka_sasl_mechanism"),
    ],
)
def test_who_is_refused_is_told_why_in_one_sentence(refused: dict[str, tuple[int, str]], way: str, cause: str):
    code, said = refused[way]
    assert code == 2, said
    first, *rest = said.splitlines()
    assert first == "wiredesk run:"
    assert len(rest) == 1, said
    assert cause in rest[0]


def test_the_job_that_a_runner_gets_does_not_hold_the_password(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WIREDESK_KAFKA_PASSWORD", PASSWORD)
    settings = Settings(
        kafka_brokers="broker:9092",
        kafka_security="SASL_SSL",
        kafka_sasl_mechanism="SCRAM-SHA-512",
        kafka_username=USER,
        kafka_password=PASSWORD,
        input_topic="marker.topic",
    )
    for delivery in ("at_least_once", "exactly_once"):
        pipeline = beam.Pipeline()
        topology.build(pipeline, replace(settings, delivery=delivery), [("marker.topic", 0)])
        job = pipeline.to_runner_api()
        found = [job.SerializeToString(), *_functions(job)]
        assert sum(b"marker.topic" in function for function in found[1:]) >= 4, "the settings were not looked into"
        assert not any(PASSWORD.encode() in part for part in found)


def _functions(job: beam_runner_api_pb2.Pipeline) -> Iterator[bytes]:
    """The pickled functions of a job, unpacked: Beam compresses them."""
    for transform in job.components.transforms.values():
        if transform.spec.urn == common_urns.primitives.PAR_DO.urn:
            payload = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload).do_fn.payload
            yield bz2.decompress(base64.b64decode(payload))


# ------------------------------------------------------------------------------------------------ access lists


def login(secure: SecureKafka) -> list[str]:
    return kinds(secure)["SCRAM-SHA-256"][0]


def test_the_rights_in_the_documentation_are_enough(secure: SecureKafka, desk: Desk, tmp_path: Path):
    who = [*desk.flags(), *login(secure)]
    assert done("topics", "check", *without_group(who))[0] == 0
    desk.send([Input(article("a"))])
    assert done("run", "--stop_at_end", "--delivery=exactly_once", *who)[0] == 0
    with changed_rules(secure, allow, rules("read", desk.settings)):
        code, out, err = done("read", *only_kafka(who), f"--topic={desk.settings.output_topic}")
        assert code == 0, err
        assert "Minister in Geneva" in out
    code, _, err = done("archive", "--stop_at_end", f"--avro_dir={tmp_path}", *archives(who))
    assert code in (1, 2), "it was archived by a user who may not"
    assert "Traceback" not in err
    with changed_rules(secure, allow, rules("archive", desk.settings)):
        code, _, err = done("archive", "--stop_at_end", f"--avro_dir={tmp_path}", *archives(who))
    assert code == 0, err
    assert len(list(tmp_path.rglob("*.avro"))) == 2


def test_topics_are_made_and_filled_with_the_rights_in_the_documentation(secure: SecureKafka, tmp_path: Path):
    made = Desk(secure.brokers)
    new = replace(made.settings, **{name: f"new.{name}" for name in (
        "input_topic", "output_topic", "events_topic", "dead_letter_topic")})  # fmt: skip
    object.__setattr__(made, "settings", new)
    who = [*made.flags(), *login(secure)]
    (tmp_path / "a.txt").write_text("A story.")
    with changed_rules(secure, allow, rules("topics create", new) + rules("replay", new)):
        code, _, err = done("topics", "create", *without_group(who))
        assert code == 0, err
        code, _, err = done("replay", *only_kafka(who), "--input_topic=new.input_topic", str(tmp_path / "a.txt"))
        assert code == 0, err
    assert made.ends() in ({0: 1, 1: 0}, {0: 0, 1: 1})


def only_kafka(flags: list[str]) -> list[str]:
    return [flag for flag in flags if flag.startswith("--kafka_")]


def without_group(flags: list[str]) -> list[str]:
    return [flag for flag in flags if not flag.startswith("--consumer_group")]


def archives(flags: list[str]) -> list[str]:
    return [flag for flag in flags if not flag.startswith(("--input_topic", "--dead_letter_topic"))]


@pytest.mark.parametrize("row", table("run"), ids=" ".join)
def test_a_run_that_lacks_one_of_its_rights_says_so(secure: SecureKafka, desk: Desk, row: tuple[str, str, str]):
    desk.send([Input(article("a"))])
    missing = rule(row, desk.settings)
    with changed_rules(secure, forbid, [missing]):
        code, _, said = done("run", "--stop_at_end", "--delivery=exactly_once", *desk.flags(), *login(secure))
    assert code in (1, 2), said
    assert "Traceback" not in said
    sentence = said.splitlines()[-1]
    assert missing[2] in sentence or (row[0] == "TransactionalId" and row[0] in sentence)
    assert "allowed" in sentence


def test_a_topic_that_may_be_seen_but_not_written_is_named(secure: SecureKafka, desk: Desk):
    desk.send([Input(article("a"))])
    events = desk.settings.events_topic
    with (
        changed_rules(secure, forbid, [("WRITE", "TOPIC", events)]),
        changed_rules(secure, allow, [("DESCRIBE", "TOPIC", events)]),
    ):
        code, _, said = done("run", "--stop_at_end", *desk.flags(), *login(secure))
    assert code == 1
    assert "Traceback" not in said
    assert events in said.splitlines()[-1]
    assert "allowed" in said.splitlines()[-1]
    assert desk.committed() == {0: None, 1: None}
