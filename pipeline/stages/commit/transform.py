"""The Beam side of `commit`: state by partition, one commit at the end of a bundle."""

from __future__ import annotations

import time

import apache_beam as beam
from apache_beam.coders import PickleCoder
from apache_beam.transforms.userstate import ReadModifyWriteRuntimeState, ReadModifyWriteStateSpec

from pipeline.model import Done
from pipeline.progress import Progress, advance
from pipeline.settings import Settings
from pipeline.stages.commit.committer import Committer, committer_of

# The broker forgets the offsets of a group without members after seven days.
COMMIT_AGAIN_SECONDS = 86_400.0


class CommitOffsets(beam.PTransform):
    """Commit the contiguous prefix of every partition."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, done: beam.PCollection) -> beam.PCollection:
        keyed = done | beam.Map(by_partition).with_output_types(tuple[str, Done])
        return keyed | beam.ParDo(CommitPartition(self._settings))


def by_partition(done: Done) -> tuple[str, Done]:
    """Key a `Done` by ``topic/partition``."""
    return f"{done.at.topic}/{done.at.partition}", done


class CommitPartition(beam.DoFn):
    """Commits at the end of each bundle, not by a timer: a timer would leave the last second uncommitted."""

    PROGRESS = ReadModifyWriteStateSpec("progress", PickleCoder())

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def setup(self) -> None:
        self._committer: Committer = committer_of(self._settings.connection, self._settings.consumer_group)
        self._moved: dict[tuple[str, int], Progress] = {}

    def start_bundle(self) -> None:
        self._moved = {}

    def process(
        self,
        element: tuple[str, Done],
        state: ReadModifyWriteRuntimeState = beam.DoFn.StateParam(PROGRESS),
    ) -> None:
        done = element[1]
        progress = advance(state.read(), done)
        state.write(progress)
        self._moved[done.at.topic, done.at.partition] = progress

    def finish_bundle(self) -> None:
        self._committer.commit(self._moved)
        self._committer.commit_again(older_than_seconds=COMMIT_AGAIN_SECONDS, now=time.monotonic())
