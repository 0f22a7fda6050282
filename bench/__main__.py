"""The command line of the benchmarks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import bench
from bench.articles import made_up, of_file
from bench.machine import say

NAMES = ("throughput", "split", "memory", "idle")
MARKS = (250, 500, 1_000)
MARKS_OF_FILE = (500, 1_000, 2_000)
LONG_MARKS = (1_000, 2_000, 5_000, 10_000)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench", description=bench.__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)}; default: all of them")
    parser.add_argument("--articles", type=Path, metavar="FILE", help="lines of flat JSON; default: made-up articles")
    parser.add_argument("--count", type=_positive, default=128, metavar="N", help="articles a timed run (%(default)s)")
    parser.add_argument("--rounds", type=_positive, default=3, metavar="N", help="rounds of throughput (%(default)s)")
    parser.add_argument("--of", choices=["tag", "run", "both"], default="both", help="whose memory (%(default)s)")
    parser.add_argument("--marks", type=_marks, metavar="N,N,...", help="memory: look after so many articles")
    parser.add_argument("--long", action="store_true", help="memory after 1,000 to 10,000 articles of the run")
    parser.add_argument("--idle_seconds", type=_positive, default=20, metavar="N", help="watched (%(default)s)")
    return parser


def main() -> int:
    """Run what is asked for, one after the other."""
    parser = _parser()
    args = parser.parse_args()
    unknown = sorted(set(args.what) - set(NAMES))
    if unknown:
        parser.error(f"{', '.join(unknown)}: not one of {', '.join(NAMES)}")
    if args.articles and not args.articles.is_file():
        parser.error(f"{args.articles}: no such file")
    for name in args.what or NAMES:
        _run(name, args)
        say()
    return 0


def _run(name: str, args: argparse.Namespace) -> None:
    # Beam and spaCy take seconds to import: --help does not wait for them.
    if name == "throughput":
        from bench import throughput

        throughput.measure(_articles(args, args.count), args.rounds)
    elif name == "split":
        from bench import split

        split.measure(_articles(args, args.count))
    elif name == "memory":
        _memory(args)
    else:
        from bench import idle

        idle.measure(args.idle_seconds)


def _memory(args: argparse.Namespace) -> None:
    from bench import memory

    marks = args.marks or (LONG_MARKS if args.long else MARKS_OF_FILE if args.articles else MARKS)
    articles = _articles(args, marks[-1] + memory.MORE)
    if args.of in ("tag", "both") and not args.long:
        memory.of_tag(articles, marks)
    if args.of in ("run", "both"):
        memory.of_run(articles, marks)


def _articles(args: argparse.Namespace, count: int) -> list[bytes]:
    return list(of_file(args.articles, count) if args.articles else made_up(count))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _marks(text: str) -> tuple[int, ...]:
    return tuple(sorted({_positive(part) for part in text.split(",")}))


if __name__ == "__main__":
    sys.exit(main())
