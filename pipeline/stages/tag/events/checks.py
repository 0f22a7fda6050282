"""Are the tables in ``data/`` well formed: names are known, lines sorted, nothing twice, every line can be reached.

Each check takes the tables (name -> lines of cells) and gives a sentence for each problem. Tests and `make lexicon`
call them; the coder does not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from pipeline.model import EventType
from pipeline.stages.tag.events.lexicon import NO_EVENT, TABLES, TESTS, Condition, Trigger, rows, specific_first
from pipeline.stages.tag.events.matching import CONDITION_KEYS

Tables = Mapping[str, Sequence[Sequence[str]]]
Check = Callable[[Tables], Iterator[str]]

CATEGORIES = frozenset(str(t) for t in EventType) - {"UNKNOWN"}
ROLES = frozenset("sodcxpa")
PREPOSITIONS = frozenset({
    "about", "across", "against", "along", "around", "as", "at", "before", "behind", "between", "by", "closer", "for",
    "from", "in", "into", "near", "of", "off", "on", "onto", "out", "outside", "over", "past", "through", "to",
    "toward", "towards", "under", "upon", "with",
})  # fmt: skip
EFFECTS = frozenset({
    "announce", "aspect", "cancel", "cause", "demand", "irrealis", "negative", "object-control", "occur", "plan",
    "say", "support", "undergo",
})  # fmt: skip
SECTORS = frozenset({
    "AGR", "BUS", "COP", "CRM", "CVL", "EDU", "ELI", "GOV", "JRN", "JUD", "LAB", "LEG", "MED", "MIL", "OPP", "PRE",
    "PRM", "PTY", "REB", "REF", "REL", "SOC", "SPY", "UAF", "UNK",
})  # fmt: skip
# Classes that the code asks for by name.
IN_CODE = frozenset({
    "ABSTRACT_NOUN", "ACCIDENT_NOUN", "ACTOR_NOUN", "AID_THING", "AIRCRAFT_NOUN", "ARREST_WORD", "BELONGING_NOUN",
    "BLADE_NOUN", "BOMB_NOUN", "CANNON_NOUN", "CHANGE_VERB", "CHEMICAL_NOUN", "CROWD_NOUN", "DATED_NOUN", "DEATH_WORD",
    "DEMAND_NOUN", "DOCUMENT_NOUN", "DRONE_NOUN", "FICTION_NOUN", "FORCE_NOUN", "GAME_NOUN", "GATHERING_VERB",
    "GIVING_VERB", "HARM_VERB", "INJURY_WORD", "INTRANSITIVE_VERB", "JOURNEY_VERB", "KIN_NOUN", "LEADER_NOUN",
    "LIGHT_NOUN", "MISSILE_NOUN", "PEOPLE_NOUN", "PLAIN_VERB", "PUBLIC_NOUN", "SHOT_NOUN", "SITE_NOUN",
    "SPEECH_NOUN", "SPORT_NOUN", "STATE_NOUN", "STONE_NOUN", "SUFFERED_VERB", "SUICIDE_NOUN", "TEARGAS_NOUN",
    "THING_ER", "TITLE_NOUN", "UNREAL_NOUN", "WEAPON_NOUN",
})  # fmt: skip
# Of these at most one is met.
EXCLUSIVE = (frozenset({"act", "pass"}), frozenset({"obj", "noobj"}))


def tables() -> Tables:
    """All tables as they are in the files."""
    return {name: rows(name) for name in TABLES}


def problems(of: Tables) -> list[str]:
    """What is wrong with the tables."""
    return [problem for check in CHECKS for problem in check(of)]


def unsorted_or_twice(of: Tables) -> Iterator[str]:
    """Lines are sorted and stand once."""
    for name, lines in of.items():
        for before, line in pairwise(lines):
            if list(before) >= list(line):
                yield f"{name}: {' '.join(line)}: twice, or not in its place after {' '.join(before)}"


def bad_cells(of: Tables) -> Iterator[str]:
    """All lines have as many cells as the first, and no cell is empty."""
    for name, lines in of.items():
        for line in lines:
            if len(line) != len(lines[0]) or not all(cell and cell == cell.strip() for cell in line):
                yield f"{name}: {line}: {len(lines[0])} cells, none empty (- for none), no space around them"


def unknown_categories(of: Tables) -> Iterator[str]:
    """Types and modes are those of ``types.tsv``, and that has a scale and a quad for each."""
    known = {(type_, mode) for type_, mode, *_ in of["types.tsv"]}
    for lemma, pos, _, type_, mode, _ in of["triggers.tsv"]:
        if pos not in ("A", "N", "V"):
            yield f"triggers.tsv: {lemma}: {pos} is none of A, N, V"
        if (type_, mode) not in known | {(NO_EVENT, "-")}:
            yield f"triggers.tsv: {lemma}: {type_} {mode} is not in types.tsv"
    used = {type_ for _, _, _, type_, _, _ in of["triggers.tsv"]}
    yield from (f"triggers.tsv: no line tells of {type_}" for type_ in sorted(CATEGORIES - used))
    yield from (f"types.tsv: {t} - is missing" for t in sorted(CATEGORIES) if (t, "-") not in known)
    quads = Counter(type_ for type_, _ in {(type_, quad) for type_, _, quad, _ in of["types.tsv"]})
    yield from (f"types.tsv: {type_} has two quads" for type_, number in quads.items() if number > 1)
    yield from (f"types.tsv: {t}: quad {quad} is not 1 to 4" for t, _, quad, _ in of["types.tsv"] if quad not in "1234")


def unknown_sources(of: Tables) -> Iterator[str]:
    """Patterns name role sources and prepositions that the code knows."""
    for lemma, _, pattern, *_ in of["triggers.tsv"]:
        for source in filter(None, pattern.replace("&", "|").replace(">", "|").split("|")):
            if source not in ROLES | PREPOSITIONS:
                yield f"triggers.tsv: {lemma} {pattern}: no source is called {source}"


def unknown_conditions(of: Tables) -> Iterator[str]:
    """Conditions have known keys, and their classes are in ``classes.tsv``."""
    classes = {f"@{name}" for name, _ in of["classes.tsv"]}
    for lemma, *_, conditions in of["triggers.tsv"]:
        for condition in conditions.split() if conditions != "-" else []:
            key, _, values = condition.partition("=")
            for name in key.removesuffix("!").split("|"):
                if name not in CONDITION_KEYS | PREPOSITIONS:
                    yield f"triggers.tsv: {lemma} {condition}: no condition is called {name}"
            for value in values.split("|"):
                if value.startswith("@") and value not in TESTS | classes:
                    yield f"triggers.tsv: {lemma} {condition}: {value} is not in classes.tsv"


def unused_classes(of: Tables) -> Iterator[str]:
    """Each class is asked for by a line or by the code."""
    asked = {v for *_, c in of["triggers.tsv"] for v in c.replace("=", "|").replace(" ", "|").split("|")}
    for name in sorted({name for name, _ in of["classes.tsv"]} - IN_CODE):
        if f"@{name}" not in asked:
            yield f"classes.tsv: nobody asks for {name}"


def unknown_effects_and_sectors(of: Tables) -> Iterator[str]:
    """Effects and sectors are known, and a role has one sector."""
    for lemma, _, effect in of["governors.tsv"]:
        if effect not in EFFECTS:
            yield f"governors.tsv: {lemma}: no effect is called {effect}"
    for role, sector, _ in of["agents.tsv"]:
        if sector not in SECTORS:
            yield f"agents.tsv: {role}: no sector is called {sector}"
    roles = Counter(role for role, *_ in of["agents.tsv"])
    yield from (f"agents.tsv: {role} stands twice" for role, number in roles.items() if number > 1)


def contradictions(of: Tables) -> Iterator[str]:
    """No two lines say different things under the same conditions."""
    counted = Counter((lemma, pos, conditions) for lemma, pos, _, _, _, conditions in of["triggers.tsv"])
    for key, number in counted.items():
        if number > 1:
            yield f"triggers.tsv: {number} lines say what {' '.join(key)} means"


CHECKS: tuple[Check, ...] = (
    unsorted_or_twice,
    bad_cells,
    unknown_categories,
    unknown_sources,
    unknown_conditions,
    unused_classes,
    unknown_effects_and_sectors,
    contradictions,
)


# ------------------------------------------------------------------------------------------------ clashes


def _by_lemma(triggers: Sequence[Trigger]) -> list[list[Trigger]]:
    """The lines of each lemma and part of speech, in the order in which they are tried."""
    grouped: defaultdict[tuple[str, str], list[Trigger]] = defaultdict(list)
    for trigger in triggers:
        grouped[(trigger.lemma, trigger.pos)].append(trigger)
    return [sorted(lines, key=specific_first) for lines in grouped.values()]


def unreachable(triggers: Sequence[Trigger]) -> Iterator[str]:
    """Lines that are never taken, since one tried before them asks for no more than they do."""
    for lines in _by_lemma(triggers):
        for first, then in combinations(lines, 2):
            if all(any(_implies(c, asked) for c in then.conditions) for asked in first.conditions):
                yield f"{then.line}: never taken, since {first.line} is tried before"


def clashes(triggers: Sequence[Trigger]) -> Iterator[str]:
    """Pairs that share a word of a condition, of which neither is more specific, and that say different things."""
    for lines in _by_lemma(triggers):
        for first, then in combinations(lines, 2):
            alike = (first.type, first.mode) == (then.type, then.mode) or specific_first(first) != specific_first(then)[
                :3
            ]
            shared = [] if alike or _exclude(first, then) else _shared(first, then)
            if shared:
                yield f"{first.line} (tried first), {then.line}: both fit {', '.join(sorted(shared)[:5])}"


def _implies(given: Condition, asked: Condition) -> bool:
    """Whether ``asked`` is met wherever ``given`` is."""
    if given.key != asked.key or (given.negated and not asked.negated):
        return False
    if not asked.words:
        return True
    if given.negated:
        return asked.words <= given.words
    if asked.negated:
        return bool(given.words) and not given.words & asked.words and not _has_tests(given.words | asked.words)
    return bool(given.words) and given.words <= asked.words


def _has_tests(words: frozenset[str]) -> bool:
    return bool(words & TESTS)


def _exclude(first: Trigger, then: Trigger) -> bool:
    """Whether no sentence meets the conditions of both."""
    keys = {c.key for c in (*first.conditions, *then.conditions)}
    if any(pair <= keys for pair in EXCLUSIVE):
        return True
    for one in first.conditions:
        for other in then.conditions:
            if one.key != other.key or not one.words or not other.words:
                continue
            if not one.negated and not other.negated and not one.words & other.words:
                return not _has_tests(one.words | other.words)
            if one.negated != other.negated and (
                one.words <= other.words if other.negated else other.words <= one.words
            ):
                return True
    return False


def _shared(first: Trigger, then: Trigger) -> set[str]:
    return {
        word
        for one in first.conditions
        for other in then.conditions
        if one.key == other.key and not one.negated and not other.negated
        for word in one.words & other.words
    }
