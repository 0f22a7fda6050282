"""Settings: who wins, what is refused, and that everything wrong is told at once."""

import argparse
import pickle
from dataclasses import fields
from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import PipelineOptions, _BeamArgumentParser

from pipeline.options import ConfigError, Settings, add_settings, beam_flags, load
from pipeline.settings import ABOUT

SENTINEL = "sentinel password"
CONFIG = Path(__file__).parents[2] / "deploy" / "config"
BROKERS = "--kafka_brokers=broker:9092"


def _args(*words: str, only: tuple[str, ...] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    add_settings(parser, only=only)
    return parser.parse_args(words)


def _problems(*words: str, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(_args(*words), environ or {})
    return caught.value.problems


def _toml(folder: Path, text: str) -> str:
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    return f"--config={path}"


def test_a_flag_beats_a_variable_beats_the_file_beats_the_default(tmp_path: Path) -> None:
    config = _toml(tmp_path, "max_in_flight = 2\nconsumer_group = 'file'\nmax_tagged_chars = 2\n")
    environ = {"WIREDESK_MAX_IN_FLIGHT": "3", "WIREDESK_CONSUMER_GROUP": "variable"}
    settings = load(_args(BROKERS, config, "--max_in_flight=4"), environ)
    assert settings.max_in_flight == 4
    assert settings.consumer_group == "variable"
    assert settings.max_tagged_chars == 2
    assert settings.max_article_bytes == Settings().max_article_bytes


def test_tables_are_for_the_eye_only(tmp_path: Path) -> None:
    config = _toml(tmp_path, "kafka_brokers = 'a:1'\n[run]\nstop_at_end = true\n[tagging.more]\nstrict = true\n")
    settings = load(_args(config), {})
    assert (settings.kafka_brokers, settings.stop_at_end, settings.strict) == ("a:1", True, True)


def test_the_common_variable_for_brokers_is_a_default_that_all_else_beats(tmp_path: Path) -> None:
    common = {"KAFKA_BOOTSTRAP_SERVERS": "common:1"}
    assert load(_args(), common).kafka_brokers == "common:1"
    assert load(_args(), common | {"WIREDESK_KAFKA_BROKERS": "ours:1"}).kafka_brokers == "ours:1"
    assert load(_args("--kafka_brokers=flag:1"), common).kafka_brokers == "flag:1"
    assert load(_args(_toml(tmp_path, "kafka_brokers = 'file:1'")), common).kafka_brokers == "file:1"


def test_a_flag_can_take_back_what_the_file_says(tmp_path: Path) -> None:
    config = _toml(tmp_path, "strict = true\navro_dir = 'out'\n")
    settings = load(_args(BROKERS, config, "--no_strict", "--avro_dir="), {})
    assert not settings.strict
    assert settings.avro_dir is None


def test_an_empty_variable_is_not_set() -> None:
    assert load(_args(BROKERS), {"WIREDESK_AVRO_DIR": "", "WIREDESK_MAX_IN_FLIGHT": ""}) == load(_args(BROKERS), {})


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    config = _toml(tmp_path, "max_inflight = 3\nkafka_password = 'sentinel'\nstrict = 'maybe'\n")
    problems = _problems(
        config,
        "--max_in_flight=0",
        "--max_article_bytes=many",
        "--delivery=sometimes",
        "--start_offset=2026-11-24T06:00:00",
        "--kafka_password=sentinel",
        "--output_topic=news events",
        environ={"WIREDESK_NLPMODEL": "x"},
    )
    for part in (
        "unknown setting max_inflight",
        "did you mean max_in_flight?",
        "kafka_password in",
        "strict",
        "max_in_flight: '0' from a flag",
        "max_article_bytes: 'many' from a flag",
        "delivery",
        "no time zone",
        "--kafka_password",
        "'news events' is no name for a topic",
        "did you mean nlp_model?",
        "no Kafka brokers",
    ):
        assert any(part in problem for problem in problems), part
    assert "sentinel" not in "\n".join(problems)
    assert all("\n" not in problem for problem in problems)


def test_variables_that_only_begin_like_ours_are_let_be() -> None:
    kubernetes = {"SERVICE_HOST": "10.0.0.1", "SERVICE_PORT": "80", "PORT_80_TCP": "tcp://10.0.0.1:80"}
    load(_args(BROKERS), {f"WIREDESK_{name}": value for name, value in kubernetes.items()})


def test_brokers_are_asked_for_only_where_they_can_be_given() -> None:
    assert load(_args(only=("nlp_model", "strict")), {}) == Settings()
    (problem,) = _problems()
    assert "no Kafka brokers" in problem
    with pytest.raises(ConfigError, match="no Kafka brokers"):
        _ = Settings().connection


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--kafka_brokers=broker:port"], "HOST:PORT"),
        (["--kafka_brokers= , "], "no Kafka brokers"),
        ([BROKERS, "--kafka_security=SASL_SSL"], "needs kafka_sasl_mechanism"),
        ([BROKERS, "--kafka_username=alice"], "needs kafka_security"),
        ([BROKERS, "--kafka_ca_file=nowhere.pem"], "needs kafka_security SSL"),
        ([BROKERS, "--kafka_security=SSL", "--kafka_ca_file=nowhere.pem"], "no such file"),
        ([BROKERS, f"--config={CONFIG / 'nowhere.toml'}"], "No such file"),
        ([BROKERS, "--kafka_password_file=nowhere"], "kafka_password_file nowhere"),
        ([BROKERS, "--input_topic=a,b", "--output_topic=b"], "b is to be read and written"),
        ([BROKERS, "--events_topic=x", "--output_topic=x"], "different kinds"),
        ([BROKERS, "--input_topic=^news("], "no regular expression"),
        ([BROKERS, "--start_offset=yesterday"], "start_offset"),
        ([BROKERS, "--runner=NoRunner"], "runner"),
    ],
)
def test_what_does_not_fit_together_is_refused(words: list[str], part: str) -> None:
    assert any(part in problem for problem in _problems(*words))


