"""An event in the making: what the questions of this package tell each other about one trigger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from spacy.tokens import Span as Sentence
from spacy.tokens import Token

from pipeline.model import Event
from pipeline.stages.tag.events.lexicon import Trigger
from pipeline.stages.tag.passage import Passage


class Drop(StrEnum):
    """Why a candidate (or, with NO_SENTENCE, a whole sentence) gives no event; `MEANING` says it in words."""

    NO_EVENT = "NO_EVENT"
    QUESTION = "QUESTION"
    UNREAL = "UNREAL"
    NOBODY = "NOBODY"
    ONE_PARTY = "ONE_PARTY"
    ACCIDENT = "ACCIDENT"
    SPORT = "SPORT"
    FICTION = "FICTION"
    FIGURATIVE = "FIGURATIVE"
    TRAVELLER = "TRAVELLER"
    TOLD_TWICE = "TOLD_TWICE"
    TOO_MANY = "TOO_MANY"
    UNLIKELY = "UNLIKELY"
    RETOLD = "RETOLD"
    PRIVATE = "PRIVATE"
    SPORT_STORY = "SPORT_STORY"
    PRIVATE_STORY = "PRIVATE_STORY"
    NO_SENTENCE = "NO_SENTENCE"


MEANING = {
    Drop.NO_EVENT: "the lexicon says that these words tell of no event",
    Drop.QUESTION: "it is asked, not told",
    Drop.UNREAL: "a wish, a condition, a purpose or a mere possibility",
    Drop.NOBODY: "nobody is named who can act, or whom it is done to",
    Drop.ONE_PARTY: "the category needs two parties, and only one is named",
    Drop.ACCIDENT: "an accident, a natural disaster or a disease",
    Drop.SPORT: "a game, where teams meet, clash and reject offers",
    Drop.FICTION: "what happens in a film, a book or a play",
    Drop.FIGURATIVE: "a figure of speech: an attack on costs, a battle to hold a party together",
    Drop.TRAVELLER: "a journey or meeting of somebody who holds no office",
    Drop.TOLD_TWICE: "the same event is told by another word of the sentence",
    Drop.TOO_MANY: "the sentence has more events than a sentence can tell",
    Drop.UNLIKELY: "the confidence is below the least that is emitted",
    Drop.RETOLD: "another sentence tells the same event, and keeps this one as further evidence",
    Drop.PRIVATE: "firms, schools, doctors or media deal with private people, and nobody of public life takes part",
    Drop.SPORT_STORY: "the article is of sport, where only arrests and deaths are news of this kind",
    Drop.PRIVATE_STORY: "hardly a word of the article is of public life, and nobody of public life takes part",
    Drop.NO_SENTENCE: "a table or a list: too many words for a sentence",
}


@dataclass(slots=True)
class Candidate:
    """One trigger found in a sentence, with noun heads for participants. Filled in step by step.

    ``anchor`` is the word the event hangs on; ``words`` all words of the trigger; ``content`` the noun or verb that
    says what is agreed, asked for or refused; ``rule`` the line of the lexicon; ``dropped`` why it gives no event;
    ``event`` what it came to, or, where it is told again, the event that keeps its sentence; ``features`` what its
    confidence was made of. ``strength`` ranks the candidates of a sentence.
    """

    anchor: Token
    words: tuple[Token, ...]
    sentence: Sentence
    rule: Trigger
    type: str
    mode: str | None
    actors: list[Token]
    recipients: list[Token]
    reciprocal: bool
    content: Token | None = None
    object_head: Token | None = None
    strength: float = 0.5
    negated: bool = False
    future: bool = False
    hypothetical: bool = False
    dropped: Drop | None = None
    event: Event | None = None
    features: dict[str, float] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence with its candidates in text order; ``dropped``: why it was not read at all."""

    passage: Passage
    sentence: Sentence
    candidates: tuple[Candidate, ...]
    dropped: Drop | None = None


@dataclass(frozen=True, slots=True)
class Coding:
    """The events of an article in text order, and how each of its sentences was read."""

    events: tuple[Event, ...]
    readings: tuple[Reading, ...] = ()

    def discards(self) -> Counter[Drop]:
        """How many candidates (with NO_SENTENCE: sentences) gave no event of their own, by reason."""
        codes = [reading.dropped for reading in self.readings]
        codes += [candidate.dropped for reading in self.readings for candidate in reading.candidates]
        return Counter(code for code in codes if code is not None)


def table() -> str:
    """The Markdown table of ``docs/events.md``."""
    rows = [f"| `{drop}` | {MEANING[drop]} |" for drop in Drop]
    return "\n".join(["| code | meaning |", "|---|---|", *rows]) + "\n"
