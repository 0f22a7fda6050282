"""Which words of a sentence tell of an event: looks every verb, noun and adjective up in the lexicon.

Verbs are tried from the top of the parse down, so that "urged X to attack Y" is one request and not an attack too.
A noun is a trigger where a verb like "hold" or "launch" carries it, or where it names who did it.
"""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Span as Sentence
from spacy.tokens import Token

from pipeline.stages.tag.events import arguments, tree
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.lexicon import NO_EVENT, Condition, Trigger, lexicon

# Categories whose complement says what is asked, promised, refused or threatened, and is no event of its own.
SPEECH_TYPES = frozenset({"REQUEST", "AGREE", "REJECT", "THREATEN", NO_EVENT})
# Categories whose "for ..." names the charge; the accusation behind them is not coded again (PLOVER manual).
CHARGED_TYPES = frozenset({"ACCUSE", "COERCE", "SANCTION"})
CONTENT_CLAUSES = ("xcomp", "ccomp", "acomp", "advcl")


def find(sentence: Sentence) -> list[Candidate]:
    """All candidates of a sentence, in the order of the parse from the top."""
    consumed: set[int] = set()
    found: list[Candidate] = []
    for token in _top_down(sentence):
        if token.i in consumed:
            continue
        candidate = _from_verb(token, sentence, consumed) if _verbal(token) else None
        if candidate is None and token.pos_ == "ADJ":
            candidate = _from_adjective(token, sentence, consumed)
        if candidate is not None and candidate.type != NO_EVENT:
            found.append(candidate)
    for token in sentence:
        if token.i not in consumed and token.pos_ in ("NOUN", "PROPN") and not _verbal(token):
            candidate = _from_noun(token, sentence)
            if candidate is not None:
                consumed.add(token.i)
                found.append(candidate)
    return found


def _verbal(token: Token) -> bool:
    return tree.is_verb(token) and token.dep_ not in ("aux", "auxpass", "amod", "compound", "prep", "nmod")


def _top_down(sentence: Sentence) -> list[Token]:
    """The words of the sentence, governors before what they govern."""
    order, queue = [], [sentence.root]
    while queue:
        token = queue.pop(0)
        order.append(token)
        queue.extend(token.children)
    return order


# ------------------------------------------------------------------------------------------------ verbs


def _from_verb(verb: Token, sentence: Sentence, consumed: set[int]) -> Candidate | None:
    held = tree.objects(verb)
    object_head = held[0] if held else None
    best = _match_verb(verb, object_head)
    if best is None:
        return _carried_noun(verb, object_head, sentence, consumed)
    trigger, words = best
    if trigger.type != NO_EVENT and object_head is not None and not _object_conditions(trigger):
        carried = _carried_noun(verb, object_head, sentence, consumed)
        if carried is not None:
            return carried
    consumed.add(verb.i)
    consumed.update(w.i for w in words)
    content = _content(verb, object_head, trigger)
    if trigger.type == "PROTEST":
        # The demand voiced in a protest is no second event (PLOVER manual).
        consumed.update(t.i for clause in tree.children(verb, "advcl", "xcomp") for t in clause.subtree)
    if trigger.type in SPEECH_TYPES or trigger.type in ("ACCUSE", "SUPPORT", "CONCEDE"):
        _consume(verb, object_head, trigger, consumed)
    elif object_head is not None:
        consumed.update(t.i for t in tree.content_nouns(object_head) if not tree.is_verb(t))
    if trigger.type in CHARGED_TYPES:
        for prep in tree.children(verb, "prep"):
            if prep.lower_ in ("for", "of", "on", "over", "with"):
                consumed.update(t.i for t in prep.subtree)
    actors = arguments.of_verb(verb, trigger.actor, object_head)
    recipients = [t for t in arguments.of_verb(verb, trigger.recipient, object_head) if t not in actors]
    candidate = Candidate(
        verb,
        tuple(sorted(words, key=lambda w: w.i)),
        sentence,
        trigger.type,
        trigger.mode,
        actors,
        recipients,
        trigger.reciprocal,
        content,
        object_head,
    )
    candidate.confidence = 0.6 + 0.1 * bool(actors) + 0.1 * bool(recipients) + 0.05 * bool(trigger.conditions)
    if trigger.reciprocal:
        _merge_parties(candidate, object_head)
    return candidate


