"""Runs the command given, and kills its own process (-9) at the first commit: after the sends were acknowledged."""

import os
import signal
import sys

from pipeline.cli import main
from pipeline.stages.commit.committer import Committer


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


Committer.commit = die
sys.exit(main(sys.argv[1:]))
