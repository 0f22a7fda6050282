"""Who did it and to whom: turns the role sources of a trigger's pattern into noun heads of the parse.

Sources: ``s`` logical subject, ``o`` object, ``d`` indirect object, ``c`` subject of the complement clause, ``x`` who
is named inside the complement, ``p`` possessor of the object, ``a`` agent of a noun ("Israel's attack", "attack by"),
or a preposition.
"""

from __future__ import annotations

from spacy.tokens import Token

from pipeline.stages.tag.events import heads, tree, voice
from pipeline.stages.tag.events.lexicon import lexicon

NOT_PARTICIPANTS = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL"})
EXPLETIVES = frozenset({"there", "this", "that", "which", "what"})
# Plurals of people: "auditors", "journalists", "guardsmen". What ends so and is no person is of class THING_ER.
PEOPLE_ENDINGS = ("ists", "ians", "men", "women", "ees", "crats", "goers", "ers", "ors", "eurs")
# So end hardly any singulars but those of people, from seven letters on: "handyman", "saleswoman", "geologist".
PERSON_ENDINGS = ("man", "woman", "ologist", "crat")
# Found also below the noun after "in": "took part in drills with X", "participated in a march against Y".
INNER_PREPOSITIONS = frozenset({"with", "against", "over", "outside"})
REFLEXIVES = frozenset({"himself", "herself", "itself", "themselves", "myself", "yourself", "ourselves", "oneself"})


def usable(token: Token) -> bool:
    """Whether the noun can be a participant: no date, amount, expletive or relative pronoun."""
    if token.tag_ == "VBZ" and token.dep_ in tree.SUBJECTS:
        return True  # a plural that the tagger took for a verb: "militants had burned"
    if token.ent_type_ in NOT_PARTICIPANTS or token.tag_ in ("WDT", "WP", "EX", "DT", "WRB", "IN", "TO"):
        return False
    return (token.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ", "X", "SYM") or token.tag_[:2] == "NN") and (
        token.lower_ not in EXPLETIVES and token.lower_ not in REFLEXIVES
    )


def expand(nouns: list[Token]) -> list[Token]:
    """The nouns with what is joined to them, without those that cannot take part."""
    found: list[Token] = []
    for head in nouns:
        found += [t for t in tree.with_conjuncts(heads.whole(head)) if usable(t) and t not in found]
    return found


def of_verb(verb: Token, sources: tuple[str, ...], object_head: Token | None) -> list[Token]:
    """The participants of a verb from the first source that yields any."""
    for source in sources:
        found = expand(_verb_source(verb, source, object_head))
        if found:
            return found
    return []


def beneficiary(verb: Token, sources: tuple[str, ...], object_head: Token | None) -> list[Token]:
    """The first source that names somebody or a country, or holds such a name: "aid for victims of floods in Peru"."""
    found = [of_verb(verb, (source,), object_head) for source in sources]
    for nouns in found:
        if any(_somebody(t) for t in nouns):
            return nouns
    for noun in (t for nouns in found for t in nouns):
        inside = [t for t in noun.subtree if t.i > noun.i and t.pos_ in ("NOUN", "PROPN") and _somebody(t)]
        if inside:
            return expand([t for t in inside if t.dep_ not in ("compound", "poss")][:1] or inside[:1])
    named = [t for t in verb.subtree if t.i > verb.i and t.dep_ == "pobj" and _somebody(t)]
    return named[:1] or next((nouns for nouns in found if nouns), [])


def _somebody(token: Token) -> bool:
    return is_actor(token) or token.ent_type_ in heads.PLACES


def misread_subject(verb: Token, sources: tuple[str, ...]) -> list[Token]:
    """The subject of a main verb that the parser took for a participle: "A report (by monitors) called for sanctions".

    Only where the trigger's pattern has no object: then the noun above cannot be one.
    """
    noun = verb.head
    while noun.dep_ == "pobj" and noun.head.dep_ == "prep":
        noun = noun.head.head
    if noun.dep_ == "appos" and noun.i < verb.i and verb.nbor(-1).text == ",":
        noun = noun.head  # "Senator Hale, a Democrat, called for"
    main = verb.dep_ == "acl" and noun.head == noun and not tree.is_verb(noun)
    return expand([noun]) if main and "o" not in sources and verb.tag_ in ("VBD", "VBN") else []


def _verb_source(verb: Token, source: str, object_head: Token | None) -> list[Token]:
    if source == "s":
        return voice.subjects(verb) or _agents_of_cause(verb)
    if source == "o":
        return voice.objects(verb) or _attribute(verb)
    if source == "d":
        return voice.receivers(verb) or tree.prepositions(verb, ("to",))
    if source == "c":
        return complement_subject(verb)
    if source == "x":
        return inside_complement(verb, object_head)
    if source == "p":
        return tree.possessors(object_head) if object_head is not None else []
    return _prepositional(verb, source, object_head)


def _agents_of_cause(verb: Token) -> list[Token]:
    """Who acts in "killed in police firing", "died in an Israeli raid": the agent of the noun after "in"."""
    nouns = tree.prepositions(verb, ("in", "during", "by")) if voice.is_passive(verb) else []
    for noun in (t for cause in nouns for t in heads.content_nouns(cause)):
        if ("N", noun.lemma_.lower()) in lexicon().triggers:
            found = noun_agents(noun)
            if found:
                return found
    return []


def _attribute(verb: Token) -> list[Token]:
    return [t for t in tree.children(verb, "attr", "oprd") if t.pos_ in ("NOUN", "PROPN")]