def _object_conditions(trigger: Trigger) -> bool:
    return any(c.words and not c.negated for c in trigger.conditions)


def _merge_parties(candidate: Candidate, object_head: Token | None) -> None:
    """In a reciprocal event the other side is an actor too; "talks with X" names it inside the object."""
    extra = [t for t in candidate.recipients if arguments.is_actor(t)]
    if object_head is not None and not arguments.is_actor(object_head):
        extra += [t for t in arguments.parties(object_head, ("with", "between")) if t not in extra]
    candidate.actors = candidate.actors + [t for t in extra if t not in candidate.actors]
    candidate.recipients = []


def _match_verb(verb: Token, object_head: Token | None) -> tuple[Trigger, list[Token]] | None:
    """The most specific line of the lexicon that fits the verb, and the words it covers."""
    for lemma in dict.fromkeys((verb.lemma_.lower(), verb.lower_)):
        for trigger in lexicon().triggers.get(("V", lemma), ()):
            words = _lemma_words(verb, trigger.lemma)
            if words is None:
                continue
            fitted = _fits(verb, object_head, trigger.conditions)
            if fitted is not None:
                return trigger, words + [w for w in fitted if w.sent is verb.sent]
    return None


def _lemma_words(verb: Token, lemma: str) -> list[Token] | None:
    """The tokens of a verb and its particle ("call off", "set free"), or None."""
    _, *rest = lemma.split(" ")
    words = [verb]
    for word in rest:
        near = [
            t for t in verb.children if word in (t.lower_, t.lemma_.lower()) and (t.dep_ != "prep" or t.i == verb.i + 1)
        ]
        if not near and verb.i + 1 < len(verb.doc) and verb.nbor(1).lower_ == word:
            near = [verb.nbor(1)]
        if not near:
            return None
        words.append(near[0])
    particles = [t for t in tree.children(verb, "prt") if t not in words]
    return None if particles else words


def _fits(verb: Token, object_head: Token | None, conditions: tuple[Condition, ...]) -> list[Token] | None:
    """The words that meet the conditions (the worded ones), or None where one is not met."""
    words: list[Token] = []
    for condition in conditions:
        met = _meets(verb, object_head, condition)
        if met is None:
            return None
        words += met
    return words


def _meets(verb: Token, object_head: Token | None, condition: Condition) -> list[Token] | None:
    key, words = condition.key, condition.words
    if key == "obj":
        if object_head is None:
            return None
        return _class_match([object_head], words, condition.negated, listed=True)
    if key == "pass":
        return [] if tree.is_passive(verb) else None
    if key == "noobj":
        return [] if object_head is None else None
    if key == "subj":
        return (
            [] if _class_match(tree.subjects(verb) or tree.surface_subjects(verb), words, False) is not None else None
        )
    if key in ("xcomp", "ccomp", "clause"):
        labels = ("xcomp", "ccomp") if key == "clause" else (key,)
        clauses = [t for t in tree.children(verb, *labels) if _verbal(t) or t.pos_ in ("ADJ", "AUX", "NOUN")]
        if words:
            clauses += tree.children(verb, "advcl")
            clauses += tree.children(object_head, "acl", "relcl") if object_head is not None else []
            return [] if any(t.lemma_.lower() in words for t in clauses) else None
        return [] if clauses else None
    if key == "word":
        return _word(verb, words)
    if key == "any":
        return [] if any(_meets(verb, object_head, Condition(w, frozenset())) is not None for w in words) else None
    if key == "must":
        clauses = tree.children(verb, "ccomp")
        return [] if any(a.lower_ in ("must", "should") for c in clauses for a in tree.children(c, "aux")) else None
    names = tuple(key.split("|"))
    nouns = tree.prepositions(verb, names)
    if object_head is not None and object_head.i > verb.i:
        nouns += tree.prepositions(object_head, names)
        for inner in tree.prepositions(object_head, ("of", "for", "in")):
            nouns += tree.prepositions(inner, names)
    if not nouns:
        return None
    return _class_match(nouns, words, condition.negated) if words else []


