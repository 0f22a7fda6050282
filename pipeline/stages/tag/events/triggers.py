"""Which words of a sentence tell of an event: looks every verb, noun and adjective up in the lexicon.

Verbs are tried from the top of the parse down, so that "urged X to attack Y" is one request and not an attack too.
A noun is a trigger where a verb like "hold" or "launch" carries it, or where it names who did it.
"""

from __future__ import annotations

from collections import deque

from spacy.tokens import Span as Sentence
from spacy.tokens import Token

from pipeline.stages.tag.events import (
    arguments,
    consuming,
    heads,
    lemmas,
    matching,
    nominals,
    plausible,
    saying,
    tree,
    unlisted,
    voice,
)
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.lexicon import NO_EVENT, VERBAL_TYPES, Trigger

# Categories in which the object of the verb may be the deed itself and not whom it is done to.
TAKEN_MODES = frozenset({"release", "seize"})
ASKING_TYPES = frozenset({"REQUEST", "THREATEN"})
MEETING_TYPES = frozenset({"AGREE", "SUPPORT", "REJECT", "REQUEST", "ACCUSE"})
DONE_TYPES = frozenset({"AGREE", "AID", "COERCE", "CONCEDE", "COOPERATE", "MOBILIZE", "PROTEST", "RETREAT", "SANCTION"})


def find(sentence: Sentence) -> list[Candidate]:
    """All candidates of a sentence, also of lines that tell of no event, in the order of the parse from the top."""
    consumed: set[int] = set()
    found: list[Candidate] = []
    for token in _top_down(sentence):
        if token.i in consumed:
            continue
        candidate = _from_verb(token, sentence, consumed) if matching.is_event_verb(token) else None
        if candidate is None and token.pos_ == "ADJ":
            candidate = nominals.from_adjective(token, sentence, consumed)
        if candidate is not None:
            candidate.recipients = _sides(candidate)
            found.append(candidate)
    for token in sentence:
        if token.i not in consumed and token.pos_ in ("NOUN", "PROPN") and not matching.is_event_verb(token):
            candidate = nominals.from_noun(token, sentence)
            if candidate is not None:
                consumed.add(token.i)
                found.append(candidate)
    return found


def _top_down(sentence: Sentence) -> list[Token]:
    """The words of the sentence, governors before what they govern."""
    order, queue = [], deque([sentence.root])
    while queue:
        token = queue.popleft()
        order.append(token)
        queue.extend(token.children)
    return order


def _from_verb(verb: Token, sentence: Sentence, consumed: set[int]) -> Candidate | None:
    held = voice.objects(verb)
    object_head = held[0] if held else None
    listed = matching.match_verb(verb, object_head)
    if listed is None or (listed[0].type != NO_EVENT and not _object_conditions(listed[0])):
        carried = _carried_noun(verb, object_head, sentence, consumed)
        if carried is not None:
            return carried
    best = listed or unlisted.match_verb(verb, object_head)
    if best is None:
        return None
    trigger, words = best
    consumed |= consuming.by_trigger(verb, object_head, trigger)
    consumed.update(w.i for w in words)
    actors = saying.speaker_of_joined(verb, trigger.type) if "s" in trigger.actor else []
    actors = actors or arguments.of_verb(verb, trigger.actor, object_head)
    actors = actors or arguments.misread_subject(verb, trigger.recipient)
    actors = [t for actor in actors for t in (_doers_of_deed(actor, trigger, consumed) or [actor])]
    find_recipients = arguments.beneficiary if trigger.type in ("AID", "COOPERATE") else arguments.of_verb
    sources = _without_own_noun(verb, trigger, object_head, words)
    recipients = [t for t in find_recipients(verb, sources, object_head) if t not in actors]
    candidate = Candidate(
        verb,
        tuple(sorted(words, key=lambda w: w.i)),
        sentence,
        trigger,
        trigger.type,
        trigger.mode,
        actors,
        recipients,
        trigger.reciprocal,
        _content(verb, object_head, trigger),
        object_head,
    )
    candidate.strength = 0.6 + 0.1 * bool(actors) + 0.1 * bool(recipients) + 0.05 * bool(trigger.conditions)
    if listed is None:
        candidate.notes.add(unlisted.UNLISTED)
    if trigger.reciprocal:
        _merge_parties(candidate, object_head)
    return candidate


def _sides(candidate: Candidate) -> list[Token]:
    """The recipients; of what is said of a thing, the side it belongs to: of "welcomed France's offer" France.

    A thing of nobody's stays where it is what is judged or refused; nobody is asked or threatened by it.
    """
    if candidate.type not in VERBAL_TYPES:
        return candidate.recipients
    found = [t for noun in candidate.recipients for t in arguments.side(noun)]
    found = [t for t in dict.fromkeys(found) if t not in candidate.actors]
    return found if candidate.type in ASKING_TYPES else found or candidate.recipients


