"""The parameters of the Dataflow flex template, from the settings: ``deploy/dataflow/metadata.json``."""

from __future__ import annotations

import json
import re
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pipeline.settings import ABOUT, DEFAULTS, SECRETS, Settings

# What a job on Dataflow cannot use, and why.
LEFT_OUT = {
    "runner": "it is DataflowRunner",
    "delivery": "only at_least_once is possible there",
    "metrics_port": "nobody reaches the port of a worker; Dataflow shows the counters",
    "metrics_host": "as metrics_port",
    "avro_dir": "a folder of the machine that sends the job; `wiredesk archive` runs elsewhere",
}
REQUIRED = ("kafka_brokers",)
# Beam's own, of which a job of ours cannot do without.
IMAGE = {
    "name": "sdk_container_image",
    "label": "Image of the workers",
    "helpText": "The same image as the template's: every package, and the language model, is in it.",
    "isOptional": False,
}


def metadata() -> str:
    """The file: settings that are secret, or make no sense there, are no parameters.

    The keys are those of TemplateMetadata and ParameterMetadata in Google's Dataflow API, v1b3.
    """
    names = [name for name in ABOUT if name not in SECRETS and name not in LEFT_OUT]
    template = {
        "name": "Wiredesk",
        "description": "A news wire on Kafka in, a stream of facts out: entities, dates and events as Avro.",
        "streaming": True,
        "parameters": [IMAGE, *map(_parameter, names)],
    }
    return json.dumps(template, indent=2, ensure_ascii=False) + "\n"


def _parameter(name: str) -> dict[str, Any]:
    default = getattr(DEFAULTS, name)
    text = ABOUT[name].text.partition("; default:")[0]
    if name.endswith("_file") or name == "alias_table":
        text += "; a path in the image"
    if default is not None:
        text += f"; default: {str(default).lower() if isinstance(default, bool) else default}"
    parameter = {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "helpText": f"{text[0].upper()}{text[1:]}.",
        "isOptional": name not in REQUIRED,
    }
    pattern = _pattern(get_type_hints(Settings)[name])
    return parameter | ({"regexes": [pattern]} if pattern else {})


def _pattern(kind: Any) -> str | None:
    """What the value must look like; None: any text."""
    if kind is bool:
        return "^(true|false)$"
    if kind is int:
        return "^[1-9][0-9]*$"
    if get_origin(kind) is Literal:
        return f"^({'|'.join(map(re.escape, get_args(kind)))})$"
    if get_origin(kind) in (Union, UnionType):
        return next((found for part in get_args(kind) if (found := _pattern(part))), None)
    return None
