"""What category an event has once it is known whether it happened, and what a promise, demand or refusal is about.

Source: the rules of the PLOVER manual (2024): a future act of cooperation is AGREE, a future RETREAT is CONCEDE, a
hypothetical or future ASSAULT is THREATEN, refusing to cooperate is REJECT; a category never beats a plainer one.
"""

from __future__ import annotations

from spacy.tokens import Token

from pipeline.stages.tag.events import arguments, flags, heads, lemmas, matching, saying, tree, weapons
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.lexicon import VERBAL_TYPES, lexicon

FUTURE_AGREE = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID"})
MATERIAL_CONFLICT = frozenset({"SANCTION", "COERCE", "ASSAULT", "PROTEST", "MOBILIZE"})
THREAT_MODES = {"SANCTION": "relations", "COERCE": "restrict", "ASSAULT": "violence", "MOBILIZE": "violence"}
# Finer than by category: what is threatened with arrest, expulsion.
THREAT_MODES_OF_MODES = {"arrest": "arrest", "deport": "expel", "expel": "expel"}
PEACEKEEPING = frozenset({"peacekeeping", "peacekeeper", "peace-keeping", "peacekeepers"})
# What soldiers are sent for after a disaster: to help is AID (PLOVER manual).
RELIEF = frozenset({"rescue", "relief", "evacuate", "evacuation", "sandbag", "dyke", "dike", "rubble"})
EXERCISES = frozenset({"exercise", "drill", "maneuver", "manoeuvre", "game", "exercises"})
# What a cancelled event of each category becomes.
CANCELLED: dict[str, tuple[str, str | None]] = {
    "CONSULT": ("REJECT", "meet"),
    "AGREE": ("REJECT", None),
    "SUPPORT": ("REJECT", None),
    "AID": ("SANCTION", "discontinue"),
    "COOPERATE": ("SANCTION", "discontinue"),
    "RETREAT": ("REJECT", "yield"),
    "CONCEDE": ("REJECT", "yield"),
    "SANCTION": ("CONCEDE", None),
    "COERCE": ("CONCEDE", None),
    "THREATEN": ("CONCEDE", None),
    "REJECT": ("CONCEDE", None),
    "ASSAULT": ("RETREAT", "ceasefire"),
    "PROTEST": ("RETREAT", None),
    "MOBILIZE": ("RETREAT", "withdraw"),
    "ACCUSE": ("CONCEDE", None),
    "REQUEST": ("CONCEDE", None),
}
ANNOUNCED: dict[str, tuple[str, str | None]] = {"CONSULT": ("AGREE", None), "RETREAT": ("CONCEDE", None)}


def settle(candidate: Candidate) -> bool:
    """Applies the rules; False where nothing is left to tell (a mere wish, the purpose of something else)."""
    if candidate.type == "ASSAULT" and saying.is_opening(candidate):
        candidate.type, candidate.mode = "ACCUSE", "disapprove"
    if "cancel" in candidate.notes:
        candidate.type, candidate.mode = CANCELLED[candidate.type]
    elif "announce" in candidate.notes and candidate.type in ANNOUNCED:
        candidate.type, candidate.mode = ANNOUNCED[candidate.type]
    if candidate.type in ("REQUEST", "REJECT", "AGREE", "THREATEN"):
        _by_content(candidate)
    if candidate.type == "MOBILIZE":
        _mobilized(candidate)
    if candidate.negated and not candidate.hypothetical and _refusal(candidate):
        candidate.type, candidate.mode, candidate.negated = "REJECT", None, False
        candidate.future = False
        _by_content(candidate)
    if candidate.future and not candidate.negated:
        _future(candidate)
    weapons.settle(candidate)
    if "infinitive" in candidate.notes and _addressed(candidate):
        candidate.notes.discard("infinitive")
    if candidate.hypothetical and _menacing(candidate):
        return True
    return not candidate.hypothetical and "infinitive" not in candidate.notes


def _menacing(candidate: Candidate) -> bool:
    """Whether a material conflict that "may" be or have been is told: between two sides, as a weak candidate.

    By the manual a possible ASSAULT is THREATEN ("could attack"); a supposed one stays one ("may have attacked").
    """
    conflict = candidate.type in MATERIAL_CONFLICT and candidate.actors and candidate.recipients
    if not conflict or "modal" not in candidate.notes or candidate.negated or "infinitive" in candidate.notes:
        return False
    if all(t.lemma_ != "have" for t in tree.children(candidate.anchor, "aux")):
        candidate.type, candidate.mode = "THREATEN", THREAT_MODES.get(candidate.type)
    candidate.strength *= 0.6
    return True


def _addressed(candidate: Candidate) -> bool:
    """Whether the purpose is done by doing what is told: "wrote to demand", "gathered to demand"."""
    governor = candidate.anchor.head.lemma_.lower()
    if candidate.type == "PROTEST":
        return governor in lexicon().classes["GATHERING_VERB"] or _is_done_in_protest(candidate)
    return candidate.type in VERBAL_TYPES and governor in flags.ADDRESSES


