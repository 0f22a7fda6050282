"""What tests of ``deploy/`` read: its files, the wiredesk commands in them, and schemas that others publish."""

from __future__ import annotations

import functools
import re
import shlex
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = (DEPLOY / "compose.yaml", DEPLOY / "compose.sasl.yaml")
KUBERNETES = (*sorted((DEPLOY / "kubernetes").glob("*.yaml")), *sorted((DEPLOY / "flink").glob("*.yaml")))
UNIT = DEPLOY / "systemd" / "wiredesk.service"
DOCKERFILE = DEPLOY / "Dockerfile"
# The newest that Maven Central has of each, and the Flink of cluster.yaml.
CRD = "org.apache.flink:flink-kubernetes-operator-api:1.10.0"
FLINK_CORE = "org.apache.flink:flink-core:1.20.3"
FETCH_TIMEOUT_SECONDS = 240


class NotHereError(Exception):
    """An artefact cannot be had on this machine; the text says why."""


@functools.cache
def artefact(coordinates: str) -> Path:
    """A jar from Maven Central, fetched the first time into ``build/``.

    Raises:
        NotHereError: Maven is missing, or the fetch failed.
    """
    _, name, version = coordinates.split(":")
    jar = ROOT / "build" / "contract" / f"{name}-{version}.jar"
    if jar.exists():
        return jar
    if shutil.which("mvn") is None:
        msg = f"{name} is fetched by Maven, and there is no mvn here"
        raise NotHereError(msg)
    command = ["mvn", "-B", "-q", "dependency:copy", f"-Dartifact={coordinates}:jar", f"-DoutputDirectory={jar.parent}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        msg = f"{name} could not be fetched: Maven took more than {FETCH_TIMEOUT_SECONDS} s"
        raise NotHereError(msg) from error
    if not jar.exists():
        msg = f"{name} could not be fetched: {done.stdout[-300:]}"
        raise NotHereError(msg)
    return jar


def flink_deployment_schema() -> dict[str, Any]:
    """The schema of a FlinkDeployment as its operator publishes it."""
    with zipfile.ZipFile(artefact(CRD)) as jar:
        crd = yaml.safe_load(jar.read("META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml"))
    (version,) = crd["spec"]["versions"]
    schema: dict[str, Any] = version["schema"]["openAPIV3Schema"]
    return schema


def documents(path: Path) -> list[dict[str, Any]]:
    """The documents of a YAML file."""
    return list(yaml.safe_load_all(path.read_text("utf-8")))


def pods(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The pod templates in a manifest."""
    spec = document["spec"]
    if "template" in spec:
        yield spec["template"]
    for part in (spec, spec.get("jobManager", {}), spec.get("taskManager", {})):
        if "podTemplate" in part:
            yield part["podTemplate"]


@dataclass(frozen=True)
class Command:
    """A wiredesk command line as it stands in a file, without the program's name, and what it finds around it."""

    where: str
    words: list[str]
    environ: dict[str, str] = field(default_factory=dict)


def commands() -> list[Command]:
    """Every wiredesk command in ``deploy/``."""
    return [*_in_compose(), *_in_kubernetes(), *_in_unit(), *_in_dockerfile()]


def _in_compose() -> Iterator[Command]:
    base, secure = (documents(path)[0] for path in COMPOSE)
    for name, service in base["services"].items():
        if service.get("entrypoint") == ["wiredesk"]:
            yield Command(f"compose.yaml {name}", service["command"], service["environment"])
            if more := secure["services"].get(name):
                asked = {key: re.sub(r"\$\{(\w+):\?.*\}", r"\1:9093", v) for key, v in more["environment"].items()}
                yield Command(f"compose.sasl.yaml {name}", service["command"], {**service["environment"], **asked})


def _in_kubernetes() -> Iterator[Command]:
    for path in KUBERNETES:
        for document in documents(path):
            for pod in pods(document):
                for container in pod["spec"]["containers"]:
                    if container.get("command") == ["wiredesk"]:
                        environ = {each["name"]: each["value"] for each in container.get("env", [])}
                        yield Command(f"{path.parent.name}/{path.name}", container["args"], environ)


def _in_unit() -> Iterator[Command]:
    lines = UNIT.read_text("utf-8").splitlines()
    values = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    program, *words = shlex.split(values["ExecStart"])
    assert program.endswith("/wiredesk")
    name, value = values["Environment"].split("=", 1)
    yield Command(f"systemd/{UNIT.name}", words, {name: value.replace("%d", "/run/secrets")})


def _in_dockerfile() -> Iterator[Command]:
    for instruction, rest in instructions():
        if instruction == "RUN" and "| wiredesk " in rest:
            yield Command("Dockerfile", shlex.split(rest.partition("| wiredesk ")[2].partition(">")[0]))


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile in order: the word and what follows it."""
    lines = [line for line in DOCKERFILE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in joined.splitlines()]


def pinned(path: Path) -> dict[str, str]:
    """The version of each package in a file of pinned requirements."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", path.read_text("utf-8"), re.MULTILINE))
