"""Every manifest parses and fits the schema that its reader publishes; what stands in several of them agrees."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
from deploy_files import (
    COMPOSE,
    DEPLOY,
    FLINK_CORE,
    KUBERNETES,
    ROOT,
    NotHereError,
    artefact,
    documents,
    flink_deployment_schema,
    instructions,
    pinned,
    pods,
)

from pipeline import __version__
from pipeline.settings import DEFAULTS

IMAGE = f"wiredesk:{__version__}"
# The rate at which a slow machine is sure to tag, and the processes' end.
SLOW_ARTICLES_A_SECOND, SPARE_SECONDS = 5, 15


def _compose_schema() -> dict[str, Any]:
    text = (resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text("utf-8")
    return json.loads(text)


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_a_compose_file_fits_the_compose_specification(path: Path):
    jsonschema.validate(documents(path)[0], _compose_schema())


def _ids() -> list[tuple[Path, dict[str, Any]]]:
    return [(path, document) for path in KUBERNETES for document in documents(path)]


@pytest.mark.parametrize(("path", "document"), [each for each in _ids() if each[1]["kind"] != "FlinkDeployment"])
def test_a_manifest_fits_the_schema_of_kubernetes(path: Path, document: dict[str, Any]):
    kubernetes_validate.validate(document, "1.34", strict=True)


@pytest.mark.parametrize(("path", "document"), _ids())
def test_so_does_every_pod_in_them(path: Path, document: dict[str, Any]):
    for pod in pods(document):
        kubernetes_validate.validate({"apiVersion": "v1", "kind": "Pod", **pod}, "1.34", strict=True)


def _unknown(schema: dict[str, Any], value: Any, where: str) -> Iterator[str]:
    """The names in a value that its schema does not know: Kubernetes would drop them without a word."""
    if isinstance(value, dict) and "properties" in schema:
        for name, inner in value.items():
            if name in schema["properties"]:
                yield from _unknown(schema["properties"][name], inner, f"{where}.{name}")
            else:
                yield f"{where}.{name}"
    elif isinstance(value, list) and "items" in schema:
        for inner in value:
            yield from _unknown(schema["items"], inner, f"{where}[]")


def _flink_deployment() -> dict[str, Any]:
    (found,) = [document for _, document in _ids() if document["kind"] == "FlinkDeployment"]
    return found


def test_the_flink_deployment_fits_the_schema_of_its_operator():
    try:
        schema = flink_deployment_schema()
    except NotHereError as error:
        pytest.skip(str(error))
    spec, schema = _flink_deployment()["spec"], schema["properties"]["spec"]
    jsonschema.validate(spec, schema)
    assert list(_unknown(schema, spec, "spec")) == []
    assert list(_unknown(schema, {"jobManagr": 1}, "spec")) == ["spec.jobManagr"]


def _merged(base: Any, over: Any, *, by_name: bool) -> Any:
    """Two pod templates as the operator lays one over the other: lists by position, its default, or by name."""
    if isinstance(base, dict) and isinstance(over, dict):
        both = {name: _merged(base[name], over[name], by_name=by_name) for name in base.keys() & over.keys()}
        return {**base, **over, **both}
    if not (isinstance(base, list) and isinstance(over, list)):
        return over
    if by_name and all(isinstance(each, dict) and "name" in each for each in base + over):
        named = _merged({e["name"]: e for e in base}, {e["name"]: e for e in over}, by_name=by_name)
        return [named[name] for name in dict.fromkeys(each["name"] for each in base + over)]
    longer = max(len(base), len(over))
    pairs = [(base[n : n + 1], over[n : n + 1]) for n in range(longer)]
    return [_merged(b[0], o[0], by_name=by_name) if b and o else (b or o)[0] for b, o in pairs]


def test_the_pod_of_a_task_manager_is_the_same_however_the_operator_merges_its_templates():
    spec = _flink_deployment()["spec"]
    templates = spec["podTemplate"], spec["taskManager"]["podTemplate"]
    pod = _merged(*templates, by_name=False)
    assert pod == _merged(*templates, by_name=True)
    kubernetes_validate.validate({"apiVersion": "v1", "kind": "Pod", **pod}, "1.34", strict=True)
    assert [container["name"] for container in pod["spec"]["containers"]] == ["flink-main-container", "beam-workers"]
    sources = {volume["name"]: set(volume) - {"name"} for volume in pod["spec"]["volumes"]}
    assert sources == {"flink-data": {"persistentVolumeClaim"}, "kafka": {"secret"}, "workers-tmp": {"emptyDir"}}
    mounted = {mount["name"] for container in pod["spec"]["containers"] for mount in container["volumeMounts"]}
    assert mounted == set(sources)


def test_every_flink_option_is_one_of_that_flink():
    """Its names are constants in the classes of flink-core; a metrics reporter's begins as its user likes."""
    try:
        jar = zipfile.ZipFile(artefact(FLINK_CORE))
    except NotHereError as error:
        pytest.skip(str(error))
    options = b"".join(jar.read(name) for name in jar.namelist() if name.endswith("Options.class"))
    names = _flink_deployment()["spec"]["flinkConfiguration"]
    known = {name: re.sub(r"^metrics\.reporter\.\w+\.", "", name) for name in names}
    assert [name for name, constant in known.items() if constant.encode() not in options] == []


