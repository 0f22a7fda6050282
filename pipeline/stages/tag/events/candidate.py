"""An event in the making: what the questions of this package tell each other about one trigger."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Span as Sentence
from spacy.tokens import Token


@dataclass(slots=True)
class Candidate:
    """One trigger found in a sentence, with noun heads for participants. Filled in step by step.

    ``anchor`` is the word the event hangs on; ``words`` all words of the trigger; ``content`` the noun or verb that
    says what is agreed, asked for or refused.
    """

    anchor: Token
    words: tuple[Token, ...]
    sentence: Sentence
    type: str
    mode: str | None
    actors: list[Token]
    recipients: list[Token]
    reciprocal: bool
    content: Token | None = None
    object_head: Token | None = None
    confidence: float = 0.5
    negated: bool = False
    future: bool = False
    hypothetical: bool = False
    notes: set[str] = field(default_factory=set)
