"""What is said inside another event and so is no event of its own: words that are used up by a trigger."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Token

from pipeline.stages.tag.events import heads, tree
from pipeline.stages.tag.events.lexicon import NO_EVENT, Trigger

# Categories whose complement says what is asked, promised, refused or threatened, and is no event of its own.
SPEECH_TYPES = frozenset({"REQUEST", "AGREE", "REJECT", "THREATEN", NO_EVENT})
# Categories whose "for ..." names the charge; the accusation behind them is not coded again (PLOVER manual).
CHARGED_TYPES = frozenset({"ACCUSE", "COERCE", "SANCTION"})
JUDGED_TYPES = frozenset({"ACCUSE", "SUPPORT", "CONCEDE"})
CONTENT_CLAUSES = ("xcomp", "ccomp", "acomp", "advcl")
CHARGES = frozenset({"for", "of", "on", "over", "with"})
CONTENT_PREPOSITIONS = CHARGES | {"to", "against", "from", "about", "as"}
REASONS = frozenset({"after", "since", "because", "as"})


def by_trigger(verb: Token, object_head: Token | None, trigger: Trigger) -> set[int]:
    """The positions of the words that this trigger uses up."""
    used = {verb.i}
    if trigger.type == "PROTEST":
        # The demand voiced in a protest is no second event (PLOVER manual).
        used.update(t.i for clause in tree.children(verb, "advcl", "xcomp") for t in clause.subtree)
    if trigger.type == "ACCUSE" and any(c.key == "ccomp" and c.words for c in trigger.conditions):
        used.update(t.i for t in tree.children(verb, "ccomp"))  # "said Iran had violated the truce"
    if trigger.type in SPEECH_TYPES | JUDGED_TYPES:
        used |= _by_speech(verb, object_head, trigger)
    elif object_head is not None:
        used.update(t.i for t in heads.content_nouns(object_head) if not tree.is_verb(t))
    if trigger.type in CHARGED_TYPES:
        charges = tree.children(verb, "prep")
        charges += [p for p in tree.children(object_head, "prep") if tree.children(p, "pcomp")] if object_head else []
        used.update(t.i for p in charges if p.lower_ in CHARGES for t in p.subtree)
    return used


def _by_speech(verb: Token, object_head: Token | None, trigger: Trigger) -> set[int]:
    """What is inside the complement of a speech act: it was said, it did not happen."""
    used: set[int] = set()
    if trigger.type in SPEECH_TYPES:
        for clause in tree.children(verb, *CONTENT_CLAUSES):
            if clause.dep_ != "advcl" or clause.tag_ == "VB":
                used.update(t.i for t in clause_words(clause))
    if object_head is not None:
        for t in heads.content_nouns(object_head):
            used.update(w.i for w in t.subtree if not tree.is_verb(w) or trigger.type in SPEECH_TYPES)
    for child in tree.children(verb, "prep"):
        if child.lower_ in CONTENT_PREPOSITIONS:
            used.update(t.i for t in child.subtree)
    return used


def clause_words(clause: Token) -> Iterable[Token]:
    """The words of a complement without the clauses that give its time or reason."""
    for child in clause.children:
        if child.dep_ == "advcl" and any(m.lower_ in REASONS for m in child.children):
            continue
        yield from child.subtree
    yield clause