# ------------------------------------------------------------------------------------------------ what must agree


def _arguments() -> dict[str, str]:
    return dict(rest.split("=", 1) for instruction, rest in instructions() if instruction == "ARG")


def test_beam_and_flink_are_everywhere_of_one_version():
    beam = pinned(ROOT / "requirements.txt")["apache-beam"]
    assert _arguments()["BEAM_IMAGE"] == f"apache/beam_python3.11_sdk:{beam}"
    flink = _flink_deployment()["spec"]
    minor = ".".join(flink["image"].removeprefix("flink:").split(".")[:2])
    assert flink["flinkVersion"] == f"v{minor.replace('.', '_')}"
    assert flink["image"].startswith(f"flink:{FLINK_CORE.rpartition(':')[2]}-")
    (job,) = [document for _, document in _ids() if document["kind"] == "Job"]
    (server,) = job["spec"]["template"]["spec"]["initContainers"]
    assert server["image"] == f"apache/beam_flink{minor}_job_server:{beam}"
    from apache_beam.options.pipeline_options import FlinkRunnerOptions

    assert minor in FlinkRunnerOptions.PUBLISHED_FLINK_VERSIONS


def test_the_python_of_the_image_is_that_of_beams_image():
    python = re.fullmatch(r"python:(3\.\d+)\.\d+-slim-\w+", _arguments()["PYTHON_IMAGE"])
    assert python
    assert f"beam_python{python[1]}_sdk" in _arguments()["BEAM_IMAGE"]
    assert f"python{python[1].replace('.', '')}-" in _arguments()["LAUNCHER_IMAGE"]


def test_our_image_is_everywhere_of_this_version():
    text = "".join(path.read_text("utf-8") for path in (*COMPOSE, *KUBERNETES))
    found = re.findall(r"image: (wiredesk\S+)", text)
    assert len(found) == 4
    assert set(found) == {IMAGE}


def test_no_image_is_whatever_is_newest():
    text = "".join(path.read_text("utf-8") for path in (*COMPOSE, *KUBERNETES))
    images = [*re.findall(r"image: (\S+)", text), *(v for k, v in _arguments().items() if k.endswith("IMAGE"))]
    assert len(images) >= 10
    assert [image for image in images if ":" not in image or image.endswith(":latest")] == []


def test_kafka_in_compose_is_set_up_with_the_names_that_the_tests_run_with():
    kafka = documents(COMPOSE[0])[0]["services"]["kafka"]
    names = {name.removeprefix("KAFKA_").lower().replace("_", ".") for name in kafka["environment"]}
    tested = re.findall(r"^([a-z.]+)=", (DEPLOY / "kafka" / "server.properties").read_text("utf-8"), re.MULTILINE)
    assert names <= set(tested)
    pom = ET.parse(DEPLOY / "kafka" / "pom.xml")  # noqa: S314 - it is ours
    assert kafka["image"].rpartition(":")[2] in {each.text for each in pom.iter() if each.tag.endswith("version")}


def test_what_is_mounted_is_there():
    for service in documents(COMPOSE[0])[0]["services"].values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert not source.startswith(".") or (DEPLOY / source).is_file(), source