def _word(verb: Token, words: frozenset[str]) -> list[Token] | None:
    for child in verb.children:
        if child.lower_ in words or child.lemma_.lower() in words:
            return [child]
        if child.dep_ in ("ccomp", "xcomp"):
            inner = [child, *tree.children(child, "acomp", "prep")]
            said = [t for t in inner if t.lower_ in words and t.pos_ in ("ADJ", "ADP")]
            if said and all(t.pos_ != "PRON" for t in tree.children(child, "nsubj")):
                return said
    return None


def _class_match(
    nouns: list[Token], words: frozenset[str], negated: bool, *, listed: bool = False
) -> list[Token] | None:
    """The first noun that one of the words names; with ``negated``, [] where none does."""
    if not words:
        return []
    for noun in nouns:
        for head in tree.content_nouns(noun) if listed else tree.with_conjuncts(noun):
            hit = any(key in words for key in tree.noun_keys(head)) or ("@actor" in words and arguments.is_actor(head))
            hit = hit or ("@PLACE_NAME" in words and head.ent_type_ in ("GPE", "LOC"))
            if hit:
                return None if negated else ([] if arguments.is_actor(head) else [head])
    return [] if negated else None


def _content(verb: Token, object_head: Token | None, trigger: Trigger) -> Token | None:
    """What a request, promise, refusal or threat is about: the clause below it, else its object."""
    if trigger.type not in SPEECH_TYPES:
        return object_head
    clauses = [t for t in tree.children(verb, "xcomp", "ccomp") if _verbal(t)]
    if clauses:
        return clauses[0]
    if object_head is not None and not arguments.is_actor(object_head):
        return object_head
    nouns = tree.prepositions(verb, ("for", "to", "of", "against"))
    return nouns[0] if nouns else object_head


def _consume(verb: Token, object_head: Token | None, trigger: Trigger, consumed: set[int]) -> None:
    """Marks what is inside the complement of a speech act: it was said, it did not happen."""
    if trigger.type in SPEECH_TYPES:
        for clause in tree.children(verb, *CONTENT_CLAUSES):
            if clause.dep_ != "advcl" or clause.tag_ == "VB":
                consumed.update(t.i for t in _clause_words(clause))
    if object_head is not None:
        for t in tree.content_nouns(object_head):
            consumed.update(w.i for w in t.subtree if not tree.is_verb(w) or trigger.type in SPEECH_TYPES)
    for child in tree.children(verb, "prep"):
        if child.lower_ in ("of", "for", "on", "over", "to", "against", "with", "from", "about", "as"):
            consumed.update(t.i for t in child.subtree)


def _clause_words(clause: Token) -> Iterable[Token]:
    """The words of a complement without the clauses that merely hang on its nouns or times."""
    for child in clause.children:
        if child.dep_ == "advcl" and any(m.lower_ in ("after", "since", "because", "as") for m in child.children):
            continue
        yield from child.subtree
    yield clause


