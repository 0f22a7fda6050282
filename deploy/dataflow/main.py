"""What the launcher of the flex template runs: ``wiredesk run`` with the parameters that the template was given."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from pipeline.cli import main
from pipeline.settings import DEFAULTS


def words(parameters: Iterable[str]) -> Iterator[str]:
    """The flags for the launcher's: a parameter always has a value, and one of ours that is true or false has none."""
    for parameter in parameters:
        name, _, value = parameter.removeprefix("--").partition("=")
        if isinstance(getattr(DEFAULTS, name, None), bool) and value in ("true", "false"):
            yield f"--{name}" if value == "true" else f"--no_{name}"
        else:
            yield parameter


if __name__ == "__main__":
    sys.exit(main(["run", "--runner=DataflowRunner", *words(sys.argv[1:])]))
