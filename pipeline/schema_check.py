"""The rules of ``schemas/README.md``, as a check that names every violation: `wiredesk schemas check`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

from fastavro.schema import SchemaParseException, UnknownType

from pipeline import avro
from pipeline.avro import Schema

# Avro 1.12 specification, "Schema Resolution": what a writer's type may be read as, beside itself.
_PROMOTIONS = {
    "int": {"long", "float", "double"},
    "long": {"float", "double"},
    "float": {"double"},
    "string": {"bytes"},
    "bytes": {"string"},
}


def violations(schemas: Path) -> list[str]:
    """Everything in a folder of schemas that breaks a rule, each as one sentence; empty if nothing does.

    Args:
        schemas: the folder that holds the ``.avsc`` files and ``released/``.
    """
    found: list[str] = []
    definitions: dict[str, Schema] = {}
    for path in sorted(schemas.glob("*.avsc")):
        try:
            definitions[path.stem] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            found.append(f"{path.name}: not JSON: {error}")
    if found:
        return found
    if not definitions:
        return [f"{schemas}: no .avsc file here"]
    for name, definition in definitions.items():
        found += [f"{name}: {problem}" for problem in _rules(name, definition)]
        if _reaches(name, name, definitions):
            found.append(f"{name}: refers to itself: recursion is not allowed")
    return found or _released(schemas)


def _rules(name: str, definition: Schema) -> Iterator[str]:
    full_name = f"{definition.get('namespace')}.{definition.get('name')}"
    if full_name != name:
        yield f"the file is named after another type than it defines, {full_name}"
    if not definition.get("doc"):
        yield "has no doc"
    if definition.get("type") == "enum" and not definition.get("default") == "UNKNOWN" in definition["symbols"]:
        yield "the enum needs the symbol and the default UNKNOWN"
    for field in definition.get("fields", []):
        kind, label = field["type"], f"field {field['name']}"
        if not field.get("doc"):
            yield f"{label} has no doc"
        if isinstance(kind, list) and (kind[0] != "null" or field.get("default", 0) is not None):
            yield f'{label} is a union: it must be ["null", T] with default null'
        if isinstance(kind, dict) and kind.get("type") == "array" and field.get("default") != []:
            yield f"{label} is a list: it needs the default []"
        if "map" in _words(kind):
            yield f"{label} is a map: not every reader can read maps"
        if isinstance(kind, dict) and kind.get("type") in {"record", "enum", "fixed"}:
            yield f"{label} defines a type in place: give it a file of its own"


def _words(node: Any) -> set[str]:
    """Every type name in a type."""
    if isinstance(node, dict):
        return _words(node.get("type")) | _words(node.get("items"))
    if isinstance(node, list):
        return set().union(*map(_words, node))
    return {node} if isinstance(node, str) else set()


def _reaches(start: str, goal: str, definitions: dict[str, Schema]) -> bool:
    seen: set[str] = set()
    todo = [start]
    while todo:
        for field in definitions[todo.pop()].get("fields", []):
            for word in _words(field["type"]) & definitions.keys():
                if word == goal:
                    return True
                if word not in seen:
                    seen.add(word)
                    todo.append(word)
    return False


def _released(schemas: Path) -> list[str]:
    try:
        releases = avro.read_releases(schemas)
        in_force = {name: avro.self_contained(name, schemas) for name in _records(schemas)}
        parsed = {name: avro.parsed(schema) for name, schema in in_force.items()}
    except (SchemaParseException, UnknownType, FileNotFoundError, ValueError, KeyError) as error:
        return [f"not a valid Avro schema: {error}"]
    found = _frozen(schemas, releases)
    for name, schema in in_force.items():
        own = [release for release in releases if release.name == name]
        following = own[-1].number + 1 if own else 1
        versions = {f"release {release.number}": release.schema for release in own}
        if not own or json.loads(own[-1].path.read_text(encoding="utf-8")) != schema:
            found.append(f"{name}: the schema in force is not the newest release: release it as {following}.avsc")
            versions["the schema in force"] = parsed[name]
        for (reader, reading), (writer, written) in permutations(versions.items(), 2):
            found += [f"{name}: {reader} cannot read {writer}: {why}" for why in unreadable(reading, written)]
    return found


def _records(schemas: Path) -> list[str]:
    released = {path.name for path in (schemas / "released").glob("*") if path.is_dir()}
    return sorted(released | set(avro.RECORDS))


def _frozen(schemas: Path, releases: tuple[avro.Release, ...]) -> list[str]:
    """What differs from the fingerprints that were written down when the releases were made."""
    book_path = schemas / "released" / "fingerprints.json"
    book = json.loads(book_path.read_text(encoding="utf-8")) if book_path.is_file() else {}
    known = {(name, int(number)): entry for name, numbers in book.items() for number, entry in numbers.items()}
    found = []
    for release in releases:
        is_now = {
            "crc64_avro": release.fingerprint.hex(),
            "sha256": hashlib.sha256(release.path.read_bytes()).hexdigest(),
        }
        entry = known.pop((release.name, release.number), None)
        if entry is None:
            found.append(f"{release.name} release {release.number}: add to fingerprints.json: {json.dumps(is_now)}")
        elif entry != is_now:
            found.append(f"{release.name} release {release.number}: the file was edited: releases never change")
    return found + [f"{name} release {number}: the file is gone: releases stay" for name, number in known]


def unreadable(reader: Any, writer: Any) -> list[str]:
    """Why data of one parsed schema cannot be read with another (Avro 1.12, "Schema Resolution"); empty if it can.

    Stricter than Avro in one point: a changed logical type changes the meaning and so is a reason. What is wrong within
    a named type is told once, where the type is first used.
    """
    return _Comparison(_named(reader, {}), _named(writer, {}), set()).reasons(reader, writer, "")


def _named(node: Any, names: Schema) -> Schema:
    """Every named type of a parsed schema."""
    if isinstance(node, list):
        for each in node:
            _named(each, names)
    elif isinstance(node, dict):
        if "fields" in node or "symbols" in node:
            names[node["name"]] = node
        for each in (node.get("type"), node.get("items"), node.get("fields")):
            _named(each, names)
    return names


@dataclass(frozen=True, slots=True)
class _Comparison:
    in_reader: Schema
    in_writer: Schema
    compared: set[str]

    def reasons(self, reader: Any, writer: Any, where: str) -> list[str]:
        reader, writer = _resolved(reader, self.in_reader), _resolved(writer, self.in_writer)
        if isinstance(writer, list):
            return [why for each in writer for why in self.reasons(reader, each, where)]
        if isinstance(reader, list):
            return self._none_of(reader, writer, where)
        read_as, written_as = reader["type"], writer["type"]
        if reader.get("logicalType") != writer.get("logicalType"):
            return [f"{where} is {writer.get('logicalType')}, not {reader.get('logicalType')}"]
        if read_as != written_as:
            promoted = read_as in _PROMOTIONS.get(written_as, set())
            return [] if promoted else [f"{where} is {written_as}, not {read_as}"]
        if reader.get("name") != writer.get("name"):
            return [f"{where} is {writer.get('name')}, not {reader.get('name')}"]
        if read_as == "array":
            return self.reasons(reader["items"], writer["items"], f"{where}[]")
        if read_as == "enum":
            lost = sorted(set(writer["symbols"]) - set(reader["symbols"]))
            return [f"{where} can be {lost} and there is no default"] if lost and "default" not in reader else []
        return self._fields(reader, writer, where) if read_as == "record" else []

    def _none_of(self, union: list[Any], writer: Schema, where: str) -> list[str]:
        tries = [(_resolved(each, self.in_reader)["type"], self.reasons(each, writer, where)) for each in union]
        if any(not reasons for _, reasons in tries):
            return []
        # The branch of the same kind is the one that was meant.
        alike = [reasons for kind, reasons in tries if kind == writer["type"]]
        return alike[0] if alike else tries[-1][1]

    def _fields(self, reader: Schema, writer: Schema, where: str) -> list[str]:
        if reader["name"] in self.compared:
            return []
        self.compared.add(reader["name"])
        written = {field["name"]: field for field in writer["fields"]}
        found = []
        for field in reader["fields"]:
            label = f"{where}.{field['name']}".lstrip(".")
            names = [name for name in (field["name"], *field.get("aliases", [])) if name in written]
            if names:
                found += self.reasons(field["type"], written[names[0]]["type"], label)
            elif "default" not in field:
                found.append(f"{label} is missing and has no default")
        return found


def _resolved(node: Any, names: Schema) -> Any:
    """A type as a list (union) or as an object."""
    return names.get(node, {"type": node}) if isinstance(node, str) else node
