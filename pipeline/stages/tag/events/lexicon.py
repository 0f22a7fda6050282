"""The words that tell of events: reads the tables in ``data/`` once, checks them, and looks triggers up.

``triggers.tsv`` has one line a trigger: lemma (a verb with its particle, or a noun with its compound), part of speech
(V, N, A), argument pattern, category, mode, conditions. Patterns and conditions are explained in ``data/README.md``.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.model import EventType

TABLES = (
    "agents.tsv",
    "cameo.tsv",
    "classes.tsv",
    "confidence.tsv",
    "contexts.tsv",
    "governors.tsv",
    "triggers.tsv",
    "types.tsv",
)
NO_EVENT = "NONE"
# What somebody says.
VERBAL_TYPES = frozenset({"ACCUSE", "AGREE", "CONCEDE", "REJECT", "REQUEST", "SUPPORT", "THREATEN"})
# PLOVER's countries of bodies of states.
PUBLIC_BODIES = frozenset({"EUR", "IGO", "UNO"})
# Written like classes, but decided by the model's labels: anybody, a person by name, a
# number, people, and the name of a place.
TESTS = frozenset({"@actor", "@name", "@number", "@person", "@PLACE_NAME"})


@dataclass(frozen=True, slots=True)
class Condition:
    """One requirement of a trigger on what stands around it: a key, and the words (or classes) that must stand there.

    No words: the key must be present. ``negated``: none of the words may stand there. ``text``: as the table has it.
    """

    key: str
    words: frozenset[str]
    negated: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One line of ``triggers.tsv``, as it stands there in ``line``. ``actor``, ``recipient``: sources, tried in order.

    ``reciprocal``: whoever stands in the recipient's place is an actor too.
    """

    lemma: str
    pos: str
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    reciprocal: bool
    type: str
    mode: str | None
    conditions: tuple[Condition, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Quad class and intensity of a category or of one of its modes."""

    quad: int
    intensity: float


@dataclass(frozen=True, slots=True)
class Role:
    """What a role noun says about who bears it."""

    sector: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All tables, indexed. ``triggers`` is keyed by part of speech and the first word of the lemma."""

    triggers: dict[tuple[str, str], tuple[Trigger, ...]]
    governors: dict[tuple[str, str], frozenset[str]]
    classes: dict[str, frozenset[str]]
    roles: dict[str, Role]
    scales: dict[tuple[str, str | None], Scale]
    version: str


def rows(name: str) -> list[list[str]]:
    """The cells of a table in ``data/``, without the heading; empty cells are ``-`` in the file."""
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:] if line.strip()]


def parse_condition(text: str, classes: dict[str, frozenset[str]]) -> Condition:
    """``obj``, ``obj=a|b|@CLASS`` or ``obj!=a``; an unknown class raises KeyError."""
    key, _, values = text.partition("=")
    words: set[str] = set()
    for value in filter(None, values.split("|")):
        if value.startswith("@") and value not in TESTS:
            words |= classes[value[1:]]
        else:
            words.add(value if value in TESTS else value.replace("_", " "))
    return Condition(key.removesuffix("!"), frozenset(words), key.endswith("!"), text)


def parse_trigger(cells: list[str], classes: dict[str, frozenset[str]]) -> Trigger:
    """One line of ``triggers.tsv``; a wrong number of cells raises ValueError."""
    lemma, pos, pattern, type_, mode, conditions = cells
    reciprocal = "&" in pattern
    actor, _, recipient = pattern.replace("&", ">").partition(">")
    return Trigger(
        lemma,
        pos,
        tuple(filter(None, actor.split("|"))),
        tuple(filter(None, recipient.split("|"))),
        reciprocal,
        type_,
        None if mode == "-" else mode,
        tuple(parse_condition(c, classes) for c in conditions.split() if c != "-"),
        " ".join(cells),
    )


@cache
def lexicon() -> Lexicon:
    """The tables, read once a process."""
    grouped: defaultdict[str, set[str]] = defaultdict(set)
    for name, word in rows("classes.tsv"):
        grouped[name].add(word)
    classes = {name: frozenset(words) for name, words in grouped.items()}
    triggers: defaultdict[tuple[str, str], list[Trigger]] = defaultdict(list)
    for cells in rows("triggers.tsv"):
        trigger = parse_trigger(cells, classes)
        head = trigger.lemma.partition(" of ")[0].split(" ")  # "state of emergency" is a state
        key = head[-1 if trigger.pos == "N" else 0]
        triggers[(trigger.pos, key)].append(trigger)
    governors: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for lemma, pos, effect in rows("governors.tsv"):
        governors[(lemma, pos)].add(effect)
    return Lexicon(
        triggers={key: tuple(sorted(found, key=specific_first)) for key, found in triggers.items()},
        governors={key: frozenset(effects) for key, effects in governors.items()},
        classes=classes,
        roles={word: Role(sector, None if country == "-" else country) for word, sector, country in rows("agents.tsv")},
        scales={
            (type_, None if mode == "-" else mode): Scale(int(quad), float(intensity))
            for type_, mode, quad, intensity in rows("types.tsv")
        },
        version=_version(),
    )


def specific_first(trigger: Trigger) -> tuple[int, int, int]:
    """The order in which lines are tried: the longest lemma, then the most conditions with words, then the most."""
    worded = sum(1 for c in trigger.conditions if c.words and not c.negated and c.key != "any")
    return -len(trigger.lemma.split(" ")), -worded, -len(trigger.conditions)


def _version() -> str:
    """The first twelve hex digits of the SHA-256 of all tables."""
    digest = hashlib.sha256()
    for name in TABLES:
        digest.update(files(__package__).joinpath("data", name).read_bytes())
    return digest.hexdigest()[:12]


def scale(type_: str, mode: str | None) -> Scale:
    """Quad and intensity of a category in this mode; an unknown mode has the category's own."""
    scales = lexicon().scales
    return scales.get((type_, mode)) or scales[(type_, None)]


def event_type(name: str) -> EventType:
    """The enum member of a category's name."""
    return EventType(name)


LEXICON_VERSION: str = _version()
