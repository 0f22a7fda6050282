"""Runs the command given, and looks around every second where a real one takes its time; nothing else differs."""

import sys

from pipeline import appearing
from pipeline.cli import main
from pipeline.stages.read import partition

appearing.LIST_EVERY_SECONDS = 1.0
partition.LOOK_WHEN_IDLE_SECONDS = 1.0
sys.exit(main(sys.argv[1:]))
