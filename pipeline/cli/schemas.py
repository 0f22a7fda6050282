"""`wiredesk schemas`: whether the schemas keep the promises made to readers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipeline import avro, schema_check
from pipeline.resources import folder

HELP = "check the Avro schemas: documented, unchanged, readable by each other"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    actions = parser.add_subparsers(dest="action", metavar="check", required=True)
    check = actions.add_parser("check", help=HELP, description=f"{HELP}. Exit code 1 if anything is wrong.")
    check.add_argument("--dir", type=Path, help="folder of schemas (default: those of this installation)")


def run(args: argparse.Namespace) -> int:
    """Print every violation, or what was checked."""
    schemas = args.dir or folder("schemas")
    found = schema_check.violations(schemas)
    for violation in found:
        print(violation, file=sys.stderr)
    if found:
        return 1
    releases = avro.read_releases(schemas)
    print(f"{len(list(schemas.glob('*.avsc')))} schemas and {len(releases)} releases: all readable by each other")
    for release in releases:
        print(f"{release.name} release {release.number}: fingerprint {release.fingerprint.hex()}")
    return 0
