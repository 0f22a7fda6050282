"""Plain verbs with an object that none of their lines lists: "the court quashed parts of Mwangi's budget".

Lists of objects are never complete. A verb of class PLAIN_VERB has one sense in the news; where somebody acts, and the
object is somebody or bears a name, it tells what its lines tell. Such events have a feature in their confidence.
Any verb whose lines are of one category, tried first, was right in one of three.
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
    if lemmas.lemma_of(verb) not in lexicon().classes["PLAIN_VERB"]:
        return None
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