def test_a_secret_comes_from_a_variable_or_a_file_and_is_never_shown(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SENTINEL + "\n", "utf-8")
    sasl = [BROKERS, "--kafka_security=SASL_PLAINTEXT", "--kafka_sasl_mechanism=PLAIN", "--kafka_username=alice"]
    for settings in (
        load(_args(*sasl, f"--kafka_password_file={secret}"), {}),
        load(_args(*sasl), {"WIREDESK_KAFKA_PASSWORD": SENTINEL}),
    ):
        assert settings.connection.password == SENTINEL
        assert "sentinel" not in repr(settings)
        assert "sentinel" not in repr(settings.connection)


def test_several_topics_and_patterns() -> None:
    assert load(_args(BROKERS, "--input_topic=a, b"), {}).input_topics == ["a", "b"]
    assert load(_args(BROKERS, "--input_topic=^wire[.].*"), {}).input_topics == []


@pytest.mark.parametrize("source", ["variable", "file"])
def test_settings_travel_to_workers_and_the_password_is_read_again_there(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text(f"{SENTINEL}\n")
    file = str(tmp_path / "secret") if source == "file" else None
    settings = Settings(kafka_brokers="a:1", kafka_password=SENTINEL, kafka_password_file=file)
    sent = pickle.dumps(settings)
    assert SENTINEL.encode() not in sent
    if source == "variable":
        monkeypatch.setenv("WIREDESK_KAFKA_PASSWORD", SENTINEL)
    arrived = pickle.loads(sent)  # noqa: S301 - our own bytes
    assert arrived == settings
    assert arrived.connection.password == SENTINEL


def test_a_worker_that_lacks_the_password_says_where_it_looks_for_it() -> None:
    sent = pickle.dumps(Settings(kafka_password=SENTINEL))
    with pytest.raises(ConfigError, match="set WIREDESK_KAFKA_PASSWORD or kafka_password_file for its workers"):
        pickle.loads(sent)  # noqa: S301


def test_the_reference_names_every_setting_with_its_default_and_a_comment() -> None:
    path = CONFIG / "reference.toml"
    assert load(_args(f"--config={path}", only=("strict",)), {}) == Settings()
    lines = [line for line in path.read_text("utf-8").splitlines() if line and line[0] not in "#["]
    assert {line.split()[0] for line in lines} == {setting.name for setting in fields(Settings)} - {"kafka_password"}
    assert all(" # " in line for line in lines)


def test_the_minimal_configuration_is_enough_for_a_run() -> None:
    assert load(_args(f"--config={CONFIG / 'minimal.toml'}"), {}).connection.addresses == [("localhost", 9092)]


def _beam_parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = _BeamArgumentParser(allow_abbrev=False)
    for kind in PipelineOptions.__subclasses__():
        kind._add_argparse_args(parser)
    return parser


def test_no_flag_of_ours_is_beams_but_runner() -> None:
    beams = set(_beam_parser()._option_string_actions)
    assert len(beams) > 100
    ours = {f"--{name}" for name in ABOUT} | {f"--no_{name}" for name in ABOUT} | {"--config", "--check", "--log_level"}
    assert ours & beams == {"--runner"}


def test_flags_that_beam_knows_are_passed_on() -> None:
    flags = ["--job_name=wire", "--direct_num_workers", "2", "--streaming"]
    assert beam_flags(flags) == flags
    assert beam_flags([]) == []


def test_flags_that_nobody_knows_are_refused_all_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        beam_flags(["--job_nam=wire", "--max_inflight=3", "--bootstrap_servers=a:1", "stray", "--streaming"])
    problems = "\n".join(caught.value.problems)
    assert "--job_nam: did you mean --job_name?" in problems
    assert "--max_inflight: did you mean --max_in_flight?" in problems
    assert "did you mean --kafka_brokers?" in problems
    assert "'stray'" in problems
    assert "streaming" not in problems


def test_a_wrong_value_for_a_flag_of_beam_is_a_problem_and_no_exit() -> None:
    with pytest.raises(ConfigError, match="direct_num_workers"):
        beam_flags(["--direct_num_workers=several"])


@pytest.mark.parametrize("model", ["no_such_model", "no/such/folder", ""])
def test_a_model_that_is_not_there_is_told_before_anything_runs(model: str) -> None:
    with pytest.raises(ConfigError, match="nlp_model: there is no package and no folder"):
        load(_args(f"--nlp_model={model}", only=("nlp_model",)), {})
