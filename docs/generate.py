"""Writes the tables in ``docs/`` that come from the code; ``--check`` only says which are not as the code has them."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.failures import reasons
from pipeline.options import SECRETS
from pipeline.settings import ABOUT, DEFAULTS, ENV_PREFIX

DOCS = Path(__file__).parent
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


TABLES = {"failures.md": reasons.table, "settings.md": settings_tables}


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


def main() -> int:
    """Write, or with ``--check`` name, the pages that are not current."""
    stale = []
    for name, table in TABLES.items():
        page = DOCS / name
        text = page.read_text("utf-8")
        if text != (current := generated(text, table())):
            stale.append(name)
            if "--check" not in sys.argv:
                page.write_text(current, "utf-8")
    done = "not current, run make docs" if "--check" in sys.argv else "written"
    sys.stderr.writelines(f"docs/{name}: {done}\n" for name in stale)
    return bool(stale) if "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
