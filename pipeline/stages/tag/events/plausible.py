"""Is it an event of the news at all: somebody must have done it, and to somebody where the category needs that.

Precision first: "climate change threatens", "farmers are trained", "we must act" tell of nothing that happened.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from pipeline.model import Participant
from pipeline.stages.tag.events import arguments, heads, matching, pronouns, time, tree, unreal
from pipeline.stages.tag.events.candidate import Candidate, Drop
from pipeline.stages.tag.events.lexicon import PUBLIC_BODIES, VERBAL_TYPES, lexicon

# Modes that say who acts even where nobody is named: the police or the authorities.
IMPLIED_ACTOR_MODES = frozenset({"arrest", "curfew", "martial-law", "seize"})
# Categories that are told in the passive without naming who did it: what was done to whom is the news.
AGENTLESS_TYPES = frozenset({"ACCUSE", "ASSAULT", "COERCE", "RETREAT", "SANCTION", "PROTEST", "MOBILIZE", "REJECT"})
# Categories that the PLOVER manual defines by two parties.
TWO_PARTY_TYPES = frozenset({"AID", "COOPERATE"})
GAME_TYPES = frozenset({"AGREE", "CONSULT", "REJECT", "SUPPORT", "THREATEN", "COOPERATE", "RETREAT"})
OFFICIAL_SECTORS = frozenset({"GOV", "LEG", "MIL", "JUD", "OPP", "REB", "PTY", "REL", "SPY", "PRE"})
ANYBODY = frozenset({"i", "we", "you", "me", "us", "one", "everyone", "anyone", "someone", "everybody", "who"})
BURNING = frozenset({"fire", "blaze", "inferno"})
# What the killing was done in: "two operations killed 26 rebels".
CAMPAIGNS = frozenset({"operation", "sweep"})
MISSILE_CLASSES = ("BOMB_NOUN", "MISSILE_NOUN", "SHOT_NOUN", "STONE_NOUN", "TEARGAS_NOUN")


def why_no_news(candidate: Candidate) -> Drop | None:
    """The reason where the candidate does not name enough of who did what; None where it does."""
    actors, recipients = candidate.actors, candidate.recipients
    if candidate.type in ("ASSAULT", "COERCE") and actors and _is_mishap(candidate):
        return Drop.ACCIDENT
    if candidate.type == "ASSAULT" and (_is_outcome(candidate.anchor) or (not actors and _is_accident(candidate))):
        return Drop.ACCIDENT
    if candidate.mode == "martial-law" and _is_accident(candidate):
        return Drop.ACCIDENT  # an emergency for a natural disaster coerces nobody (PLOVER manual)
    if candidate.type in unreal.TOLD_TYPES and unreal.is_fiction(candidate):
        return Drop.FICTION
    if unreal.is_figurative(candidate):
        return Drop.FIGURATIVE
    if not (_has_actor(candidate) if actors else _has_sufferer(candidate)):
        return Drop.NOBODY
    if candidate.type in TWO_PARTY_TYPES and len(actors) + len(recipients) < 2 and not _several(candidate):
        return Drop.ONE_PARTY
    if candidate.type in TWO_PARTY_TYPES and recipients and not any(can_receive(t) for t in recipients):
        return Drop.ONE_PARTY
    if candidate.type in GAME_TYPES and _is_sport(candidate):
        return Drop.SPORT
    return None


def _has_actor(candidate: Candidate) -> bool:
    able = can_attack if candidate.type == "ASSAULT" else can_act
    named = any(t.lower_ not in ANYBODY for t in candidate.actors + candidate.recipients)
    return (named or _speaks(candidate)) and any(able(t) for t in candidate.actors)


def _speaks(candidate: Candidate) -> bool:
    """Whether an official says it of himself: "We will respond," the minister said."""
    if candidate.type not in VERBAL_TYPES or any(t.lower_ not in pronouns.SPEAKERS for t in candidate.actors):
        return False
    speaker = pronouns.attributed_to(candidate.anchor)
    return speaker is not None and arguments.is_actor(speaker)


def _has_sufferer(candidate: Candidate) -> bool:
    """Whether what was done to somebody is the news, though nobody is said to have done it."""
    recipients, arrested = candidate.recipients, candidate.mode in IMPLIED_ACTOR_MODES
    if not recipients:
        return arrested or "crowd" in candidate.notes
    # "received death threats", "an arrest warrant was issued for"
    threatened = candidate.rule.type == "THREATEN" and candidate.rule.mode in ("arrest", "violence")
    if not (threatened or candidate.type in AGENTLESS_TYPES) or all(t.lower_ in ANYBODY for t in recipients):
        return False
    return candidate.type == "ASSAULT" or arrested or any(can_act(t) for t in recipients)


def is_official_visit(candidate: Candidate, actors: Sequence[Participant]) -> bool:
    """Whether a journey or a meeting of one named side is news: officials go, not travellers. Others pass."""
    alone = candidate.type == "CONSULT" and len(actors) + len(candidate.recipients) == 1
    alone = alone and all(t.tag_ not in ("NNS", "NNPS") for t in candidate.actors)
    alone = alone and all(t.lemma_.lower() != "summit" for t in candidate.words)
    journey = candidate.anchor.lemma_.lower() in lexicon().classes["JOURNEY_VERB"] and candidate.type in (
        "CONSULT",
        "AGREE",
    )
    if not alone and not journey:
        return True
    if journey and any(_of_consulting(t) for t in candidate.anchor.subtree):
        return True
    if journey and any(
        p.name and p.country and t.ent_type_ == "PERSON" for p, t in zip(actors, candidate.actors, strict=True)
    ):
        return True
    return any(p.sector in OFFICIAL_SECTORS or p.country in PUBLIC_BODIES for p in actors)


def can_receive(head: Token) -> bool:
    """Whether the noun is somebody or somewhere."""
    return can_act(head) or head.ent_type_ in heads.PLACES


def is_weapon(head: Token) -> bool:
    """Whether the noun is what is thrown, fired or laid, and not whom it hits."""
    keys = set(heads.noun_keys(head))
    return any(keys & lexicon().classes[name] for name in MISSILE_CLASSES)


def can_harm(head: Token) -> bool:
    """Whether the noun is a weapon or an act of violence; storms, dogs and inflation are no news of this kind."""
    keys = set(heads.noun_keys(head))
    if any(keys & lexicon().classes[name] for name in (*MISSILE_CLASSES, "FORCE_NOUN", "WEAPON_NOUN")):
        return True
    if head.lemma_.lower() in CAMPAIGNS:
        return True
    lines = [matching.match_noun(noun, carried=True) for noun in heads.content_nouns(head)]  # "a wave of attacks"
    return any(line is not None and line.type in ("ASSAULT", "PROTEST") for line in lines)


def _is_accident(candidate: Candidate) -> bool:
    """Whether the sentence tells of an accident, a natural disaster or a disease."""
    words = lexicon().classes["ACCIDENT_NOUN"]
    return any(t.lemma_.lower() in words for t in candidate.sentence)


def _is_mishap(candidate: Candidate) -> bool:
    """Whether a fire or an accident killed: "a fire at a factory", "a gas explosion"; not "mortar fire"."""
    words = lexicon().classes["ACCIDENT_NOUN"]
    return all(
        bool(words & {*_keys_with_of(noun), *(t.lower_ for t in tree.children(noun, "compound"))})
        or (noun.lemma_.lower() in BURNING and not tree.children(noun, "compound", "poss", "amod") and not _by(noun))
        for noun in candidate.actors
    )


def _keys_with_of(noun: Token) -> set[str]:
    """What the noun is called, also by the noun after "of": "a round of storms"."""
    return {key for t in (noun, *tree.prepositions(noun, ("of",))) for key in heads.noun_keys(t)}


def _is_outcome(verb: Token) -> bool:
    """Whether an accident did it: "the bus overturned, killing five", "the crash of the plane that killed five"."""
    told = [verb.head] if verb.dep_ == "advcl" and verb.tag_ == "VBG" else []
    told += [verb.head] if verb.dep_ == "conj" and not tree.children(verb.head, "dobj") else []  # "crashed and killed"
    told += [verb.head, verb.head.head.head] if verb.dep_ == "relcl" and verb.head.dep_ == "pobj" else []
    return any(t.lemma_.lower() in lexicon().classes["ACCIDENT_NOUN"] for t in told)


def _by(noun: Token) -> list[Token]:
    return tree.prepositions(noun, ("by", "from"))


def _is_sport(candidate: Candidate) -> bool:
    """Whether the sentence is of sport, where teams meet, clash and reject offers."""
    words = lexicon().classes["SPORT_NOUN"]
    return any(t.pos_ == "NOUN" and t.lemma_.lower() in words for t in candidate.sentence)


def _of_consulting(token: Token) -> bool:
    """Whether the word says what the journey is for: "to meet", "for talks"."""
    return token.lemma_.lower() in ("meet", "talk", "talks", "negotiation", "summit", "discuss", "negotiate")


def _several(candidate: Candidate) -> bool:
    """Whether one plural noun stands for both parties: "the armies of both countries held joint drills"."""
    return candidate.reciprocal and any(t.tag_ in ("NNS", "NNPS") for t in candidate.actors)


def can_act(head: Token) -> bool:
    """Whether the noun phrase names somebody, or something that belongs to somebody ("Israel's offer")."""
    if arguments.is_actor(head) or (head.like_num and head.pos_ != "PROPN"):
        return True  # also "two others", "one of them"
    if head.lemma_.lower() in lexicon().classes["LIGHT_NOUN"] and any(
        arguments.is_actor(t) for t in tree.prepositions(head, ("of",))
    ):
        return True  # "a handful of exiles"
    if head.lower_ == "it" and time.is_said(head.head):
        return True
    if head.lower_ == "it":
        noun = pronouns.antecedent(head)
        return noun is not None and can_act(noun)
    if head.pos_ == "PROPN" or (head.is_upper and len(head) > 1):
        return True
    if any(arguments.is_actor(t) for t in tree.children(head, "appos")):
        return True
    return any(t.ent_type_ in ("GPE", "NORP", "ORG", "PERSON") for t in head.subtree if t.i <= head.i)


def can_attack(head: Token) -> bool:
    """Whether the noun is somebody or a weapon; what merely belongs to somebody ("Chinese tariffs") attacks nobody."""
    return arguments.is_actor(head) or can_harm(head) or (head.pos_ in ("PROPN", "PRON", "NUM") and can_act(head))
