"""Where settings come from: flags, then ``WIREDESK_…`` variables, then a TOML file, then the defaults of `Settings`.

Whatever is wrong is told at once, before anything is opened. Secrets come from the environment or from a file that a
``…_file`` setting names, never from a flag or from the TOML file.
"""

from __future__ import annotations

import argparse
import difflib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.settings import (
    ABOUT,
    DEFAULTS,
    ENV_PREFIX,
    KAFKA_BROKERS_ENV,
    KAFKA_SETTINGS,
    NO_BROKERS,
    SECRETS,
    ConfigError,
    Settings,
    contradictions,
    secret,
)

__all__ = ["KAFKA_SETTINGS", "ConfigError", "Settings", "add_settings", "beam_flags", "load"]

_ADAPTER = TypeAdapter(Settings)


# ------------------------------------------------------------------------------------------------ flags


def add_settings(parser: argparse.ArgumentParser, only: Sequence[str] | None = None) -> None:
    """Add ``--config`` and a flag for each setting (or for those named in ``only``) to a parser, grouped."""
    parser.add_argument(
        "--config", type=Path, metavar="FILE.toml", help="settings by the same names, flat or in tables"
    )
    groups: dict[str, Any] = {}
    for name, about in ABOUT.items():
        if only is not None and name not in only:
            continue
        if about.group not in groups:
            groups[about.group] = parser.add_argument_group(f"settings: {about.group}")
        group, default = groups[about.group], getattr(DEFAULTS, name)
        text = about.text if default is None else f"{about.text}; default: {_shown(default)}"
        if name in SECRETS:  # taken in only so that `load` can say where it belongs
            group.add_argument(f"--{name}", help=argparse.SUPPRESS)
        elif isinstance(default, bool):
            group.add_argument(f"--{name}", action="store_const", const="true", help=text)
            group.add_argument(f"--no_{name}", action="store_const", const="false", dest=name, help=argparse.SUPPRESS)
        else:
            group.add_argument(f"--{name}", metavar=_metavar(name, default), help=text)