def _without_own_noun(verb: Token, trigger: Trigger, object_head: Token | None, words: list[Token]) -> tuple[str, ...]:
    """The recipient's sources without the object where that is what is done: "imposed a *blockade* on"."""
    if object_head is None or object_head not in words:
        return trigger.recipient
    deed = trigger.type in DONE_TYPES and trigger.mode not in TAKEN_MODES and not plausible.can_receive(object_head)
    weapon = trigger.type == "ASSAULT" and plausible.is_weapon(object_head) and not voice.is_passive(verb)
    return tuple(s for s in trigger.recipient if s != "o") if deed or weapon else trigger.recipient


def _doers_of_deed(actor: Token, trigger: Trigger, consumed: set[int]) -> list[Token]:
    """Who acts where the subject is what they do: "the attack by gunmen left 30 dead"; the noun is used up.

    Also the parties of a meeting: "the summit of A and B failed to agree".
    """
    if arguments.is_actor(actor):
        return []
    deed = matching.match_noun(actor, carried=True)
    if deed is None:
        return []
    if deed.type == "CONSULT" and trigger.type in MEETING_TYPES:
        return arguments.parties(actor, deed.recipient)
    if deed.type != "ASSAULT" or trigger.type != "ASSAULT":
        return []
    consumed.add(actor.i)
    return [] if deed.reciprocal else arguments.of_noun(actor, ("a",))


def _object_conditions(trigger: Trigger) -> bool:
    return any(c.words and not c.negated for c in trigger.conditions)


def _merge_parties(candidate: Candidate, object_head: Token | None) -> None:
    """In a reciprocal event the other side is an actor too; "talks with X" names it inside the object."""
    extra = [t for t in candidate.recipients if arguments.is_actor(t) and t not in candidate.words]
    if object_head is not None and not arguments.is_actor(object_head):
        for noun in heads.content_nouns(object_head):  # "three days of talks with Iran"
            extra += [t for t in arguments.parties(noun, ("with", "between")) if t not in extra]
    candidate.actors = candidate.actors + [t for t in extra if t not in candidate.actors]
    candidate.recipients = []


def _content(verb: Token, object_head: Token | None, trigger: Trigger) -> Token | None:
    """What a request, promise, refusal or threat is about: the clause below it, else its object."""
    if trigger.type not in consuming.SPEECH_TYPES:
        return object_head
    clauses = [t for t in tree.children(verb, "xcomp", "ccomp") if matching.is_event_verb(t)]
    if clauses:
        return clauses[0]
    if object_head is not None and not arguments.is_actor(object_head):
        return object_head
    nouns = [t for name in ("for", "to", "of", "against") for t in tree.prepositions(verb, (name,))]
    return nouns[0] if nouns else object_head


def _carried_noun(verb: Token, object_head: Token | None, sentence: Sentence, consumed: set[int]) -> Candidate | None:
    """An event noun that is the object of a verb like "hold", "launch", "announce" or "cancel"."""
    effects = lemmas.effects(verb)
    if object_head is None or not effects & {"support", "announce", "cancel", "undergo"}:
        return None
    for noun in heads.content_nouns(object_head):
        trigger = matching.match_noun(noun, carried=True)
        if trigger is None:
            continue
        consumed.update((verb.i, noun.i))
        others = arguments.parties(noun, trigger.recipient) if trigger.reciprocal else []
        subject = arguments.expand(voice.subjects(verb))
        if "undergo" in effects and not trigger.reciprocal:
            actors, recipients = arguments.of_noun(noun, ("a", "from")), subject
        else:
            actors = subject or arguments.of_noun(noun, ("a",))
            recipients = arguments.of_noun(noun, trigger.recipient) or arguments.of_verb(verb, trigger.recipient, None)
        candidate = Candidate(
            verb,
            tuple(sorted((verb, noun), key=lambda w: w.i)),
            sentence,
            trigger,
            trigger.type,
            trigger.mode,
            actors,
            [t for t in recipients if t not in actors],
            trigger.reciprocal,
            noun,
            noun,
        )
        if trigger.reciprocal:
            candidate.actors = actors + [t for t in (others or recipients) if t not in actors]
            candidate.recipients = []
        candidate.strength = 0.6 + 0.1 * bool(actors) + 0.1 * bool(recipients)
        candidate.notes |= effects & {"announce", "cancel"}
        return candidate
    return None
