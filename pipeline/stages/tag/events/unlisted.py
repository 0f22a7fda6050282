"""Verbs that tell of one category only, with an object that none of their lines lists: "flayed the Speaker's remarks".

Lists of objects are never complete. Where somebody acts, and the object is somebody or bears a name, what a verb tells
of everywhere else is most likely told here too. Such events have a feature of their own in their confidence.
"""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from pipeline.stages.tag.events import arguments, lemmas, matching, voice
from pipeline.stages.tag.events.labels import VALUES
from pipeline.stages.tag.events.lexicon import NO_EVENT, Trigger, lexicon

UNLISTED = "unlisted"


def match_verb(verb: Token, object_head: Token | None) -> tuple[Trigger, list[Token]] | None:
    """The first line of the verb that fits but for its lists, or None; its mode only where all lines have the same."""
    if object_head is None or not _is_of_somebody(object_head):
        return None
    if lemmas.lemma_of(verb) in lexicon().classes["MANY_SENSED_VERB"]:
        return None  # "bought the paper"
    if not any(arguments.is_actor(t) for t in voice.subjects(verb)):
        return None
    lines = list(matching.verb_lines(verb))
    told = [(line, words) for line, words in lines if line.type != NO_EVENT and len(words) == len(lines[0][1])]
    if len({line.type for line, _ in told}) != 1:
        return None
    used_so = [found for found in told if _is_used_so(verb, object_head, found[0])]
    if not used_so:
        return None  # "described him as a friend", where the lines ask for "as a traitor"
    line, words = used_so[0]
    modes = {line.mode for line, _ in told}
    return (line if len(modes) == 1 else replace(line, mode=None)), words


def _is_used_so(verb: Token, object_head: Token, line: Trigger) -> bool:
    """Whether all conditions of the line are met but those that list objects."""
    others = tuple(c for c in line.conditions if c.negated or c.key != "obj")
    return matching.first_unmet(verb, object_head, others) is None


def _is_of_somebody(noun: Token) -> bool:
    return arguments.is_actor(noun) or any(t.ent_type_ and t.ent_type_ not in VALUES for t in noun.subtree)
