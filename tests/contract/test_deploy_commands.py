"""Every wiredesk command in ``deploy/`` goes through the real parser, the real settings and the presets."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from deploy_files import DEPLOY, KUBERNETES, Command, commands

from pipeline import cli, options, presets
from pipeline.settings import ABOUT, DEFAULTS, SECRETS, ConfigError, Settings

NEEDS_GOOGLE = "DataflowRunner needs Beam's packages for it: install apache-beam[gcp]"
# What the comments of the manifests say that this file must hold.
SETTINGS_FILE = """
kafka_brokers = "broker:9093"
kafka_security = "SASL_SSL"
kafka_sasl_mechanism = "SCRAM-SHA-512"
kafka_username = "wiredesk"
kafka_password_file = "/run/secrets/wiredesk/password"
kafka_ca_file = "/run/secrets/wiredesk/ca.pem"
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with the files that are mounted where a command runs."""
    for name in ("wiredesk/password", "wiredesk/ca.pem", "kafka_password", "kafka_ca"):
        path = tmp_path / "run" / "secrets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("sesame\n")
    settings = tmp_path / "etc" / "wiredesk" / "wiredesk.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(_there(SETTINGS_FILE, tmp_path))
    return tmp_path


def _there(text: str, machine: Path) -> str:
    return re.sub(r"/(run/secrets|etc/wiredesk)/", rf"{machine}/\1/", text)


def _loaded(command: Command, machine: Path) -> tuple[Settings, list[str]]:
    """The settings of a command, and the flags that Beam gets."""
    args, _ = cli.parsed([_there(word, machine) for word in command.words])
    settings = options.load(args, {name: _there(value, machine) for name, value in command.environ.items()})
    return settings, presets.flags(settings, args.leftover) if args.command == "run" else []


def test_the_commands_are_found():
    assert [(command.where, command.words[0]) for command in commands()] == [
        ("compose.yaml topics", "topics"),
        ("compose.yaml pipeline", "run"),
        ("compose.sasl.yaml pipeline", "run"),
        ("compose.yaml archive", "archive"),
        ("compose.sasl.yaml archive", "archive"),
        ("kubernetes/wiredesk.yaml", "run"),
        ("flink/job.yaml", "run"),
        ("systemd/wiredesk.service", "run"),
        ("Dockerfile", "tag"),
    ]


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.where)
def test_a_command_can_be_given(command: Command, machine: Path):
    settings, _ = _loaded(command, machine)
    if command.words[0] != "tag":
        assert settings.kafka_brokers


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.where)
def test_a_word_that_is_wrong_in_it_is_told(command: Command, machine: Path):
    wrong = Command(command.where, [*command.words, "--no_such_flag=1"], command.environ)
    with pytest.raises(ConfigError, match="no_such_flag"):
        _loaded(wrong, machine)


@pytest.mark.parametrize("command", [each for each in commands() if "sasl" in each.where or "kube" in each.where])
def test_the_password_arrives_from_its_file(command: Command, machine: Path):
    settings, _ = _loaded(command, machine)
    assert (settings.kafka_password, settings.kafka_security) == ("sesame", "SASL_SSL")
    assert settings.kafka_ca_file


def test_the_job_for_flink_has_its_workers_beside_the_task_managers(machine: Path):
    (command,) = [each for each in commands() if each.where.startswith("flink")]
    settings, flags = _loaded(command, machine)
    given = presets.given(flags)
    assert settings.runner == "FlinkRunner"
    assert (given["environment_type"], given["environment_config"]) == (["EXTERNAL"], [presets.WORKER_POOL])
    cluster = (DEPLOY / "flink" / "cluster.yaml").read_text("utf-8")
    assert f"containerPort: {presets.WORKER_POOL.partition(':')[2]}" in cluster
    assert "args: [--worker_pool]" in cluster


def test_workers_find_what_is_secret_where_the_job_was_sent_from():
    mounts = [re.findall(r"mountPath: (/run/secrets\S*),", path.read_text("utf-8")) for path in KUBERNETES]
    assert mounts == [["/run/secrets/wiredesk"]] * 3


def test_no_file_holds_a_secret():
    for path in [path for path in DEPLOY.rglob("*") if path.suffix in {".yaml", ".service", ".toml", ".json"}]:
        text = path.read_text("utf-8")
        assert not re.search(r"WIREDESK_KAFKA_PASSWORD\s*[:=]|\bkafka_password\s*=", text), path


# ------------------------------------------------------------------------------------------------ the flex template

TEMPLATE = json.loads((DEPLOY / "dataflow" / "metadata.json").read_text("utf-8"))
PARAMETERS: list[dict[str, Any]] = TEMPLATE["parameters"]
# The fields of TemplateMetadata and of ParameterMetadata in the reference of Google's Dataflow API, v1b3.
OF_A_TEMPLATE = {
    "name", "description", "parameters", "streaming", "supportsAtLeastOnce", "supportsExactlyOnce",
    "defaultStreamingMode", "yamlDefinition",
}  # fmt: skip
OF_A_PARAMETER = {
    "name", "label", "helpText", "isOptional", "regexes", "paramType", "customMetadata", "groupName", "parentName",
    "parentTriggerValues", "enumOptions", "defaultValue", "hiddenUi",
}  # fmt: skip
# What the launcher adds: Beam's own flags.
FROM_THE_LAUNCHER = [
    "--runner=DataflowRunner",
    "--project=p",
    "--region=europe-west4",
    "--job_name=wiredesk",
    "--temp_location=gs://bucket/tmp",
    "--staging_location=gs://bucket/staging",
    "--template_location=gs://bucket/template/job_object",
    "--service_account_email=wiredesk@p.iam.gserviceaccount.com",
    "--labels=goog-dataflow-provided-template-type=flex",
]


@pytest.fixture(scope="module")
def launched() -> Iterator[ModuleType]:
    """The program that the launcher starts."""
    spec = importlib.util.spec_from_file_location("dataflow_main", DEPLOY / "dataflow" / "main.py")
    assert spec
    assert spec.loader
    module = sys.modules["dataflow_main"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules["dataflow_main"]


def _value(name: str) -> str:
    """A value that a person might give."""
    given = {"kafka_brokers": "broker:9092", "kafka_security": "SASL_SSL", "kafka_sasl_mechanism": "PLAIN"}
    if name.endswith("_file"):
        return f"/run/secrets/{'kafka_password' if 'password' in name else 'kafka_ca'}"
    default = getattr(DEFAULTS, name, None)
    return "true" if default is False else given.get(name, str(default or "wiredesk"))


def test_the_template_and_its_parameters_have_only_the_fields_that_there_are():
    assert set(TEMPLATE) <= OF_A_TEMPLATE
    assert TEMPLATE["streaming"] is True
    for parameter in PARAMETERS:
        assert {"name", "label", "helpText", "isOptional"} <= set(parameter) <= OF_A_PARAMETER


def test_every_setting_is_a_parameter_but_what_is_secret_or_of_no_use_there():
    names = [parameter["name"] for parameter in PARAMETERS]
    assert len(names) == len(set(names))
    assert set(SECRETS).isdisjoint(names)
    left_out = set(ABOUT) - set(names) - set(SECRETS)
    assert left_out == {"runner", "delivery", "metrics_port", "metrics_host", "avro_dir"}


def test_a_template_with_every_parameter_is_a_run_that_dataflow_can_do(launched: ModuleType, machine: Path):
    given = [f"--{parameter['name']}={_value(parameter['name'])}" for parameter in PARAMETERS]
    settings, flags = _run(launched, [*FROM_THE_LAUNCHER, *given], machine)
    assert settings.strict
    assert settings.stop_at_end
    assert "--sdk_container_image=wiredesk" in flags


def test_one_with_what_is_required_is_too(launched: ModuleType, machine: Path):
    given = [f"--{each['name']}={_value(each['name'])}" for each in PARAMETERS if not each["isOptional"]]
    assert len(given) == 2
    settings, _ = _run(launched, [*FROM_THE_LAUNCHER, *given, "--strict=false"], machine)
    assert not settings.strict


def test_a_pattern_takes_the_defaults_and_no_nonsense():
    patterns = {each["name"]: re.compile(each["regexes"][0]) for each in PARAMETERS if "regexes" in each}
    assert {"strict", "max_in_flight", "kafka_security"} <= set(patterns)
    for name, pattern in patterns.items():
        assert pattern.fullmatch(_value(name))
        assert not pattern.fullmatch("nonsense")


def _run(launched: ModuleType, words: list[str], machine: Path) -> tuple[Settings, list[str]]:
    """As the program does it; where Google's packages are missing, that must be all that is missing."""
    args, _ = cli.parsed(["run", "--runner=DataflowRunner", *launched.words(_there(word, machine) for word in words)])
    settings = options.load(args, {})
    if importlib.util.find_spec("apitools") is not None:
        return settings, presets.flags(settings, args.leftover)
    with pytest.raises(ConfigError) as refusal:
        presets.flags(settings, args.leftover)
    assert refusal.value.problems == [NEEDS_GOOGLE]
    return settings, args.leftover
