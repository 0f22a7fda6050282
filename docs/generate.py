"""Writes what comes from the code: tables in ``docs/``, and the Dataflow template's list of parameters.

``--check`` only says which files are not as the code has them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import flex_template

from pipeline.failures import reasons
from pipeline.options import SECRETS
from pipeline.settings import ABOUT, DEFAULTS, ENV_PREFIX
from pipeline.stages.tag.events import candidate

DOCS = Path(__file__).parent
ROOT = DOCS.parent
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->"


def settings_tables() -> str:
    """A Markdown table for each group of settings: name, default, meaning."""
    groups = dict.fromkeys(about.group for about in ABOUT.values())
    return "\n".join(_group(group) for group in groups)


def _group(group: str) -> str:
    rows = [_row(name) for name, about in ABOUT.items() if about.group == group]
    return "\n".join([f"## {group.capitalize()}", "", "| setting | default | |", "|---|---|---|", *rows, ""])


def _row(name: str) -> str:
    default = getattr(DEFAULTS, name)
    shown = "none" if default is None else f"`{str(default).lower() if isinstance(default, bool) else default}`"
    text = ABOUT[name].text.replace(f"{ENV_PREFIX}{name.upper()}", f"`{ENV_PREFIX}{name.upper()}`").replace("|", r"\|")
    return f"| `{name}`{' (no flag)' if name in SECRETS else ''} | {shown} | {text} |"


TABLES = {"events.md": candidate.table, "failures.md": reasons.table, "settings.md": settings_tables}


def generated(page: str, table: str) -> str:
    """The page with this table between its markers.

    Raises:
        ValueError: the markers are gone.
    """
    head, _, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not end:
        raise ValueError("the markers of the table are gone")
    return f"{head}{BEGIN}{table}{end}{tail}"


def files() -> dict[Path, str]:
    """What each file that is generated, whole or in part, is to hold."""
    pages = {DOCS / name: generated((DOCS / name).read_text("utf-8"), table()) for name, table in TABLES.items()}
    return pages | {ROOT / "deploy" / "dataflow" / "metadata.json": flex_template.metadata()}


def main() -> int:
    """Write, or with ``--check`` name, the files that are not current."""
    stale = []
    for path, current in files().items():
        if not path.exists() or path.read_text("utf-8") != current:
            stale.append(path.relative_to(ROOT))
            if "--check" not in sys.argv:
                path.write_text(current, "utf-8")
    done = "not current, run make docs" if "--check" in sys.argv else "written"
    sys.stderr.writelines(f"{path}: {done}\n" for path in stale)
    return bool(stale) if "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
