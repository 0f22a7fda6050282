"""The job as a cluster gets it, built without one: what it asks of the runner, where its steps run, what they are.

Neither Flink nor Dataflow is here to take it. Prism takes the same job, with the same workers (tests/integration).
"""

from __future__ import annotations

from collections.abc import Iterator

import apache_beam as beam
import pytest
from apache_beam.internal import pickler
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.portability.portable_runner import PortableRunner
from apache_beam.transforms import environments

from pipeline import presets, runners, topology
from pipeline.settings import RunnerName, Settings
from pipeline.stages import STAGES

IMAGE = "example.com/wiredesk:1"
PARTITIONS = [("news.articles.raw", 0), ("news.articles.raw", 1)]
FLAGS = {
    "FlinkRunner": ["--job_endpoint=localhost:8099"],
    "DataflowRunner": ["--project=p", "--region=r", "--temp_location=gs://t", f"--sdk_container_image={IMAGE}"],
    "PortableRunner": ["--job_endpoint=localhost:8099", "--environment_type=DOCKER", f"--environment_config={IMAGE}"],
}
# What a runner must be able to do for a chain of a splittable source, state and nothing else.
PRIMITIVES = {
    common_urns.primitives.IMPULSE.urn,
    common_urns.primitives.PAR_DO.urn,
    common_urns.primitives.GROUP_BY_KEY.urn,
    common_urns.primitives.FLATTEN.urn,
}
REQUIREMENTS = {
    common_urns.requirements.REQUIRES_SPLITTABLE_DOFN.urn,
    common_urns.requirements.REQUIRES_STATEFUL_PROCESSING.urn,
}


def _job(runner: RunnerName) -> beam_runner_api_pb2.Pipeline:
    """The job as `pipeline.runners.run` builds it."""
    settings = Settings(kafka_brokers="broker:9092", runner=runner, delivery="at_least_once")
    if runner == "DataflowRunner":  # needs Google's packages to be sent, not to be built
        flags, sender = [*_preset_flags(runner), *FLAGS[runner]], None
    else:
        flags = presets.flags(settings, FLAGS[runner])
        with runners._beam_runner(runner, flags) as (sender, _):
            pass
    pipeline = beam.Pipeline(runner=sender or "DirectRunner", options=PipelineOptions(flags))
    topology.build(pipeline, settings, PARTITIONS)
    if sender is not None:
        return PortableRunner.get_proto_pipeline(pipeline, pipeline.options)
    # As Beam's DataflowRunner does it.
    workers = environments.DockerEnvironment.from_container_image(
        IMAGE, artifacts=environments.python_sdk_dependencies(pipeline.options)
    )
    return pipeline.to_runner_api(default_environment=workers)


def _preset_flags(runner: RunnerName) -> list[str]:
    return [f"--{p.flag}" if p.value is None else f"--{p.flag}={p.value}" for p in presets.RUNNERS[runner].presets]


@pytest.fixture(scope="module", params=FLAGS)
def runner(request: pytest.FixtureRequest) -> RunnerName:
    return request.param


@pytest.fixture(scope="module")
def job(runner: RunnerName) -> beam_runner_api_pb2.Pipeline:
    return _job(runner)


def _leaves(job: beam_runner_api_pb2.Pipeline) -> Iterator[beam_runner_api_pb2.PTransform]:
    """The steps in which something is done; a composite that gives back what it got is none."""
    for step in job.components.transforms.values():
        if not step.subtransforms and set(step.inputs.values()) != set(step.outputs.values()):
            yield step


def _functions(job: beam_runner_api_pb2.Pipeline) -> Iterator[tuple[str, bytes]]:
    for step in job.components.transforms.values():
        if step.spec.urn == common_urns.primitives.PAR_DO.urn:
            payload = beam_runner_api_pb2.ParDoPayload.FromString(step.spec.payload)
            assert payload.do_fn.urn == "beam:dofn:pickled_python_info:v1", step.unique_name
            yield step.unique_name, payload.do_fn.payload


def test_the_job_asks_only_for_what_every_portable_runner_does(job: beam_runner_api_pb2.Pipeline):
    assert {step.spec.urn for step in _leaves(job)} <= PRIMITIVES
    assert set(job.requirements) == REQUIREMENTS


def test_each_partition_may_go_to_a_worker_of_its_own(job: beam_runner_api_pb2.Pipeline, runner: RunnerName):
    shuffles = [step for step in _leaves(job) if step.spec.urn == common_urns.primitives.GROUP_BY_KEY.urn]
    assert len(shuffles) == (runner != "PortableRunner")
    assert all("read" in step.unique_name for step in shuffles)


def test_every_step_runs_in_our_image_and_nothing_is_brought_along(
    job: beam_runner_api_pb2.Pipeline, runner: RunnerName
):
    used = {step.environment_id for step in _leaves(job) if step.environment_id}
    (workers,) = [job.components.environments[name] for name in used]
    if runner == "FlinkRunner":
        assert workers.urn == common_urns.environments.EXTERNAL.urn
        address = beam_runner_api_pb2.ExternalPayload.FromString(workers.payload).endpoint.url
        assert address == presets.WORKER_POOL
    else:
        assert workers.urn == common_urns.environments.DOCKER.urn
        assert beam_runner_api_pb2.DockerPayload.FromString(workers.payload).container_image == IMAGE
    # A file that comes along lies on the job server's disk, where no task manager finds it.
    assert list(workers.dependencies) == []


def test_no_step_is_in_another_language(job: beam_runner_api_pb2.Pipeline):
    for environment in job.components.environments.values():
        assert not any("java" in capability for capability in environment.capabilities)
        assert "beam:version:sdk_base:apache/beam_java" not in " ".join(environment.capabilities)
    assert b"java" not in b"".join(step.spec.urn.encode() for step in job.components.transforms.values())
    assert not any("external" in step.spec.urn for step in job.components.transforms.values())


def test_every_function_arrives(job: beam_runner_api_pb2.Pipeline):
    found = dict(_functions(job))
    assert {name.partition("/")[0] for name in found} >= set(STAGES)
    for payload in found.values():
        assert pickler.loads(payload)


def test_the_steps_have_the_same_names_in_every_build(job: beam_runner_api_pb2.Pipeline, runner: RunnerName):
    """A savepoint finds its step by them."""
    names = [step.unique_name for step in job.components.transforms.values()]
    assert len(set(names)) == len(names)
    again = _job(runner)
    assert [step.unique_name for step in again.components.transforms.values()] == names
    assert list(again.components.transforms) == list(job.components.transforms)


def test_the_step_that_keeps_state_has_the_name_that_is_promised(job: beam_runner_api_pb2.Pipeline):
    stateful = [
        step.unique_name
        for step in _leaves(job)
        if step.spec.urn == common_urns.primitives.PAR_DO.urn
        and beam_runner_api_pb2.ParDoPayload.FromString(step.spec.payload).state_specs
    ]
    assert stateful == ["commit/ParDo(CommitPartition)"]
