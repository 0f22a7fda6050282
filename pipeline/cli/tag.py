"""`wiredesk tag`: the same stages offline, no broker and no Beam."""

from __future__ import annotations

import argparse

from pipeline.cli import articles

HELP = "articles from files or standard input -> records on standard output, no broker"
EPILOG = """examples:
  wiredesk tag --published 2016-04-05 article.txt
  wiredesk tag --input_format jsonl --output table wire.jsonl
  zcat wire.jsonl.gz | wiredesk tag --output avro > wire.avro

exit codes: 0 done, 1 failed, 2 usage, 3 done but some input became dead letters"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    parser.epilog = EPILOG
    articles.add_input(parser)
    parser.add_argument("--output", choices=["json", "avro", "table"], default="json", help="default: json, one a line")
    articles.add_rest(parser)


def run(args: argparse.Namespace) -> int:
    """Tag the input; dead letters go aside and make the exit code 3."""
    job = articles.job(args)
    from pipeline.cli import printing

    with printing.printer(args.output) as show:
        return articles.tag(job, lambda tagged: show(tagged.article))
