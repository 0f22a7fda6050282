"""What kind of story an article is: in some kinds little is news of who did what to whom.

A game is won, a shop helps its customers, a singer thanks her family: told in the words of politics, and none of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from spacy.tokens import Doc

from pipeline.model import Event, EventType, Participant
from pipeline.stages.tag.events.candidate import Candidate, Drop
from pipeline.stages.tag.events.lexicon import PUBLIC_BODIES, lexicon

GAME_KINDS, GAME_WORDS = 5, 8
# An article of that many words with a smaller share of the words of public life is of private affairs.
STORY_WORDS, PUBLIC_SHARE = 100, 0.006
PUBLIC_SECTORS = frozenset({"COP", "ELI", "GOV", "JUD", "LEG", "MIL", "OPP", "PRE", "PRM", "PTY", "REB", "SPY", "UAF"})
PRIVATE_SECTORS = frozenset({"AGR", "BUS", "EDU", "JRN", "MED"})
# Who does in a stadium what is news elsewhere too; by the name of its country a team would be GOV.
AUTHORITIES = frozenset({"COP", "JUD", "LEG", "MIL"})
MINISTERS = frozenset({"minister", "ministry", "ministers", "government", "premier", "parliament"})
# What private people do to each other all day.
EVERYDAY = frozenset({"AGREE", "AID", "CONCEDE", "CONSULT", "COOPERATE", "REJECT", "REQUEST", "SUPPORT", "THREATEN"})
MEETING = frozenset({"AID", "CONSULT", "COOPERATE"})


def of(docs: Sequence[Doc]) -> Drop | None:
    """The kind of an article in which most events are no news, as the reason to drop them; None for all others."""
    if _is_sport(docs):
        return Drop.SPORT_STORY
    return Drop.PRIVATE_STORY if _is_private(docs) else None


def why_no_news(event: Event, candidate: Candidate, kind: Drop | None) -> Drop | None:
    """The reason why an event of an article of this kind is dropped; None where it is kept."""
    if kind is Drop.SPORT_STORY:
        return None if _is_news_of_sport(event) else kind
    people = event.actors + event.recipients
    if any(_is_public(one) for one in people):
        return None
    if kind is Drop.PRIVATE_STORY and _is_everyday(event):
        return kind
    private = any(one.sector in PRIVATE_SECTORS for one in people) or _is_of_kin(candidate)
    return Drop.PRIVATE if private and event.type in MEETING else None


def _is_news_of_sport(event: Event) -> bool:
    """Whether an event of a sport story is news of this kind: arrests, deaths, and what police and ministers do."""
    if event.type is EventType.COERCE or event.dead is not None:
        return True
    if event.type is EventType.ASSAULT and event.modes:
        return True
    return any(p.sector in AUTHORITIES or MINISTERS & set(p.text.casefold().split()) for p in event.actors)


def _is_sport(docs: Iterable[Doc]) -> bool:
    """Whether an article is of sport: many of its words, and of several kinds."""
    words = lexicon().classes["GAME_NOUN"]
    told = Counter(t.lemma_.lower() for doc in docs for t in doc if t.lemma_.lower() in words)
    return len(told) >= GAME_KINDS and sum(told.values()) >= GAME_WORDS


def _is_private(docs: Iterable[Doc]) -> bool:
    """Whether hardly a word of an article is of government, law, politics or violence."""
    public = lexicon().classes["PUBLIC_NOUN"]
    words = [t.lemma_.lower() for doc in docs for t in doc if t.is_alpha]
    return len(words) >= STORY_WORDS and sum(word in public for word in words) < PUBLIC_SHARE * len(words)


def _is_public(one: Participant) -> bool:
    return one.sector in PUBLIC_SECTORS or one.country in PUBLIC_BODIES


def _is_of_kin(candidate: Candidate) -> bool:
    kin = lexicon().classes["KIN_NOUN"]
    return any(t.lemma_.lower() in kin for t in candidate.actors + candidate.recipients)


def _is_everyday(event: Event) -> bool:
    if event.type in (EventType.ACCUSE, EventType.RETREAT, EventType.SANCTION):
        return not set(event.modes) & {"investigate", "allege", "convict", "release", "withdraw", "ceasefire"}
    return event.type in EVERYDAY
