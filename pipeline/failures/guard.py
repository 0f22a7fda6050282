"""What becomes of a part on which a stage fails in a way nobody foresaw."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import TypeVar

from pipeline.failures.reasons import Reason
from pipeline.model import Failure, Part, Problem

T = TypeVar("T")


def guarded(stage: str, source: Part, step: Callable[[], T]) -> T | Failure:
    """Run ``step``; any error in it becomes a dead letter UNEXPECTED, and the stream goes on.

    Only for steps that touch nothing but the record: there the record is what is wrong. A step that talks to a broker
    or a disk must raise instead.
    """
    try:
        return step()
    except Exception as error:
        name = type(error).__name__
        message = f"{stage} failed with {name}: this is a bug of wiredesk; please report it with this record"
        trace = "".join(traceback.format_exception(error))
        return Failure(source, stage, (Problem(Reason.UNEXPECTED, message),), name, trace)
