"""The frame of the command line: exit codes, plain sentences, no trace for a user's mistake."""

import errno
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from types import ModuleType
from typing import NoReturn

import pytest

from pipeline import __version__, cli
from pipeline.broker.connection import BrokerError
from pipeline.observe import logs
from pipeline.options import ConfigError


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> object:
    loggers = [logging.getLogger(name) for name in ("", "pipeline", "apache_beam")]
    levels, handlers = [logger.level for logger in loggers], list(loggers[0].handlers)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    loggers[0].handlers[:] = handlers


def _command(monkeypatch: pytest.MonkeyPatch, run: Callable[..., int]) -> None:
    """Put a command in the place of `tag`."""
    module = ModuleType("pipeline.cli.tag")
    module.HELP = "help"  # type: ignore[attr-defined]
    module.configure = lambda parser: parser.add_argument("--number")  # type: ignore[attr-defined]
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pipeline.cli.tag", module)


def test_every_command_can_be_had_and_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    overview = capsys.readouterr().out
    for name in cli.COMMANDS:
        assert f"\n    {name} " in overview
        assert cli.main([name, "--help"]) == 0
        text = capsys.readouterr().out
        assert text.startswith(f"usage: wiredesk {name}")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"wiredesk {__version__}\n"


@pytest.mark.parametrize("words", [[], ["tga"], ["schemas"], ["topics", "destroy"], ["tag", "--output=xml"]])
def test_wrong_usage_is_exit_code_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_an_unknown_flag_is_refused_with_a_hint_and_flags_are_not_abbreviated(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["topics", "check", "--kafka_broker=a:1", "--input_topics=x"]) == 2
    err = capsys.readouterr().err
    assert "--kafka_broker=a:1: did you mean --kafka_brokers?" in err
    assert "--input_topics=x: did you mean --input_topic?" in err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ConfigError(["one is wrong", "two is wrong"]), 2, "wiredesk tag:\n- one is wrong\n- two is wrong\n"),
        (BrokerError("cannot use the broker"), 1, "wiredesk tag: cannot use the broker\n"),
        (OSError(errno.ENOSPC, "No space left on device", "out.avro"), 1, "wiredesk tag: out.avro: No space left"),
        (KeyboardInterrupt(), 130, "wiredesk tag: stopped\n"),
    ],
)
def test_what_went_wrong_is_a_plain_sentence_and_an_exit_code(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> NoReturn:
        raise error

    _command(monkeypatch, fail)
    assert cli.main(["tag"]) == code
    err = capsys.readouterr().err
    assert err.startswith(said)
    assert "Traceback" not in err


def test_an_error_of_ours_keeps_its_trace_and_ends_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _command(monkeypatch, lambda _: {}["missing"])  # type: ignore[misc]
    assert cli.main(["tag"]) == 1
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert err.splitlines()[-1].startswith("wiredesk tag: ")


def test_what_a_command_returns_is_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def run(args: object) -> int:
        seen.append(args)
        return 3

    _command(monkeypatch, run)
    assert cli.main(["tag", "--number", "7"]) == 3
    assert seen[0].number == "7"  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_unwinds_the_stack_and_the_handler_is_as_it_was(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    unwound = []

    def run(_: object) -> int:
        try:
            os.kill(os.getpid(), number)
            signal.pause()
        finally:
            unwound.append(True)
        return 0

    before = signal.getsignal(number)
    _command(monkeypatch, run)
    assert cli.main(["tag"]) == 128 + number
    assert unwound
    assert signal.getsignal(number) is before
    assert capsys.readouterr().err == "wiredesk tag: stopped\n"


def test_a_stop_that_a_runner_turns_into_an_error_of_its_own_is_still_a_stop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(_: object) -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()
        except BaseException as error:
            raise RuntimeError("[while running 'tag']") from error
        return 0

    _command(monkeypatch, run)
    assert cli.main(["tag"]) == 128 + signal.SIGTERM
    assert capsys.readouterr().err == "wiredesk tag: stopped\n"


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [["--help"], ["schemas", "check"]])
def test_a_reader_that_has_had_enough_is_no_error(words: list[str], unbuffered: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(30) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


def test_help_does_not_wait_for_beam_spacy_or_kafka() -> None:
    script = (
        "import sys; from pipeline import cli; cli.main(['--help'])\n"
        "print(sorted({'apache_beam', 'spacy', 'kafka'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_dead_broker_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["topics", "check", "--kafka_brokers=no-such-host.invalid:1"]) == 1
    err = capsys.readouterr().err
    assert (
        err == "wiredesk topics: cannot use the Kafka broker no-such-host.invalid:1: the host name cannot be resolved\n"
    )


def test_a_run_against_a_dead_broker_is_a_matter_of_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", "--check", "--kafka_brokers=no-such-host.invalid:1"]) == 2
    assert "the host name cannot be resolved" in capsys.readouterr().err


def test_libraries_are_quiet_and_we_are_heard(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")
    for name in ("apache_beam.runners.common", "kafka.net.manager", "root"):
        logging.getLogger(name).warning("noise")
    logging.getLogger("apache_beam.runners.common").error("raised anyway")
    logging.getLogger("pipeline.stages.read").info("said")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "said"


def test_what_kafka_python_repeats_in_an_outage_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()
    for number in range(50):
        logging.getLogger("kafka.net.manager").error("Connection failed: %d", number)
        logging.getLogger("pipeline.stages.read").error("ours: %d", number)
    lines = capsys.readouterr().err.splitlines()
    assert sum("Connection failed" in line for line in lines) == 1
    assert sum("ours" in line for line in lines) == 50
