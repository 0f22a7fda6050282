"""Does a word fit a line of the lexicon: its particle, its object, its prepositions and clauses.

The keys of conditions are those of ``data/README.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from spacy.tokens import Token

from pipeline.stages.tag.events import arguments, heads, lemmas, pronouns, tree, voice
from pipeline.stages.tag.events.lexicon import NO_EVENT, Condition, Trigger, lexicon

NOT_CLAUSES = frozenset({"aux", "auxpass", "amod", "compound", "prep", "nmod"})
# What a condition finds: the words that meet it (none for a mere presence), or None where it is not met.
Found = list[Token] | None


def is_event_verb(token: Token) -> bool:
    """Whether the word is a verb that may tell of an event: no auxiliary, no participle used as adjective or noun."""
    return tree.is_verb(token) and token.dep_ not in NOT_CLAUSES and not tree.children(token, "det")


def match_verb(verb: Token, object_head: Token | None) -> tuple[Trigger, list[Token]] | None:
    """The most specific line of the lexicon that fits the verb, and the words it covers."""
    for trigger, words in verb_lines(verb):
        fitted = fits(verb, object_head, trigger.conditions)
        if fitted is not None:
            return trigger, words + [w for w in fitted if w.sent == verb.sent]
    return None


def verb_lines(verb: Token) -> Iterator[tuple[Trigger, list[Token]]]:
    """The lines of the lexicon for the verb and particle, the most specific first, with the words of their lemma."""
    for lemma in dict.fromkeys((*lemmas.hyphened(verb), lemmas.lemma_of(verb), verb.lower_)):
        for trigger in lexicon().triggers.get(("V", lemma), ()):
            words = lemmas.words_of(verb, trigger.lemma)
            if words is not None:
                yield trigger, words


def fits(verb: Token, object_head: Token | None, conditions: tuple[Condition, ...]) -> list[Token] | None:
    """The words that meet the conditions (the worded ones), or None where one is not met."""
    words: list[Token] = []
    for condition in conditions:
        met = _meets(verb, object_head, condition)
        if met is None:
            return None
        words += met
    return words


def first_unmet(verb: Token, object_head: Token | None, conditions: tuple[Condition, ...]) -> Condition | None:
    """The first condition that is not met, or None where all are."""
    return next((c for c in conditions if _meets(verb, object_head, c) is None), None)


def _class_match(nouns: list[Token], condition: Condition, *, listed: bool = False) -> Found:
    """The first noun that one of the words names; with a negated condition [] where none does."""
    words = condition.words
    if not words:
        return []
    for noun in nouns:
        for head in heads.content_nouns(noun) if listed else tree.with_conjuncts(noun):
            if _named(head, words):
                return None if condition.negated else ([] if arguments.is_actor(head) else [head])
    return [] if condition.negated else None


def _named(head: Token, words: frozenset[str]) -> bool:
    if any(key in words for key in heads.noun_keys(head)):
        return True
    if "@actor" in words and (arguments.is_actor(head) or (head.pos_ == "PROPN" and not head.ent_type_)):
        return True
    if ("@number" in words and head.like_num) or ("@name" in words and head.ent_type_ == "PERSON"):
        return True
    if "@person" in words and head.ent_type_ not in ("ORG", "GPE") and arguments.is_actor(head):
        return True
    return "@PLACE_NAME" in words and head.ent_type_ in ("GPE", "LOC")


def _meets(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    test = _TESTS.get(condition.key, _preposition)
    return test(verb, object_head, condition)


def _object(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    if object_head is None:
        return None
    return _class_match([object_head], condition, listed=True)


def _no_object(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    return [] if object_head is None else None


def _passive(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    return [] if voice.is_passive(verb) else None


def _active(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    return None if voice.is_passive(verb) else []


def _subject(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    nouns = voice.subjects(verb) or voice.surface_subjects(verb)
    nouns = nouns + [noun for t in nouns for noun in pronouns.meant_here(t)]
    return None if _class_match(nouns, condition, listed=True) is None else []


def _clause(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    labels = ("xcomp", "ccomp") if condition.key == "clause" else (condition.key,)
    clauses = [t for t in tree.children(verb, *labels) if is_event_verb(t) or t.pos_ in ("ADJ", "AUX", "NOUN")]
    if not condition.words:
        return [] if clauses else None
    if condition.key == "ccomp":  # what others did: not "said he had not lied"
        return [] if any(t.lemma_.lower() in condition.words and voice.of_others(t) for t in clauses) else None
    clauses += [t for t in tree.children(verb, "advcl") if t.tag_ == "VB"]  # not "refused to go, saying"
    clauses += tree.children(object_head, "acl", "relcl") if object_head is not None else []
    return [] if any(t.lemma_.lower() in condition.words for t in clauses) else None


def _any(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    met = (_meets(verb, object_head, Condition(word, frozenset())) for word in condition.words)
    return [] if any(found is not None for found in met) else None


def _several(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    """Whether the subject names two parties: "Kerry and Lavrov discussed"; "the panel discussed" is no meeting."""
    parties = [t for noun in voice.subjects(verb) for t in tree.with_conjuncts(noun) if arguments.is_actor(t)]
    return [] if len(parties) > 1 else None


def _no_clause(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    return None if tree.children(verb, "ccomp", "xcomp") else []


def _no_predicate(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    return None if tree.children(verb, "oprd", "attr", "acomp") else []


def _mandative(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    """A clause of what should be: "insisted that he leave", not "insisted that he left"."""
    for clause in tree.children(verb, "ccomp"):
        auxiliaries = {t.lower_ for t in tree.children(clause, "aux")}
        heads = tree.children(clause, "auxpass") or [clause]
        if auxiliaries & {"should", "must"} or (heads[0].tag_ == "VB" and not auxiliaries):
            return []
    return None


def _must(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    """What somebody else must do: "said the rebels must leave", not "said we must act"."""
    for clause in tree.children(verb, "ccomp"):
        auxiliaries = {t.lower_ for t in tree.children(clause, "aux")}
        bound = bool(auxiliaries & {"must", "should"}) and "have" not in auxiliaries  # "must have fled" is a guess
        others = [t for t in tree.children(clause, "nsubj") if t.lower_ not in ("i", "we", "you")]
        told = object_head is not None and arguments.is_actor(object_head)  # "told the government that it must"
        if bound and any(arguments.is_actor(t) or told for t in others):
            return []
    return None


def _self_will(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    """What the speaker himself will do: "warned that it would respond"."""
    speakers = {t.lower_ for t in voice.subjects(verb)} | {"it", "he", "she", "they", "we"}
    for clause in tree.children(verb, "ccomp"):
        will = any(t.lower_ in ("will", "would", "'ll", "’ll") for t in tree.children(clause, "aux"))
        if will and any(t.lower_ in speakers for t in tree.children(clause, "nsubj")):
            return []
    return None


def _predicate(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    """What somebody is called: "called the vote a sham", "called Russia our enemy"."""
    named = tree.children(verb, "oprd", "attr", "acomp", "ccomp", "xcomp")
    held = tree.children(verb, "dobj", "npadvmod")  # how the parser may read "branded the vote a farce"
    named += held if voice.is_passive(verb) else held[1:]
    words = [w for t in named for w in (t, *tree.children(t, "attr", "acomp", "amod", "conj"))]
    return [] if any(w.lemma_.lower() in condition.words or w.lower_ in condition.words for w in words) else None


def _for_clause(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    """A clause of what somebody is to do: "called for the minister to step down"."""
    clauses = tree.children(verb, "ccomp", "xcomp", "advcl")
    return [] if any(t.lower_ == "for" for c in clauses for t in tree.children(c, "mark")) else None


def _what_clause(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    """A free relative clause in place of an object: "condemned what he called a coup"."""
    clauses = tree.children(verb, "ccomp", "advcl")
    return [] if any(t.lower_ == "what" for c in clauses for t in c.children) else None


def _word(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    """A word beside the verb ("found guilty"), or the adjective of what is said ("said X was responsible")."""
    words = condition.words
    after = [t for t in tree.children(object_head, "amod") if t.i > object_head.i] if object_head is not None else []
    for child in (*verb.children, *after):
        if child.lower_ in words or child.lemma_.lower() in words:
            return [child]
        if child.dep_ in ("ccomp", "xcomp"):
            inner = [child, *tree.children(child, "acomp", "prep")]
            said = [t for t in inner if t.lower_ in words and t.pos_ in ("ADJ", "ADP")]
            if said and all(t.pos_ != "PRON" for t in tree.children(child, "nsubj")):
                return said
    return None


def _preposition(verb: Token, object_head: Token | None, condition: Condition) -> Found:
    names = tuple(condition.key.split("|"))
    nouns = tree.prepositions(verb, names) + tree.gerunds(verb, names)
    if object_head is not None and object_head.i > verb.i:
        nouns += tree.prepositions(object_head, names) + tree.gerunds(object_head, names)
        nouns += [n for i in tree.prepositions(object_head, ("of", "for", "in")) for n in tree.prepositions(i, names)]
    # "came under attack from lawmakers"
    nouns += [noun for state in tree.prepositions(verb, ("under",)) for noun in tree.prepositions(state, names)]
    if object_head is None and names == ("for",):  # "replied to a request for comment"
        nouns += [noun for asked in tree.prepositions(verb, ("to",)) for noun in tree.prepositions(asked, names)]
    if not nouns:
        return None
    return _class_match(nouns, condition, listed=True)


_TESTS: dict[str, Callable[[Token, Token | None, Condition], Found]] = {
    "obj": _object,
    "noobj": _no_object,
    "pass": _passive,
    "act": _active,
    "subj": _subject,
    "several": _several,
    "xcomp": _clause,
    "ccomp": _clause,
    "clause": _clause,
    "mand": _mandative,
    "noclause": _no_clause,
    "nopred": _no_predicate,
    "any": _any,
    "must": _must,
    "forclause": _for_clause,
    "pred": _predicate,
    "selfwill": _self_will,
    "whatclause": _what_clause,
    "word": _word,
}
CONDITION_KEYS = frozenset(_TESTS)


def match_noun(noun: Token, *, carried: bool = False) -> Trigger | None:
    """The line of the lexicon for an event noun ("peace talks", "air strike"), or None."""
    return next((line for line in noun_lines(noun) if noun_unmet(noun, line, carried=carried) is None), None)


def noun_lines(noun: Token) -> Iterator[Trigger]:
    """The lines of the lexicon for the noun (with what stands before it), the most specific first."""
    triggers = lexicon().triggers
    # Headlines write nouns like names, which are not lemmatised.
    forms = (noun.lemma_.lower(), noun.lower_, noun.lower_.removesuffix("s"))
    hyphened = noun.i > 0 and noun.nbor(-1).text == "-"
    if not hyphened and not any(("N", form) in triggers for form in forms):
        return  # most nouns
    keys = set(heads.noun_keys(noun))
    for lemma in dict.fromkeys((*forms, *(k for k in keys if "-" in k))):
        yield from (trigger for trigger in triggers.get(("N", lemma), ()) if trigger.lemma in keys)


def noun_unmet(noun: Token, trigger: Trigger, *, carried: bool = False) -> Condition | None:
    """The first preposition that is missing, or None; a noun that a verb carries needs only those with words."""
    for condition in trigger.conditions:
        if condition.key == "any":
            met = carried or bool(tree.prepositions(noun, tuple(condition.words)))
        else:
            nouns = tree.prepositions(noun, (condition.key,))
            met = (carried and not condition.words) or (bool(nouns) and _class_match(nouns, condition) is not None)
        if not met:
            return condition
    return None


def category_of_verb(verb: Token) -> str | None:
    """The category the verb would have as a fact, or None."""
    line = line_of_verb(verb)
    return None if line is None or line.type == NO_EVENT else line.type


def line_of_verb(verb: Token) -> Trigger | None:
    """The line of the lexicon for the verb, the noun it carries, or the verb below it."""
    held = voice.objects(verb)
    best = match_verb(verb, held[0] if held else None)
    if best is not None:
        return best[0]
    for noun in heads.content_nouns(held[0]) if held else []:
        trigger = match_noun(noun, carried=True)
        if trigger is not None and lemmas.effects(verb) & {"support", "announce"}:
            return trigger
    for inner in tree.children(verb, "xcomp"):
        if is_event_verb(inner):
            return line_of_verb(inner)
    return None
