"""One folder a stage. ``STAGES`` is the order in which an article passes them; ``topology.py`` is the chain itself."""

STAGES = ("read", "decode", "clean", "tag", "encode", "write", "commit")