def _is_done_in_protest(candidate: Candidate) -> bool:
    """Whether several people did something "to protest": "closed their shops to protest a tax"."""
    anchor = candidate.anchor
    done = anchor.head.tag_ in ("VBD", "VBG", "VBN", "VBZ") and anchor.dep_ == "advcl" and anchor.lemma_ == "protest"
    return done and any(t.tag_ in ("NNS", "NNPS") for t in candidate.actors)


def _mobilized(candidate: Candidate) -> None:
    """Troops that keep the peace or rescue are AID; an exercise of several parties is COOPERATE."""
    anchor = candidate.anchor
    told = {t.lemma_.lower() for t in anchor.subtree} | {anchor.head.lemma_.lower()}
    if told & (PEACEKEEPING | RELIEF) and candidate.mode == "troops":
        candidate.type, candidate.mode = "AID", None
        return
    exercise = {t.lemma_.lower() for t in candidate.words} & EXERCISES
    parties = [t for actor in candidate.actors for t in (actor, *tree.children(actor, "amod"))]
    several = len(candidate.actors) > 1 or any(c.dep_ == "conj" for t in parties for c in t.children)
    if exercise and (several or "joint" in told):
        candidate.type, candidate.mode, candidate.reciprocal = "COOPERATE", None, True
        candidate.actors += [t for t in candidate.recipients if t not in candidate.actors]
        candidate.recipients = []


def _refusal(candidate: Candidate) -> bool:
    """Whether the negation refuses ("will not meet", "did not support"); "did not meet" only denies."""
    if not candidate.actors or any(flags.is_nobody(t) for t in candidate.actors + candidate.recipients):
        return False
    if candidate.anchor.pos_ == "ADJ":
        return candidate.type == "AGREE"
    return candidate.type in ("SUPPORT", "AGREE", "CONCEDE") or (
        candidate.future and candidate.type in FUTURE_AGREE | {"RETREAT"}
    )


def put_off(candidate: Candidate) -> None:
    """Makes an event of the present one of the future, where its date says so."""
    candidate.future = True
    _future(candidate)


def _future(candidate: Candidate) -> None:
    if candidate.type in FUTURE_AGREE:
        candidate.type, candidate.mode = "AGREE", None
    elif candidate.type == "RETREAT":
        candidate.type, candidate.mode = "CONCEDE", None
    elif candidate.mode == "convict":
        candidate.hypothetical = True  # a court that will judge threatens nobody
    elif candidate.type in MATERIAL_CONFLICT - {"MOBILIZE"}:
        candidate.type, candidate.mode = "THREATEN", THREAT_MODES.get(candidate.type)


def _by_content(candidate: Candidate) -> None:
    """The mode (and for promises the category) that follows from what is asked for, promised or refused."""
    content = _asked(candidate.content)
    category = content_category(content)
    if category is None:
        changes = content is not None and lemmas.lemma_of(content) in lexicon().classes["CHANGE_VERB"]
        if changes and candidate.type in ("REQUEST", "REJECT") and candidate.mode is None:
            candidate.mode = "change"
        return
    threat = candidate.type == "AGREE" and category in MATERIAL_CONFLICT - {"MOBILIZE"}
    if threat and candidate.anchor.lemma_.lower() != "agree":
        candidate.type, candidate.mode = "THREATEN", _threat_mode(content, category)
        if not candidate.recipients:
            threatened = arguments.inside_complement(candidate.anchor, None)
            candidate.recipients = [t for t in threatened if t not in candidate.actors]
    elif candidate.type in ("REQUEST", "REJECT") and candidate.mode in (None, "change"):
        if category == "CONSULT":
            candidate.mode = "meet"
        elif category in ("AID", "SUPPORT", "COOPERATE"):
            candidate.mode = "assist"
        elif category in ("RETREAT", "CONCEDE"):
            candidate.mode = "yield"
    elif candidate.type == "THREATEN" and candidate.mode is None:
        candidate.mode = _threat_mode(content, category)


def _threat_mode(content: Token | None, category: str) -> str | None:
    """The mode of a threat with this deed: by its own mode ("to deport them"), else by its category."""
    line = matching.line_of_verb(content) if content is not None and tree.is_verb(content) else None
    return THREAT_MODES_OF_MODES.get(line.mode or "" if line else "") or THREAT_MODES.get(category)


def _asked(content: Token | None) -> Token | None:
    """What is asked for in a demand that is answered: "rejected calls to *scrap*", "refused a request for a *loan*"."""
    if content is None or content.lemma_.lower() not in lexicon().classes["DEMAND_NOUN"]:
        return content
    clauses = tree.children(content, "acl", "relcl", "ccomp", "xcomp")
    return next(iter(clauses + tree.prepositions(content, ("for",))), content)


def content_category(content: Token | None) -> str | None:
    """The category the content would have if it were told as a fact, or None."""
    if content is None:
        return None
    if tree.is_verb(content):
        return matching.category_of_verb(content)
    for noun in heads.content_nouns(content):
        trigger = matching.match_noun(noun, carried=True)
        if trigger is not None:
            return trigger.type
    keys = set(heads.noun_keys(content))
    return "AID" if content.ent_type_ == "MONEY" or keys & lexicon().classes["AID_THING"] else None