def _carried_noun(verb: Token, object_head: Token | None, sentence: Sentence, consumed: set[int]) -> Candidate | None:
    """An event noun that is the object of a verb like "hold", "launch", "announce" or "cancel"."""
    effects = _effects(verb)
    if object_head is None or not effects & {"support", "announce", "cancel", "undergo"}:
        return None
    for noun in tree.content_nouns(object_head):
        trigger = match_noun(noun, carried=True)
        if trigger is None:
            continue
        consumed.update((verb.i, noun.i))
        others = arguments.parties(noun, trigger.recipient) if trigger.reciprocal else []
        subject = arguments.expand(tree.subjects(verb))
        if "undergo" in effects and not trigger.reciprocal:
            actors, recipients = arguments.of_noun(noun, ("a", "from")), subject
        else:
            actors = subject or arguments.of_noun(noun, ("a",))
            recipients = arguments.of_noun(noun, trigger.recipient) or arguments.of_verb(verb, trigger.recipient, None)
        candidate = Candidate(
            verb,
            tuple(sorted((verb, noun), key=lambda w: w.i)),
            sentence,
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
        candidate.confidence = 0.6 + 0.1 * bool(actors) + 0.1 * bool(recipients)
        candidate.notes |= effects & {"announce", "cancel"}
        return candidate
    return None


def _effects(verb: Token) -> frozenset[str]:
    table = lexicon().governors
    for particle in tree.children(verb, "prt"):
        found = table.get((f"{verb.lemma_.lower()} {particle.lower_}", "V"))
        if found:
            return found
    return table.get((verb.lemma_.lower(), "V"), frozenset())


# ------------------------------------------------------------------------------------------------ adjectives and nouns


def _from_adjective(token: Token, sentence: Sentence, consumed: set[int]) -> Candidate | None:
    """ "Russia is willing to withdraw its troops": the adjective with its infinitive or preposition."""
    if token.dep_ not in ("acomp", "attr", "conj", "ROOT", "ccomp", "amod", "acl", "relcl", "oprd"):
        return None
    for trigger in lexicon().triggers.get(("A", token.lemma_.lower()), ()):
        if _fits(token, None, trigger.conditions) is None:
            continue
        verb = token.head if tree.is_verb(token.head) else token
        if tree.is_verb(token.head) or token.head is token:
            actors = arguments.expand(tree.surface_subjects(verb))
        else:
            actors = arguments.expand([tree.author(token.head)])
        recipients = arguments.of_verb(token, trigger.recipient, None)
        clauses = tree.children(token, "xcomp", "ccomp")
        for clause in clauses:
            consumed.update(t.i for t in _clause_words(clause))
        nouns = tree.prepositions(token, ("to", "of", "for"))
        consumed.update(w.i for t in nouns for w in t.subtree)
        content = clauses[0] if clauses else (nouns[0] if nouns else None)
        return Candidate(
            token,
            (token,),
            sentence,
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


def match_noun(noun: Token, *, carried: bool = False) -> Trigger | None:
    """The line of the lexicon for an event noun ("peace talks", "air strike"), or None."""
    keys = set(tree.noun_keys(noun))
    last = noun.lemma_.lower()
    for lemma in dict.fromkeys((last, noun.lower_)):
        for trigger in lexicon().triggers.get(("N", lemma), ()):
            if trigger.lemma in keys and (carried or _noun_conditions(noun, trigger)):
                return trigger
    return None


def _noun_conditions(noun: Token, trigger: Trigger) -> bool:
    for condition in trigger.conditions:
        names = tuple(condition.words) if condition.key == "any" else (condition.key,)
        if not tree.prepositions(noun, names):
            return False
    return True


def _from_noun(noun: Token, sentence: Sentence) -> Candidate | None:
    """An event told by a noun alone: it must say who did it, or both where and to whom or when."""
    if noun.dep_ in ("compound", "amod", "nmod", "poss") or noun.ent_type_ in ("PERSON", "ORG", "GPE"):
        return None
    trigger = match_noun(noun)
    if trigger is None:
        return None
    if trigger.reciprocal:
        actors, recipients = arguments.parties(noun, trigger.recipient), []
        weight = 0.5 * len(actors)
    else:
        actors = arguments.of_noun(noun, trigger.actor)
        recipients = [t for t in arguments.of_noun(noun, trigger.recipient) if t not in actors]
        weight = 0.7 * bool(actors) + 0.4 * bool(recipients)
    weight += 0.5 * bool(_dated(noun))
    if weight < 0.9:
        return None
    return Candidate(
        noun,
        (noun,),
        sentence,
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


def category_of_verb(verb: Token) -> str | None:
    """The category the verb would have as a fact, or None."""
    held = tree.objects(verb)
    best = _match_verb(verb, held[0] if held else None)
    if best is not None:
        return None if best[0].type == NO_EVENT else best[0].type
    for noun in tree.content_nouns(held[0]) if held else []:
        trigger = match_noun(noun, carried=True)
        if trigger is not None and _effects(verb) & {"support", "announce"}:
            return trigger.type
    for inner in tree.children(verb, "xcomp"):
        if _verbal(inner):
            return category_of_verb(inner)
    return None
