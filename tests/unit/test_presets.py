"""Presets of the runners: what is given unless the user says otherwise, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from pipeline import presets, prism
from pipeline.settings import ConfigError, RunnerName, Settings

FLINK = ["--flink_master=flink:8081"]


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "prism"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return f"--prism_location={path}"


def flags(runner: RunnerName, *words: str, **settings: object) -> dict[str, list[str]]:
    return presets.given(presets.flags(replace(Settings(runner=runner), **settings), words))


def refused(runner: RunnerName, *words: str, **settings: object) -> str:
    with pytest.raises(ConfigError) as refusal:
        flags(runner, *words, **settings)
    return "\n".join(refusal.value.problems)


def test_every_runner_that_can_be_set_has_presets_and_all_stream() -> None:
    assert set(presets.RUNNERS) == set(get_args(RunnerName))
    for runner in presets.RUNNERS.values():
        assert runner.presets[0].flag == "streaming"
        assert all(preset.reason for preset in runner.presets)


def test_direct_runner_needs_nothing_else() -> None:
    assert flags("DirectRunner") == {"streaming": [""]}
    assert presets.worker_is_here("DirectRunner", [])


def test_prism_works_in_this_process_unless_told_otherwise(program: str) -> None:
    assert flags("PrismRunner", program)["environment_type"] == ["LOOPBACK"]
    assert presets.worker_is_here("PrismRunner", ["--environment_type=LOOPBACK"])
    pool = flags("PrismRunner", program, "--environment_type=EXTERNAL", "--environment_config=localhost:1")
    assert (pool["environment_type"], pool["environment_config"]) == (["EXTERNAL"], ["localhost:1"])
    assert not presets.worker_is_here("PrismRunner", ["--environment_type", "EXTERNAL"])


def test_a_prism_that_runs_already_needs_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prism, "find", lambda _: pytest.fail("it was looked for"))
    assert flags("PrismRunner", "--job_endpoint=localhost:8073")["job_endpoint"] == ["localhost:8073"]


def test_prism_is_found_here_or_on_the_path_and_never_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(prism, "__file__", str(tmp_path / "elsewhere" / "pipeline" / "prism.py"))
    assert "make prism" in refused("PrismRunner")
    assert "no such program" in refused("PrismRunner", "--prism_location=https://github.com/apache/beam/prism.zip")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert prism.find(None) == tmp_path / "prism"
    (tmp_path / "bin").mkdir()
    (tmp_path / "prism").rename(tmp_path / "bin" / "prism")
    assert prism.find(None) == tmp_path / "bin" / "prism"


def test_flink_gets_checkpoints_and_a_worker_pool_beside_it() -> None:
    given = flags("FlinkRunner", *FLINK)
    assert int(given["checkpointing_interval"][0]) > 0
    assert given["environment_type"] == ["EXTERNAL"]
    assert given["environment_config"] == [presets.WORKER_POOL]
    mine = flags("FlinkRunner", *FLINK, "--checkpointing_interval=60000", "--environment_type=DOCKER")
    assert mine["checkpointing_interval"] == ["60000"]
    assert "environment_config" not in mine


def test_an_experiment_of_the_users_takes_none_of_ours_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presets.importlib.util, "find_spec", lambda _: True)  # Beam's packages for Google's cloud
    needed = [f"--{name}=x" for name in presets.RUNNERS["DataflowRunner"].needs]
    assert flags("DataflowRunner", *needed, "--experiments=mine")["experiments"] == ["use_runner_v2", "mine"]


def test_what_only_a_job_server_knows_is_its_runners_alone() -> None:
    assert flags("FlinkRunner", *FLINK, "--savepoint_path=s3://b/s")["savepoint_path"] == ["s3://b/s"]
    assert "unknown flag --savepoint_path" in refused("DirectRunner", "--savepoint_path=s3://b/s")


def test_an_unknown_flag_is_refused_on_every_runner() -> None:
    for runner in get_args(RunnerName):
        assert "unknown flag --experimentss" in refused(runner, "--experimentss=x")


@pytest.mark.parametrize(
    ("runner", "words", "said"),
    [
        ("DirectRunner", ["--direct_num_workers=2"], "loses"),
        ("DirectRunner", ["--direct_num_workers", "0"], "loses"),
        ("DirectRunner", ["--direct_running_mode=multi_processing"], "loses"),
        ("DirectRunner", ["--environment_type=EXTERNAL"], "workers of its own"),
        ("DirectRunner", ["--job_endpoint=localhost:1"], "workers of its own"),
        ("DirectRunner", ["--prism_location=bin/prism"], "needs --runner=PrismRunner"),
        ("PrismRunner", ["--environment_type=EXTERNAL"], "needs --environment_config"),
        ("PrismRunner", ["--environment_config=localhost:1"], "LOOPBACK"),
        ("PrismRunner", ["--sdk_worker_parallelism=4"], "one worker process"),
        ("PrismRunner", ["--job_endpoint=localhost:1", "--prism_location=bin/prism"], "not both"),
        ("PortableRunner", [], "needs --job_endpoint"),
        ("PortableRunner", ["--job_endpoint=localhost:1"], "needs --environment_type"),
        ("FlinkRunner", [], "needs --flink_master or --job_endpoint"),
        ("FlinkRunner", [*FLINK, "--checkpointing_interval=0"], "more than 0"),
        ("FlinkRunner", [*FLINK, "--checkpointing_interval=10s"], "more than 0"),
        ("FlinkRunner", [*FLINK, "--environment_type=LOOPBACK"], "cannot reach this process"),
        ("DataflowRunner", ["--project=p", "--region=r", "--temp_location=gs://t"], "needs --sdk_container_image"),
        ("DataflowRunner", ["--experiments=disable_runner_v2"], "splittable"),
        ("DataflowRunner", ["--environment_type=EXTERNAL"], "workers of its own"),
    ],
)
def test_contradictions_are_refused_in_a_sentence(runner: RunnerName, words: list[str], said: str) -> None:
    assert said in refused(runner, *words)


@pytest.mark.parametrize("runner", ["PortableRunner", "FlinkRunner", "DataflowRunner"])
def test_exactly_once_is_refused_where_the_chain_may_be_many_processes(runner: RunnerName) -> None:
    assert "one process" in refused(runner, delivery="exactly_once")


def test_all_problems_are_told_at_once() -> None:
    said = refused("DirectRunner", "--direct_num_workers=2", "--direct_running_mode=multi_threading")
    assert len(said.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--a=1", "--a", "2", "--b"], {"a": ["1", "2"], "b": [""]}),
        (["--a=x=y"], {"a": ["x=y"]}),
        ([], {}),
    ],
)
def test_flags_are_read_in_both_forms(words: list[str], expected: dict[str, list[str]]) -> None:
    assert presets.given(words) == expected
