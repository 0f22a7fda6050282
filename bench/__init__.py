"""Benchmarks, run by hand: ``make bench``, or ``python -m bench [throughput|split|memory|idle]``.

They print and assert nothing: a machine that others use too has no right time. What can be compared is measured in the
same process in turn and given as a ratio within a round, so that what slows the machine slows both; the median comes
first, the range behind it. Processor time is given beside the clock: it hardly notices the others.

==============  ========================================================================================================
throughput      articles a second of the whole run (embedded broker, DirectRunner, Kafka to Kafka); against the same
                stages in a bare loop without Kafka and Beam; against a plain loop of kafka-python and spaCy that does
                nothing but names. The start and the end of a run are measured on an empty topic and left out of ratios.
split           where the time of an article goes, stage by stage, and within `tag` the model and the three questions.
memory          resident memory of ``wiredesk tag`` and of ``wiredesk run`` as articles go through, seen from outside.
idle            processor time of an endless run while no article comes.
==============  ========================================================================================================

Articles are made up from a seed (`bench/articles.py`); ``--articles FILE.jsonl`` takes others, one a line, as
``wiredesk tag --input_format jsonl`` does. ``memory`` and ``idle`` read /proc and so want Linux.
"""

import sys
from pathlib import Path

# The cluster and the proxy belong to the integration tests, which use them most.
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "integration"))
