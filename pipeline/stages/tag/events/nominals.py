"""Events told without a verb of their own: an adjective ("willing to"), or a noun that says who did it."""

from __future__ import annotations

from spacy.tokens import Span as Sentence
from spacy.tokens import Token

from pipeline.stages.tag.events import arguments, consuming, matching, plausible, tree, voice
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.lexicon import lexicon

# Nouns of what lasts; below a preposition they tell of no deed: "a hub for trade with China".
LASTING = frozenset({"co-operation", "collaboration", "cooperation", "partnership", "trade"})


def from_adjective(token: Token, sentence: Sentence, consumed: set[int]) -> Candidate | None:
    """An adjective with its infinitive or preposition: "Russia is willing to withdraw its troops"."""
    if token.dep_ not in ("acomp", "attr", "conj", "ROOT", "ccomp", "amod", "acl", "relcl", "oprd"):
        return None
    for trigger in lexicon().triggers.get(("A", token.lemma_.lower()), ()):
        if matching.fits(token, None, trigger.conditions) is None:
            continue
        verb = token.head if tree.is_verb(token.head) else token
        if tree.is_verb(token.head) or token.head == token:
            actors = arguments.expand(voice.surface_subjects(verb))
        else:
            actors = arguments.expand([voice.author(token.head)])
        recipients = arguments.of_verb(token, trigger.recipient, None)
        clauses = tree.children(token, "xcomp", "ccomp")
        for clause in clauses:
            consumed.update(t.i for t in consuming.clause_words(clause))
        nouns = tree.prepositions(token, ("to", "of", "for"))
        consumed.update(w.i for t in nouns for w in t.subtree)
        content = clauses[0] if clauses else (nouns[0] if nouns else None)
        return Candidate(
            token,
            (token,),
            sentence,
            trigger,
            trigger.type,
            trigger.mode,
            actors,
            recipients,
            trigger.reciprocal,
            content,
            None,
            0.55 + 0.1 * bool(actors),
        )
    return None


def from_noun(noun: Token, sentence: Sentence) -> Candidate | None:
    """An event told by a noun alone: it must say who did it, or both where and to whom or when."""
    if noun.dep_ in ("compound", "amod", "nmod", "poss") or noun.ent_type_ in ("PERSON", "ORG", "GPE"):
        return None
    trigger = matching.match_noun(noun)
    if trigger is None:
        return None
    occurs = noun.dep_ in ("nsubj", "nsubjpass") and "occur" in matching.effects(noun.head)
    if trigger.reciprocal:
        actors, recipients = arguments.parties(noun, trigger.recipient), []
        if occurs and not actors:
            actors = arguments.of_verb(noun.head, trigger.recipient, None)
        weight = 0.5 * len(actors)
    else:
        actors = arguments.of_noun(noun, trigger.actor)
        recipients = [t for t in arguments.of_noun(noun, trigger.recipient) if t not in actors]
        weight = 0.7 * bool(actors) + 0.4 * bool(recipients)
    if trigger.mode in plausible.IMPLIED_ACTOR_MODES:
        weight += 0.5 * bool(recipients) + 0.9 * (noun.tag_ == "NNS" and noun.dep_ in tree.SUBJECTS)
    subject = noun.dep_ in tree.SUBJECTS and bool(actors)
    weight += 0.5 * _dated(noun) + 0.3 * occurs + 0.2 * subject
    lasts = noun.dep_ == "pobj" and noun.lemma_.lower() in LASTING and not _dated(noun)
    if round(weight, 2) < 0.9 or lasts:
        return None
    return Candidate(
        noun,
        (noun,),
        sentence,
        trigger,
        trigger.type,
        trigger.mode,
        actors,
        recipients,
        trigger.reciprocal,
        None,
        None,
        min(0.6, 0.25 + 0.2 * weight),
    )


def _dated(noun: Token) -> bool:
    return any(t.ent_type_ == "DATE" for t in noun.subtree)
