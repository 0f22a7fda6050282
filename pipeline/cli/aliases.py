"""`wiredesk aliases`: whether a table of names can be used."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipeline.options import ConfigError

HELP = "check a table of your own names, as for --alias_table"
EPILOG = """examples:
  wiredesk aliases check names.tsv
  wiredesk tag --alias_table=names.tsv wire.jsonl

the file: UTF-8, tab-separated, no quoting, and a header line with the columns
  alias name type scheme id country role valid_from valid_to
alias: the words as they stand in a text; name: of the thing they mean, printed
type: PERSON ORGANISATION PLACE GROUP EVENT OBJECT
scheme, id: an identifier and whose it is, such as wikidata and Q42
country: ISO 3166-1 alpha-3 (FRA), or UNO EUR IGO NGO ISM IMG MNC
role: an office, such as President; valid_from, valid_to: its first and last
  day, as YYYY, YYYY-MM or YYYY-MM-DD
Only alias, name and type must be there. All lines with the same name and type
are about one thing: one line for each further alias, identifier or role.
Lines that begin with # are comments.

exit codes: 0 no problems, 2 problems, each as FILE:LINE: what is wrong, or
there is no reading the file"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    actions = parser.add_subparsers(dest="action", metavar="check", required=True)
    check = actions.add_parser("check", help=HELP, description=f"{HELP[0].upper()}{HELP[1:]}.", epilog=EPILOG)
    check.add_argument("file", type=Path, metavar="FILE", help="the table")
    parser.epilog = EPILOG


def run(args: argparse.Namespace) -> int:
    """Print every problem, or how much is in the table."""
    from pipeline.stages.tag.alias_file import counted, read_bytes

    try:
        data = args.file.read_bytes()
    except OSError as error:
        raise ConfigError([f"{args.file}: {error.strerror}"]) from error
    listed, problems = read_bytes(data)
    for problem in problems:
        print(f"{args.file}:{problem.line}: {problem.message}", file=sys.stderr)
    if problems:
        return 2
    print(f"{counted(listed)}, no problems")
    return 0
