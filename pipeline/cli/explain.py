"""`wiredesk explain`: why these events, and why no others."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from pipeline.cli import articles
from pipeline.model import CleanArticle, Tagged

if TYPE_CHECKING:  # takes seconds
    from pipeline.stages.tag.events import Coding

HELP = "how each sentence of articles was read: the events, what was dropped and why"
EPILOG = """examples:
  wiredesk explain --published 2016-04-05 article.txt
  wiredesk explain --all --input_format jsonl wire.jsonl | less

For each sentence: what tells of an event, the line of the lexicon that says
so, what the rules made of it, and why it was dropped where it was; then words
that the lexicon knows and that told of nothing, with what they lacked.

exit codes: 0 done, 1 failed, 2 usage, 3 done but some input became dead letters"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    parser.epilog = EPILOG
    articles.add_input(parser)
    parser.add_argument("--all", action="store_true", help="all lines of the lexicon that did not fit, not the nearest")
    articles.add_rest(parser)


def run(args: argparse.Namespace) -> int:
    """Explain the input; dead letters go aside and make the exit code 3."""
    job = articles.job(args)
    from pipeline.stages.tag.events import explain

    explained: dict[str, str] = {}

    def listen(article: CleanArticle, coding: Coding) -> None:
        explained[article.source.origin] = "\n".join(explain.lines(coding, everything=args.all))

    def show(tagged: Tagged) -> None:
        _show(tagged, explained.pop(tagged.source.origin, None))

    return articles.tag(job, show, listen)


def _show(tagged: Tagged, explanation: str | None) -> None:
    from pipeline.cli.printing import when

    article = tagged.article
    published = when(article.published_at) if article.published_at else "no date"
    print(f"{article.headline or article.id}\n{article.id}  {published}\n")
    if article.problems:
        print(f"problems: {', '.join(article.problems)}\n")
    print("no events are coded" if explanation is None else explanation)
    print()