def _prepositional(verb: Token, name: str, object_head: Token | None) -> list[Token]:
    found = [] if name == "by" and voice.is_passive(verb) else tree.prepositions(verb, (name,))
    if found:
        return found
    head = object_head
    if head is None and name in INNER_PREPOSITIONS:
        head = next(iter(tree.prepositions(verb, ("in",))), None)
    if head is None and name == "from":
        head = next(iter(tree.prepositions(verb, ("under",))), None)  # "came under fire from rebels"
    for _ in range(3):
        if head is None:
            break
        found = tree.prepositions(head, (name,))
        if found:
            return found
        inner = tree.prepositions(head, ("of", "for", "in"))
        head = inner[0] if inner else None
    for clause in tree.children(verb, "xcomp", "advcl"):
        found = tree.prepositions(clause, (name,))
        if found:
            return found
    return []


def complement_subject(verb: Token) -> list[Token]:
    """Who is to act in the clause under a verb of asking, or the one who is asked."""
    for clause in tree.children(verb, "ccomp", "xcomp", "advcl"):
        own = tree.children(clause, "nsubj", "nsubjpass")
        if own and usable(own[0]):
            return own[:1]
    return []


def inside_complement(verb: Token, object_head: Token | None) -> list[Token]:
    """Who is named inside the complement: its object, else what its prepositions name."""
    clauses = tree.children(verb, "xcomp", "ccomp", "acomp", "pcomp")
    clauses += [t for t in tree.children(verb, "advcl") if t.tag_ == "VB"]
    clauses += [t for t in tree.children(object_head, "acl", "relcl") if t.tag_ == "VB"] if object_head else []
    for clause in clauses:
        for inner in (clause, *tree.children(clause, "xcomp", "conj")):
            held = [t for t in expand(voice.objects(inner)) if is_actor(t)]
            held = held or expand([t for t in _any_preposition(inner) if is_actor(t)])
            if held:
                return held
            for t in voice.objects(inner):
                found = expand([n for n in (_any_preposition(t) + tree.possessors(t)) if is_actor(n)])
                if found:
                    return found
            fallback = expand(voice.objects(inner))
            if fallback:
                return fallback
    if object_head is not None:
        return _any_preposition(object_head)
    return _any_preposition(verb) if verb.pos_ == "ADJ" else []


def _any_preposition(token: Token) -> list[Token]:
    return tree.prepositions(token, ("with", "to", "from", "on", "against", "of", "into", "in", "at", "for", "between"))


def is_actor(token: Token) -> bool:
    """Whether the noun is somebody: a name of a person, people, country or organisation, a role, a pronoun."""
    if token.ent_type_ in ("PERSON", "NORP", "ORG", "GPE"):
        return True
    if token.lower_ in ("he", "him", "she", "her", "they", "them", "us", "we", "me", "who"):
        return True
    tables = lexicon()
    thing = token.lemma_.lower() in tables.classes["THING_ER"]
    if token.tag_ == "NNS" and token.lower_.endswith(PEOPLE_ENDINGS) and not thing:
        return True
    if token.tag_ == "NN" and token.lower_.endswith(PERSON_ENDINGS) and len(token) > 6:
        return True
    people, groups = tables.classes["PEOPLE_NOUN"], tables.classes["ACTOR_NOUN"]
    return any(key in tables.roles or key in people or key in groups for key in heads.noun_keys(token))


def of_noun(noun: Token, sources: tuple[str, ...]) -> list[Token]:
    """The participants of an event noun from the first source that yields any."""
    for source in sources:
        found = expand(noun_agents(noun) if source == "a" else tree.prepositions(noun, (source,)))
        if found:
            return found
    return []


def noun_agents(noun: Token) -> list[Token]:
    """Who acts in "Israel's attack", "the attack by Israel", "Israeli air strikes", "police firing"."""
    owners = [t for t in tree.possessors(noun) if t.ent_type_ not in NOT_PARTICIPANTS]
    if owners:
        return owners
    by = named_doers(noun)
    if by:
        return by
    for clause in tree.children(noun, "acl"):
        doers = voice.agents(clause)
        if doers:
            return doers
    tables = lexicon()
    before = [t for t in tree.children(noun, "compound", "amod", "nmod") if t.i < noun.i]
    return [t for t in before if t.ent_type_ in ("NORP", "GPE", "ORG", "PERSON") or t.lemma_.lower() in tables.roles][
        :1
    ]


def named_doers(noun: Token) -> list[Token]:
    """Who did it in "the attack by gunmen", "the expulsion of two envoys by Austria"."""
    found = tree.prepositions(noun, ("by",))
    inner = [] if found else tree.prepositions(noun, ("of",))
    return found or [t for held in inner for t in tree.prepositions(held, ("by",)) if _somebody(t)]


def side(noun: Token) -> list[Token]:
    """Who is meant: the noun where it is somebody, else whose it is, or with, by or against whom; [] if nobody's."""
    if _somebody(noun) or noun.pos_ in ("PROPN", "PRON", "NUM"):
        return [noun]
    found = tree.possessors(noun) + tree.prepositions(noun, ("with", "from", "by", "against", "of"))
    found += [t for t in tree.children(noun, "amod", "compound", "nmod") if t.ent_type_ in ("NORP", "GPE")]
    return expand([t for t in found if _somebody(t)][:1])


def parties(noun: Token, sources: tuple[str, ...]) -> list[Token]:
    """All parties of a meeting or agreement: the agents of the noun and what its prepositions name."""
    found = expand([t for t in noun_agents(noun) if t.ent_type_ not in ("FAC", "LOC")])
    for source in sources:
        found += [t for t in expand(tree.prepositions(noun, (source,))) if t not in found]
    return found
