"""Is it an event of the news at all: somebody must have done it, and to somebody where the category needs that.

Precision first: "climate change threatens", "farmers are trained", "we must act" tell of nothing that happened.
"""

from __future__ import annotations

from spacy.tokens import Token

from pipeline.stages.tag.events import arguments, participants
from pipeline.stages.tag.events.candidate import Candidate

# Modes that say who acts even where nobody is named: arrests are made by the police.
IMPLIED_ACTOR_MODES = frozenset({"arrest"})
# Categories that are told in the passive without naming who did it: what was done to whom is the news.
AGENTLESS_TYPES = frozenset({"ACCUSE", "ASSAULT", "COERCE", "RETREAT", "SANCTION", "PROTEST", "MOBILIZE", "REJECT"})
# Categories that the PLOVER manual defines by two parties.
TWO_PARTY_TYPES = frozenset({"AID", "COOPERATE"})
SPEAKERS = frozenset({"i", "we", "you", "me", "us", "one", "everyone", "anyone", "someone", "everybody", "who"})
THING_ACTORS = frozenset({"ASSAULT", "PROTEST", "COERCE"})


def is_news(candidate: Candidate) -> bool:
    """Whether the candidate names enough of who did what; lowers the confidence where it is doubtful."""
    actors, recipients = candidate.actors, candidate.recipients
    if not actors and not recipients:
        return candidate.mode in IMPLIED_ACTOR_MODES
    if not actors and candidate.type not in AGENTLESS_TYPES:
        return False
    if candidate.type in TWO_PARTY_TYPES and len(actors) + len(recipients) < 2 and not _several(candidate):
        return False
    if all(t.lower_ in SPEAKERS for t in actors + recipients):
        return False
    return not actors or candidate.type in THING_ACTORS or any(can_act(t) for t in actors)


def _several(candidate: Candidate) -> bool:
    """Whether one plural noun stands for both parties: "the armies of both countries held joint drills"."""
    return candidate.reciprocal and any(t.tag_ in ("NNS", "NNPS") for t in candidate.actors)


def can_act(head: Token) -> bool:
    """Whether the noun phrase names somebody, or something that belongs to somebody ("Israel's offer")."""
    if arguments.is_actor(head):
        return True
    if head.lower_ == "it":
        noun = participants.antecedent(head)
        return noun is not None and can_act(noun)
    if head.pos_ == "PROPN":
        return True
    return any(t.ent_type_ in ("GPE", "NORP", "ORG", "PERSON") for t in head.subtree if t.i <= head.i)