def test_prometheus_looks_where_the_pipeline_answers_and_is_asked_by_the_name_in_the_rules():
    compose = documents(COMPOSE[0])[0]
    content = compose["configs"]["prometheus"]["content"]
    (port,) = compose["services"]["pipeline"]["expose"]
    assert f"pipeline:{port}" in content
    assert "job_name: wiredesk" in content
    assert f"--metrics_port={port}" in compose["services"]["pipeline"]["command"]
    assert f"localhost:{port}/healthz" in compose["services"]["pipeline"]["healthcheck"]["test"][-1]


@pytest.mark.parametrize(("path", "document"), _ids())
def test_a_probe_asks_a_port_that_is_named_there(path: Path, document: dict[str, Any]):
    for pod in pods(document):
        for container in [*pod["spec"]["containers"], *pod["spec"].get("initContainers", [])]:
            ports = {port["name"]: port["containerPort"] for port in container.get("ports", [])}
            asked = [probe for name, probe in container.items() if name.endswith("Probe")]
            for port in [(probe.get("httpGet") or probe["tcpSocket"])["port"] for probe in asked]:
                assert isinstance(port, int) or port in ports
            if "metrics" in ports:
                assert f"--metrics_port={ports['metrics']}" in container["args"]
                assert {probe["httpGet"]["path"] for probe in asked} == {"/healthz", "/readyz"}


def test_whoever_stops_us_waits_until_what_is_in_flight_is_done():
    needed = DEFAULTS.max_in_flight / SLOW_ARTICLES_A_SECOND + SPARE_SECONDS
    unit = dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / "systemd" / "wiredesk.service").read_text("utf-8"), re.MULTILINE))
    compose = documents(COMPOSE[0])[0]["services"]["pipeline"]["stop_grace_period"]
    kubernetes = [
        pod["spec"]["terminationGracePeriodSeconds"] for _, d in _ids() for pod in pods(d) if "template" in d["spec"]
    ]
    minutes = re.fullmatch(r"(\d+)m", compose)
    assert minutes
    assert min(int(unit["TimeoutStopSec"]), int(minutes[1]) * 60, *kubernetes) >= needed


# ------------------------------------------------------------------------------------------------ the image


def test_the_image_runs_without_rights_and_starts_as_a_worker_of_beam():
    stages: dict[str, dict[str, str]] = {}
    for instruction, rest in instructions():
        if instruction == "FROM":
            origin, _, name = rest.partition(" AS ")
            stages[name] = dict(stages.get(origin, {}))
        elif stages:
            stages[list(stages)[-1]][instruction] = rest
    assert stages["wiredesk"]["USER"] == "10001:10001"
    assert stages["wiredesk"]["WORKDIR"] == "/tmp"  # noqa: S108 - it must be writable, also where the rest is not
    assert all(stages[name]["ENTRYPOINT"] == '["/opt/apache/beam/boot"]' for name in ("wiredesk", "dataflow"))


def test_the_build_takes_only_what_it_is_shown_and_fetches_nothing_by_hand():
    shown = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    copied = [
        rest.split()[:-1] for instruction, rest in instructions() if instruction == "COPY" and "--from" not in rest
    ]
    assert copied
    for source in (source for sources in copied for source in sources):
        assert f"!{source}" in shown
        assert source.startswith("dist/") or (ROOT / source).is_file()
    run = " ".join(rest for instruction, rest in instructions() if instruction == "RUN")
    assert not {"curl", "wget", "git", "apt-get"} & set(shlex.split(run.replace("'", '"')))
    assert [word for word in ("ADD", "ONBUILD") if word in dict(instructions())] == []
    installs = re.findall(r"pip install [^&]*", run)
    assert all("--require-hashes" in install or "--no-deps" in install for install in installs)


@pytest.mark.parametrize("name", ["requirements.txt", "dataflow/requirements.txt"])
def test_the_packages_of_the_image_are_the_tested_ones_without_our_tools(name: str):
    tested, image = pinned(ROOT / "requirements.txt"), pinned(DEPLOY / name)
    assert {package: version for package, version in image.items() if tested.get(package, version) != version} == {}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    def packages(lines: list[str]) -> set[str]:
        return {re.split(r"[\[<>=]", line)[0] for line in lines}

    assert packages(project["dependencies"]) <= set(image)
    assert packages(project["optional-dependencies"]["dev"]) & set(image) == set()
    assert ("google-apitools" in image) == name.startswith("dataflow")
