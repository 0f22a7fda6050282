"""The chain: one article's way from the input topic to the committed offset. Nothing else here builds a graph.

There are no branches. What fails or is dropped travels on in-band, as a value of its own type that the later stages
pass through, and `write` puts it where it belongs: a dead-letter branch flattened into one sink is a barrier on
DirectRunner, and one chain keeps the order of an article's revisions.
"""

from __future__ import annotations

from collections.abc import Sequence

import apache_beam as beam

from pipeline.settings import Settings
from pipeline.stages.clean.transform import CleanArticles
from pipeline.stages.commit.transform import CommitOffsets
from pipeline.stages.decode.transform import DecodeRecords
from pipeline.stages.encode.transform import EncodeArticles
from pipeline.stages.read.transform import ReadTopic
from pipeline.stages.tag.transform import TagArticles
from pipeline.stages.write.exactly_once import WriteAndCommit
from pipeline.stages.write.transform import WriteRecords


def build(pipeline: beam.Pipeline, settings: Settings, partitions: Sequence[tuple[str, int]]) -> None:
    """Add the chain to ``pipeline``. ``partitions`` are the (topic, partition) pairs to read.

    Labels are the names of the stage folders; they are stable: a runner can take up the state of an older build.
    """
    encoded = (
        pipeline
        | "read" >> ReadTopic(settings, partitions)
        | "decode" >> DecodeRecords(settings)
        | "clean" >> CleanArticles(settings)
        | "tag" >> TagArticles(settings)
        | "encode" >> EncodeArticles(settings)
    )
    # No shuffle and no Flatten up to here: records are sent, and confirmed, in the bundle that read them.
    if settings.delivery == "exactly_once":
        encoded | "write" >> WriteAndCommit(settings)
    else:
        # The commit is last, so that an offset moves only after all that it led to is acknowledged.
        encoded | "write" >> WriteRecords(settings) | "commit" >> CommitOffsets(settings)
