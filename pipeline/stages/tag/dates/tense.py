"""Whether the words around a date speak of the past or of the future."""

from __future__ import annotations

from enum import Enum

from spacy.tokens import Doc, Token

from pipeline.stages.tag.tables import words

_MAX_STEPS = 30
_WILL = words("will 'll ’ll wo shall may might could should must can would")
_AHEAD_NOUNS = words("deadline target expiry expiration")
_AHEAD_VERBS = words(
    "plan expect schedule set due slate intend agree want hope aim promise pledge vow threaten prepare postpone delay "
    "propose invite urge call ask demand order decide book forecast project anticipate likely bind tentative"
)


class Direction(Enum):
    """Where a date lies as seen from the article."""

    PAST = "past"
    FUTURE = "future"
    UNKNOWN = "unknown"


def direction(doc: Doc, start_char: int, end_char: int) -> Direction:
    """Judge by the nearest verb above the date in the parse, and by words such as "deadline" or "due" on the way."""
    span = doc.char_span(start_char, end_char, alignment_mode="expand")
    if span is None:
        return Direction.UNKNOWN
    token = span.root
    for _ in range(_MAX_STEPS):
        if token.pos_ in ("VERB", "AUX") and token not in span:
            found = _of_verb(token)
            if found is not None:
                return found
        elif token.lemma_.lower() in _AHEAD_NOUNS or (token.pos_ == "ADJ" and token.lemma_.lower() in _AHEAD_VERBS):
            return Direction.FUTURE
        if token.head == token:
            break
        token = token.head
    return Direction.UNKNOWN


def _of_verb(verb: Token) -> Direction | None:
    """What this verb tells; None: an infinitive or participle, ask the verb above."""
    helpers = {child.lower_ for child in verb.children if child.dep_ in ("aux", "auxpass")}
    if helpers & _WILL:
        return Direction.FUTURE
    present = bool(helpers & {"is", "are", "'s", "’s", "'re", "’re", "am", "'m"})
    if any(child.lemma_ in ("due", "likely") for child in verb.children):
        return Direction.FUTURE
    if verb.tag_ == "VB" and "to" in helpers:
        return _of_infinitive(verb)
    if verb.tag_ == "VBG":
        return Direction.FUTURE if present else (Direction.PAST if helpers & {"was", "were"} else None)
    if verb.tag_ == "VBN":
        if present and verb.lemma_ in _AHEAD_VERBS:
            return Direction.FUTURE
        return Direction.PAST if helpers else None
    if verb.tag_ == "VBD":
        return Direction.PAST
    return Direction.UNKNOWN if verb.tag_ == "VB" else _of_present(verb)


def _of_present(verb: Token) -> Direction:
    """As in "talks begin Monday", which lies ahead, "he says" and "he has" tell nothing."""
    ahead = verb.lemma_ in ("begin", "start", "open", "resume", "meet", "arrive", "leave", "expire", "end", "go")
    return Direction.FUTURE if ahead or verb.lemma_ in _AHEAD_VERBS else Direction.UNKNOWN


def _of_infinitive(verb: Token) -> Direction | None:
    above = verb.head
    if above == verb:
        return Direction.FUTURE  # headlines: "Leaders to meet on Monday"
    if above.lemma_.lower() in _AHEAD_VERBS:
        return Direction.FUTURE
    if above.pos_ in ("NOUN", "PROPN") and above.head == above:
        return Direction.FUTURE  # the same, where the model takes "Leaders" for the sentence
    if above.pos_ == "AUX" and above.tag_ in ("VBZ", "VBP"):
        return Direction.FUTURE  # "is to meet"
    return None
