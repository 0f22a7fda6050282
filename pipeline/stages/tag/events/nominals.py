"""Events told without a verb of their own: an adjective ("willing to"), or a noun that says who did it."""

from __future__ import annotations

from spacy.tokens import Span as Sentence
from spacy.tokens import Token

from pipeline.stages.tag.events import arguments, consuming, lemmas, matching, plausible, tree, unreal, voice
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.lexicon import Trigger, lexicon

# Nouns of what lasts; below a preposition they tell of no deed: "a hub for trade with China".
LASTING = frozenset({"co-operation", "collaboration", "cooperation", "partnership", "trade"})
# Prepositions before what happened meanwhile or before: "resigned after criticism from the opposition".
CIRCUMSTANCES = frozenset({"after", "following", "during", "amid", "despite"})
# Besides, before a meeting or visit of whoever the sentence is about: "said in talks with X", "on a visit to Y".
ENCOUNTERS = CIRCUMSTANCES | {"at", "in", "on"}


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
            strength=0.55 + 0.1 * bool(actors),
        )
    return None


def from_noun(noun: Token, sentence: Sentence) -> Candidate | None:
    """An event told by a noun alone: it must say who did it, or both where and to whom or when."""
    if noun.dep_ in ("compound", "amod", "nmod", "poss") or noun.ent_type_ in ("PERSON", "ORG", "GPE"):
        return None
    trigger = matching.match_noun(noun)
    if trigger is None:
        return None
    occurs = _occurs(noun)
    recipients: list[Token] = []
    if trigger.reciprocal:
        actors = _parties(noun, trigger, occurs=occurs)
        weight = 0.5 * max(len(actors), 2 * _between_several(noun))
    else:
        actors, recipients = _sides(noun, trigger)
        by = trigger.type != "PROTEST" and bool(arguments.named_doers(noun))  # forwards have strikes too
        weight = (0.9 if by else 0.7) * bool(actors) + 0.4 * bool(recipients or _says_what(noun, trigger.type))
    if trigger.mode in plausible.IMPLIED_ACTOR_MODES:
        weight += 0.5 * bool(recipients) + 0.9 * (noun.tag_ == "NNS" and noun.dep_ in tree.SUBJECTS)
    in_passing = bool(actors) and (noun.dep_ in tree.SUBJECTS or _preposition(noun) in CIRCUMSTANCES)
    weight += 0.5 * _dated(noun) + 0.5 * occurs + 0.2 * in_passing
    lasts = noun.dep_ == "pobj" and noun.lemma_.lower() in LASTING and not _dated(noun)
    crowd = occurs and trigger.type == "PROTEST" and noun.tag_ == "NNS"  # "riots broke out"
    if (round(weight, 2) < 0.9 and not crowd) or lasts:
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
        strength=min(0.6, 0.25 + 0.2 * weight),
        notes={"crowd"} if crowd else set(),
    )


def _occurs(noun: Token) -> bool:
    """Whether its verb says no more than that it happened: "riots broke out", "the verdict sparked riots"."""
    effects = lemmas.effects(noun.head)
    return ("occur" in effects and noun.dep_ in tree.SUBJECTS) or (
        "cause" in effects and noun.dep_ in ("dobj", "nsubjpass")
    )


def _parties(noun: Token, trigger: Trigger, *, occurs: bool) -> list[Token]:
    """All sides of what is told of as mutual; of a meeting with one, also whoever the sentence is about."""
    found = arguments.parties(noun, trigger.recipient)
    if occurs and not found:
        found = arguments.of_verb(noun.head, trigger.recipient, None)
    if trigger.type == "CONSULT" and len(found) == 1 and tree.prepositions(noun, ("with",)):
        found = [t for t in _host_subject(noun) if t not in found] + found
    return found


def _between_several(noun: Token) -> bool:
    """Whether one plural names both sides: "a gunbattle between Tamil and Sinhalese militants"; rivals have battles."""
    sides = [] if noun.lemma_.lower() in unreal.CONTESTS else tree.prepositions(noun, ("between",))
    return any(t.tag_ in ("NNS", "NNPS") for t in sides)


def _sides(noun: Token, trigger: Trigger) -> tuple[list[Token], list[Token]]:
    """Actors and recipients; whoever the sentence is about makes the visit, and the seizure that names nobody else."""
    actors = arguments.of_noun(noun, trigger.actor)
    if trigger.mode == "visit" and all(t.tag_ == "PRP$" for t in actors):
        actors = _host_subject(noun)
    recipients = [t for t in arguments.of_noun(noun, trigger.recipient) if t not in actors]
    if trigger.mode == "seize" and recipients and not actors:
        actors = [t for t in _host_subject(noun) if t not in recipients]  # "found arms in raids on two houses"
    return actors, recipients


def _says_what(noun: Token, category: str) -> bool:
    """Whether a demand, refusal, promise or threat says what is to be done: "Japan's refusal to revise the text"."""
    clauses = tree.children(noun, "acl", "ccomp", "relcl", "xcomp")
    return category in consuming.SPEECH_TYPES and any(t.tag_ == "VB" for t in clauses)


def _above(noun: Token) -> Token:
    """The noun itself, or the "weeks" or "series" of "weeks of protests" and "a series of attacks"."""
    over = noun.head.head
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and over.pos_ == "NOUN":
        light = over.ent_type_ in ("DATE", "TIME") or over.lemma_.lower() in lexicon().classes["LIGHT_NOUN"]
        return over if light else noun
    return noun


def _preposition(noun: Token) -> str:
    """The preposition before the noun, or ""."""
    over = _above(noun)
    return over.head.lower_ if over.dep_ == "pobj" else ""


def _host_subject(noun: Token) -> list[Token]:
    """Whoever the sentence is about that a meeting or visit stands in: "*Kerry* said during a visit to Paris"."""
    if _preposition(noun) not in ENCOUNTERS:
        return []
    host = _above(noun).head.head
    if host.dep_ in ("dobj", "pobj"):  # "told reporters after talks with"
        host = next((t for t in host.ancestors if tree.is_verb(t)), host)
    if tree.is_verb(host) and matching.category_of_verb(host) == "CONSULT":
        return []  # "toured villages on a visit to India" is one visit
    subjects = (voice.subjects(host) or voice.surface_subjects(host)) if tree.is_verb(host) else [host]
    return arguments.expand([t for t in subjects if arguments.is_actor(t)])


def _dated(noun: Token) -> bool:
    return any(t.ent_type_ == "DATE" for t in noun.subtree)
