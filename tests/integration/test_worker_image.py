"""Beam's own boot program, as in the image of ``deploy/Dockerfile``, starts our workers: the layout of Flink's pods.

Prism stands for Flink. The program comes from the same source as Beam's image has it, by `go install`; its
``--worker_pool`` cannot be used itself, since port and path are fixed in it: what it starts is started here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk, Input, article, header
from worker_pool import worker_pool

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
PATIENCE_SECONDS = 200


@pytest.fixture(scope="module")
def boot() -> Path:
    """The program, of the version that the Dockerfile takes."""
    version = re.search(r"^ARG BEAM_IMAGE=\S+:(\S+)$", DOCKERFILE.read_text("utf-8"), re.MULTILINE)
    assert version
    folder = ROOT / "build" / "boot" / version[1]
    if not (folder / "container").exists():
        if shutil.which("go") is None:
            pytest.skip("Beam's boot program is built with Go, and there is no go here")
        module = f"github.com/apache/beam/sdks/v2/python/container@v{version[1]}"
        command, environ = ["go", "install", module], {**os.environ, "GOBIN": str(folder)}
        built = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        if built.returncode:
            pytest.skip(f"Beam's boot program could not be built: {built.stderr[-300:]}")
    return folder / "container"


@pytest.fixture
def pool(boot: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a worker pool with the environment of the image, and the file that it and its workers write to."""
    in_image = dict(re.findall(r"([A-Z_]+)=(1)\b", DOCKERFILE.read_text("utf-8").partition("AS wiredesk")[2]))
    assert "RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT" in in_image
    said = tmp_path / "pool.log"
    with (
        said.open("wb") as log,  # in its folder the boot program leaves a file
        worker_pool(f"--container_executable={boot}", folder=tmp_path, environ=in_image, log=log.fileno()) as running,
    ):
        yield running.address, said


def test_the_workers_of_the_image_do_the_job(real_desk: Desk, prism: Path, pool: tuple[str, Path]):
    desk, (address, said) = real_desk, pool
    desk.send(Input(article(f"a{n}"), partition=n % 2) for n in range(100))
    done = subprocess.run(
        [
            sys.executable, "-m", "pipeline", "run", "--stop_at_end", *desk.flags(),
            "--runner=PrismRunner", f"--prism_location={prism}",
            "--environment_type=EXTERNAL", f"--environment_config={address}",
        ],
        capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
    )  # fmt: skip
    workers = said.read_text()
    assert done.returncode == 0, done.stderr + workers[-5000:]
    assert "Starting worker with command" in workers
    assert "no_artifacts_staged" in workers
    assert "100 parts: 100 tagged" in done.stderr
    found = Counter(header(record, "wiredesk.origin") for record in desk.records(desk.settings.output_topic))
    assert (len(found), max(found.values())) == (100, 1)
    assert desk.committed() == desk.ends()
    assert (said.parent / "pipeline_options.json").exists(), "the image's WORKDIR need not be writable any more"
