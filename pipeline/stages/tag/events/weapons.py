"""With what: the mode of an attack by its weapon, and of a deployment by who is sent."""

from __future__ import annotations

from spacy.tokens import Token

from pipeline.stages.tag.events import heads, tree, voice
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.lexicon import lexicon

# The classes of weapons with the mode they give, the most telling first.
WEAPONS = {
    "CHEMICAL_NOUN": "unconventional",
    "SUICIDE_NOUN": "suicide-attack",
    "TEARGAS_NOUN": "crowd-control",
    "DRONE_NOUN": "drone",
    "AIRCRAFT_NOUN": "aerial",
    "CANNON_NOUN": "heavy-weapons",
    "BLADE_NOUN": "primitive",
}
# Modes that say less than the weapon does: "destroy" is for unknown weapons (PLOVER manual).
VAGUE = frozenset({None, "destroy"})
# Weapons that tell more than that something exploded.
SPECIAL = frozenset({"unconventional", "suicide-attack", "crowd-control"})
INSTRUMENTS = ("with", "by", "using")
MILITIA_SECTORS = frozenset({"REB", "PRM"})


def settle(candidate: Candidate) -> None:
    """Sets the mode of an ASSAULT or MOBILIZE where a weapon or who is sent says more than the lexicon does."""
    if candidate.type == "ASSAULT" and (candidate.mode in VAGUE or candidate.mode == "explosives"):
        mode = _by_weapon(candidate)
        if mode is not None and (candidate.mode in VAGUE or mode in SPECIAL):
            candidate.mode = mode
    if candidate.type == "MOBILIZE" and candidate.mode == "troops":
        candidate.mode = _by_force(candidate)


def _by_weapon(candidate: Candidate) -> str | None:
    keys = {key for noun in _instruments(candidate) for key in heads.noun_keys(noun)}
    return next((mode for name, mode in WEAPONS.items() if keys & lexicon().classes[name]), None)


def _instruments(candidate: Candidate) -> list[Token]:
    """Who or what strikes, what is thrown or fired, and what follows "with", "using", "armed with"."""
    anchor = candidate.anchor
    found = [*candidate.words, *candidate.actors]
    if tree.is_verb(anchor):
        found += voice.subjects(anchor)
    found += tree.prepositions(anchor, INSTRUMENTS)
    for clause in tree.children(anchor, "advcl", "xcomp"):
        if clause.lower_ == "using":
            found += voice.objects(clause)
    for noun in (*candidate.actors, *candidate.words):
        for clause in tree.children(noun, "acl"):
            if clause.lower_ in ("armed", "wielding", "carrying", "filled", "wearing"):
                found += tree.prepositions(clause, ("with",)) + tree.children(clause, "dobj")
    return [t for noun in found for t in tree.with_conjuncts(noun)]


def _by_force(candidate: Candidate) -> str:
    """The mode of a deployment: of the police, of a militia, else of troops."""
    sent = candidate.object_head if candidate.object_head in candidate.words else None
    forces = [sent] if sent is not None else candidate.actors
    roles = lexicon().roles
    sectors = {roles[key].sector for noun in forces for key in heads.noun_keys(noun) if key in roles}
    if "COP" in sectors:
        return "police"
    return "militia" if sectors & MILITIA_SECTORS else "troops"
