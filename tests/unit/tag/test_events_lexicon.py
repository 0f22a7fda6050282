"""The tables that people edit are well formed: names are known, lines sorted, nothing twice."""

import pytest

from pipeline.model import EventType
from pipeline.stages.tag.events import LEXICON_VERSION
from pipeline.stages.tag.events.lexicon import NO_EVENT, TABLES, TESTS, lexicon, rows
from pipeline.stages.tag.events.matching import CONDITION_KEYS

CATEGORIES = {str(t) for t in EventType} - {"UNKNOWN"}
ROLES = {"s", "o", "d", "c", "x", "p", "a"}
PREPOSITIONS = {
    "about", "against", "as", "at", "between", "by", "for", "from", "in", "into", "of", "on", "out", "over", "to",
    "under", "upon", "with", "along", "before", "near", "onto", "outside", "through", "across", "off", "toward", "towards", "closer",
}  # fmt: skip
EFFECTS = {
    "announce", "aspect", "cancel", "demand", "irrealis", "negative", "object-control", "occur", "plan", "say",
    "support", "undergo",
}  # fmt: skip
SECTORS = {
    "AGR", "BUS", "COP", "CRM", "CVL", "EDU", "ELI", "GOV", "JRN", "JUD", "LAB", "LEG", "MED", "MIL", "OPP", "PRE",
    "PRM", "PTY", "REB", "REF", "REL", "SOC", "SPY", "UAF", "UNK",
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_lines_are_sorted_and_unique(table: str) -> None:
    lines = rows(table)
    assert lines == sorted(lines)
    assert len({tuple(line) for line in lines}) == len(lines)


@pytest.mark.parametrize("table", TABLES)
def test_cells_are_filled_and_trimmed(table: str) -> None:
    widths = {len(line) for line in rows(table)}
    assert len(widths) == 1
    assert all(cell and cell == cell.strip() for line in rows(table) for cell in line)


def test_no_trigger_says_two_things() -> None:
    keys = [(lemma, pos, conditions) for lemma, pos, _, _, _, conditions in rows("triggers.tsv")]
    assert len(set(keys)) == len(keys)


def test_categories_and_modes_are_known() -> None:
    known = {(type_, mode) for type_, mode, _, _ in rows("types.tsv")}
    for lemma, pos, _, type_, mode, _ in rows("triggers.tsv"):
        assert pos in {"A", "N", "V"}, lemma
        assert type_ == NO_EVENT or (type_, mode) in known, lemma


def test_patterns_name_known_sources() -> None:
    for lemma, _, pattern, *_ in rows("triggers.tsv"):
        for source in pattern.replace("&", "|").replace(">", "|").split("|"):
            assert not source or source in ROLES | PREPOSITIONS, (lemma, pattern)


def test_conditions_have_known_keys_and_classes() -> None:
    for lemma, *_, conditions in rows("triggers.tsv"):
        for condition in conditions.split():
            key, _, values = condition.partition("=")
            names = key.removesuffix("!").split("|")
            assert condition == "-" or all(n in CONDITION_KEYS | PREPOSITIONS for n in names), (lemma, condition)
            for value in values.split("|"):
                assert not value.startswith("@") or value in TESTS or value[1:] in lexicon().classes, (lemma, value)


def test_every_class_is_used() -> None:
    used = {
        v[1:]
        for *_, c in rows("triggers.tsv")
        for v in c.replace("=", "|").replace(" ", "|").split("|")
        if v[:1] == "@"
    }
    in_code = {"ACCIDENT_NOUN", "ACTOR_NOUN", "AID_THING", "DATED_NOUN", "GAME_NOUN", "LIGHT_NOUN", "PEOPLE_NOUN"}
    in_code |= {"SPORT_NOUN", "INTRANSITIVE_VERB", "SUFFERED_VERB", "THING_ER"}
    assert set(lexicon().classes) <= used | in_code


def test_every_category_has_triggers_and_a_scale() -> None:
    assert {t for _, _, _, t, _, _ in rows("triggers.tsv")} == CATEGORIES | {NO_EVENT}
    assert {t for t, mode, _, _ in rows("types.tsv") if mode == "-"} == CATEGORIES


def test_quad_is_one_per_category() -> None:
    quads = {(type_, quad) for type_, _, quad, _ in rows("types.tsv")}
    assert len(quads) == len(CATEGORIES)
    assert {quad for _, quad in quads} == {"1", "2", "3", "4"}


def test_effects_and_sectors_are_known() -> None:
    assert {effect for _, _, effect in rows("governors.tsv")} <= EFFECTS
    assert {sector for _, sector, _ in rows("agents.tsv")} <= SECTORS


def test_a_role_has_one_sector() -> None:
    roles = [role for role, _, _ in rows("agents.tsv")]
    assert len(set(roles)) == len(roles)


def test_the_version_is_of_the_tables() -> None:
    assert len(LEXICON_VERSION) == 12
    assert lexicon().version == LEXICON_VERSION