def _shown(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


def _metavar(name: str, default: object) -> str:
    if isinstance(default, int):
        return "N"
    return name.rpartition("_")[2].upper()


def beam_flags(leftover: Sequence[str]) -> list[str]:
    """Flags that are not ours, when Beam knows all of them: it would drop others with no more than a warning.

    Raises:
        ConfigError: names the flags that nobody knows.
    """
    if not leftover:
        return []
    from apache_beam.options.pipeline_options import (  # noqa: PLC0415 - takes seconds
        PipelineOptions,
        _BeamArgumentParser,
    )

    class Parser(_BeamArgumentParser):  # type: ignore[misc]
        def error(self, message: str) -> None:
            raise ConfigError([message])

    parser = Parser(allow_abbrev=False, add_help=False)
    for kind in PipelineOptions.__subclasses__():
        kind._add_argparse_args(parser)  # noqa: SLF001 - as Beam's own get_all_options does
    _, unknown = parser.parse_known_args(list(leftover))
    known = [*parser._option_string_actions, *(f"--{name}" for name in ABOUT)]  # noqa: SLF001 - there is no public list
    unknown += [flag for flag in leftover if flag.partition("=")[0] == "--bootstrap_servers"]
    if unknown:
        raise ConfigError(_unknown_flag(word, known) for word in unknown)
    return list(leftover)


def _unknown_flag(word: str, known: Iterable[str]) -> str:
    name = word.partition("=")[0]
    if name == "--bootstrap_servers":  # Beam's, for a runner of its own
        return "--bootstrap_servers is not where articles are read from: did you mean --kafka_brokers?"
    if not name.startswith("-"):
        return f"{word!r} belongs to no flag"
    return f"unknown flag {name}{_did_you_mean(name, known)}"


# ------------------------------------------------------------------------------------------------ loading


def load(args: argparse.Namespace, environ: Mapping[str, str] = os.environ) -> Settings:
    """Put the settings together: flag, then variable, then TOML file, then default.

    A command whose parser offers ``--kafka_brokers`` must be given some.

    Raises:
        ConfigError: lists every problem.
    """
    problems: list[str] = []
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    given = vars(args)
    common = environ.get(KAFKA_BROKERS_ENV)
    layers: tuple[tuple[dict[str, object], str], ...] = (
        ({"kafka_brokers": common} if common else {}, KAFKA_BROKERS_ENV),
        (_from_file(given.get("config"), problems), f"{given.get('config')}"),
        (_from_environment(environ, problems), "the environment"),
        (_from_flags(given, problems), "a flag"),
    )
    for layer, source in layers:
        values |= layer
        sources |= dict.fromkeys(layer, source)
    _read_secrets(values, problems)
    settings = _validated(values, sources, problems)
    problems += contradictions(settings)
    if "kafka_brokers" in given and not settings.kafka_brokers:
        problems.append(NO_BROKERS)
    if problems:
        raise ConfigError(problems)
    return settings


def _from_file(path: Path | None, problems: list[str]) -> dict[str, object]:
    if path is None:
        return {}
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(f"--config {path}: {error.strerror if isinstance(error, OSError) else error}")
        return {}
    values: dict[str, object] = {}
    for name, value in _flat(document):
        if name in values:
            problems.append(f"{name} stands twice in {path}")
        elif name not in ABOUT:
            problems.append(f"unknown setting {name} in {path}{_did_you_mean(name, ABOUT)}")
        elif name in SECRETS:
            problems.append(f"{name} in {path}: {_where_secrets_belong(name)}")
        elif value != "":  # TOML has no word for none
            values[name] = value
    return values


def _flat(table: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value)
        else:
            yield name, value


def _from_environment(environ: Mapping[str, str], problems: list[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    known = [ENV_PREFIX + name.upper() for name in ABOUT]
    for variable, value in environ.items():
        if variable in known and value:  # an empty variable is how compose files say "none"
            values[variable.removeprefix(ENV_PREFIX).lower()] = value
        elif variable.startswith(ENV_PREFIX) and variable not in known:
            # Only what looks like a slip: Kubernetes sets WIREDESK_SERVICE_PORT and the like for a service of our name.
            name = variable.removeprefix(ENV_PREFIX).lower()
            if name.startswith(("service_", "port_")):
                continue
            if hint := _did_you_mean(name, ABOUT):
                problems.append(f"unknown variable {variable} (setting {name}){hint}")
    return values


def _from_flags(given: Mapping[str, object], problems: list[str]) -> dict[str, object]:
    values = {name: value for name, value in given.items() if name in ABOUT and value is not None}
    problems += [f"--{name}: {_where_secrets_belong(name)}" for name in SECRETS if name in values]
    # An empty flag takes back what a variable or the file says, where there may be none.
    none = {name: None for name, value in values.items() if value == "" and getattr(DEFAULTS, name) is None}
    return {name: value for name, value in (values | none).items() if name not in SECRETS}


def _where_secrets_belong(name: str) -> str:
    return f"a secret belongs in the variable {ENV_PREFIX}{name.upper()} or in a file named by {name}_file"


def _read_secrets(values: dict[str, object], problems: list[str]) -> None:
    """Replace a secret that is not stated by what its file holds, without the line break at the end."""
    for name in SECRETS:
        path = values.get(f"{name}_file")
        if path is None or name in values:
            continue
        try:
            values[name] = secret(name, str(path), {})
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{name}_file {path}: {getattr(error, 'strerror', None) or error}")


def _validated(values: dict[str, object], sources: Mapping[str, str], problems: list[str]) -> Settings:
    """Turn texts into values. One that is wrong is noted and left out, so that the others can still be looked at."""
    try:
        return _ADAPTER.validate_python(values)
    except ValidationError as error:
        wrong = set()
        for found in error.errors(include_url=False):
            name = str(found["loc"][0])
            wrong.add(name)
            stated = "" if name in SECRETS else f"{found['input']!r} from {sources.get(name, 'a file')}: "
            problems.append(f"{name}: {stated}{found['msg'][:1].lower()}{found['msg'][1:]}")
        return _ADAPTER.validate_python({name: value for name, value in values.items() if name not in wrong})


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.75)
    return f": did you mean {close[0]}?" if close else ""
