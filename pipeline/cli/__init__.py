"""The command line: one module a command, with ``HELP``, ``configure(parser)`` and ``run(args) -> exit code``.

Exit codes: 0 done · 1 failed · 2 usage or configuration · 3 done, but some input became dead letters · 130 Ctrl-C.
A module is imported only when its command is given, and imports what takes seconds only when it runs.
"""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Protocol, cast

from pipeline import __version__
from pipeline.broker.connection import BrokerError
from pipeline.observe import logs
from pipeline.options import ConfigError
from pipeline.prism import PrismError

COMMANDS = ("demo", "run", "topics", "replay", "tag", "explain", "read", "archive", "aliases", "schemas")
PASS_FLAGS_ON = ("run",)  # what is no flag of ours is for Beam

EPILOG = """examples:
  wiredesk demo                 everything on this machine, no set-up
  wiredesk tag article.txt      one article, no broker
  wiredesk topics create --kafka_brokers=HOST:PORT
  wiredesk run --kafka_brokers=HOST:PORT

wiredesk COMMAND --help says more. Exit codes: 0 done, 1 failed, 2 usage or
configuration, 3 done but some input became dead letters."""


class Command(Protocol):
    """What a module of this package offers."""

    HELP: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the flags of the command."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; the result is the exit code."""


class _Parser(argparse.ArgumentParser):
    """Takes no abbreviated flags: they would change their meaning with each new flag."""

    def __init__(self, **options: object) -> None:
        defaults = {"allow_abbrev": False, "formatter_class": argparse.RawDescriptionHelpFormatter}
        super().__init__(**(defaults | options))  # type: ignore[arg-type]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code; what a user did wrong is told in a plain sentence, without a trace."""
    # Read when numpy is first imported. The model's matrices are small: threads cost more than they give.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        code = _answered(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except BrokenPipeError:  # who reads our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _answered(words: list[str]) -> int:
    name = "wiredesk" + (f" {words[0]}" if words and words[0] in COMMANDS else "")
    with _stopped_by_signals() as received:
        try:
            return _run(words)
        except SystemExit as stop:  # argparse has printed what it had to say
            return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        except BrokenPipeError:
            raise
        except ConfigError as error:
            print(f"{name}:", *(f"- {problem}" for problem in error.problems), sep="\n", file=sys.stderr)
            return 2
        except (Exception, KeyboardInterrupt) as error:
            if received or isinstance(error, KeyboardInterrupt):
                print(f"{name}: stopped", file=sys.stderr)
                return 128 + (received or [signal.SIGINT])[0]
            if not _is_plain(error):
                traceback.print_exc()
            print(f"{name}: {_sentence(error)}", file=sys.stderr)
            return 1


def _run(words: list[str]) -> int:
    args, command = parsed(words)
    logs.set_up(args.log_level)
    return command.run(args)


def parsed(words: Sequence[str]) -> tuple[argparse.Namespace, Command]:
    """The arguments of a command line and the command that takes them; what is Beam's is in ``args.leftover``.

    Raises:
        ConfigError: flags that the command does not know.
        SystemExit: from argparse, with 0 after ``--help`` and ``--version``, with 2 for wrong usage.
    """
    parser = _Parser(
        prog="wiredesk",
        description="A news wire in, a stream of facts out: entities, dates and events as Avro.",
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"wiredesk {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")
    modules: dict[str, Command] = {}
    for name in [name for name in words[:1] if name in COMMANDS] or COMMANDS:
        module = modules[name] = cast("Command", importlib.import_module(f"pipeline.cli.{name}"))
        about = f"{module.HELP[0].upper()}{module.HELP[1:]}."
        command = subparsers.add_parser(name, help=module.HELP, description=about)
        module.configure(command)
        command.add_argument("--log_level", choices=logs.LEVELS, default=logs.DEFAULT_LEVEL, help="default: WARNING")
    if not words:
        parser.print_help(sys.stderr)
        parser.exit(2)
    args, leftover = parser.parse_known_args(words)
    args.leftover, args.words = leftover, list(words)
    if leftover and args.command not in PASS_FLAGS_ON:
        raise ConfigError(_unknown(word, subparsers.choices[args.command]) for word in leftover)
    return args, modules[args.command]


def _unknown(word: str, parser: argparse.ArgumentParser) -> str:
    flags = [flag for action in parser._actions for flag in action.option_strings]  # noqa: SLF001 - has no public list
    close = get_close_matches(word.partition("=")[0], flags, n=1)
    return f"unknown argument {word}" + (f": did you mean {close[0]}?" if close else "")


def _is_plain(error: Exception) -> bool:
    """Whether the text of the error says all, so that a trace would only hide it."""
    from pipeline.reader.values import NotOurRecordError  # takes a while, and is seldom needed

    return isinstance(error, BrokerError | OSError | NotOurRecordError | PrismError)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error) or type(error).__name__


@contextmanager
def _stopped_by_signals() -> Iterator[list[int]]:
    """Let Ctrl-C and a terminate unwind the stack, so that brokers are stopped and files closed; gives what came.

    Beam turns an interrupt inside a stage into an error of its own, so that the exception alone does not tell.
    """
    received: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield received
        return

    def unwind(number: int, _: object) -> None:
        received.append(number)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, unwind) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
