"""Who acts and what is acted on: the logical subject and object of a verb, in the active or the passive.

Also where they stand elsewhere: in a governing clause, at the noun a clause hangs on, behind a document. All functions
are pure and return tokens in text order.
"""

from __future__ import annotations

from spacy.tokens import Token

from pipeline.stages.tag.events import lemmas, tree
from pipeline.stages.tag.events.lexicon import lexicon


def is_passive(verb: Token) -> bool:
    """Whether the verb is in the passive: with "be", as a participle after a noun, or joined to a passive."""
    labels = {label for label, _ in tree.labelled(verb)}
    if is_misread_main(verb):
        return False
    if "nsubjpass" in labels or "auxpass" in labels or "csubjpass" in labels:
        return True
    if verb.tag_ not in ("VBN", "VBD"):
        return False
    if "agent" in labels and not labels & {"dobj"}:
        return True
    if (
        verb.dep_ == "conj"
        and verb.tag_ == "VBN"
        and _is_giving(verb)
        and tree.is_verb(verb.head)
        and is_passive(verb.head)
    ):
        return not labels & {"nsubj", "aux"}  # "was summoned and handed a note"
    if not labels & {"dobj", "aux", "dative", "ccomp"} and verb.head == verb and _of_headline(verb):
        return True
    if verb.tag_ == "VBN" and verb.dep_ in ("acl", "amod", "relcl") and not labels & {"nsubj", "aux"}:
        return True
    if verb.tag_ == "VBN" and verb.dep_ in ("xcomp", "oprd") and not labels & {"nsubj", "aux", "dobj"}:
        return True  # "was found shot"
    if verb.tag_ == "VBN" and verb.dep_ == "advcl" and not labels & {"nsubj", "aux", "dobj"}:
        return True
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and not labels & {"nsubj", "aux"} and tree.is_verb(verb.head):
        sums = all(t.ent_type_ == "MONEY" for t in tree.children(verb, "dobj"))
        return sums and is_passive(verb.head)  # "was convicted and fined $10 million"
    return False


def is_misread_main(verb: Token) -> bool:
    """Whether the parser hung a main verb on its subject, as if "The pilots threatened to strike." were a noun."""
    noun = verb.head
    if verb.dep_ != "acl" or verb.tag_ not in ("VBD", "VBN") or noun.head != noun:
        return False
    whole = not tree.is_verb(noun) and verb.sent.text.rstrip().endswith(".") and not agents(verb)
    return whole and verb.lemma_.lower() not in lexicon().classes["SUFFERED_VERB"]


def _of_headline(verb: Token) -> bool:
    """Whether a main verb is a passive without "be": "15 killed in attack", "two journalists detained"."""
    classes, lemma = lexicon().classes, verb.lemma_.lower()
    if lemma in classes["INTRANSITIVE_VERB"]:
        return False  # "thousands protested" is no headline's passive, whatever the tagger says
    return verb.tag_ == "VBN" or lemma in classes["SUFFERED_VERB"]


def agents(verb: Token) -> list[Token]:
    """Who does it in a passive: the noun after "by"."""
    found = []
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            found += [
                t for t in tree.children(child, "pobj") if t.ent_type_ not in ("DATE", "TIME", "CARDINAL", "PERCENT")
            ]
    return found


def subjects(verb: Token, depth: int = 0) -> list[Token]:
    """Who acts (the logical subject), also where it has to be taken from a governing clause."""
    if depth > 8:
        return []
    if is_passive(verb):
        return agents(verb) or _passive_conjunct_agents(verb)
    own = tree.children(verb, "nsubj")
    if own:
        return [author(tree.antecedent(own[0], verb))]
    return inherited_subjects(verb, depth + 1)


def _passive_conjunct_agents(verb: Token) -> list[Token]:
    joined = [child for child in verb.children if child.dep_ == "conj" and tree.is_verb(child)]
    return agents(joined[0]) if joined and is_passive(joined[0]) else []


def surface_subjects(verb: Token, depth: int = 0) -> list[Token]:
    """The grammatical subject, passive or not."""
    own = tree.children(verb, *tree.SUBJECTS)
    if own:
        return [tree.antecedent(own[0], verb)]
    return inherited_subjects(verb, depth + 1) if depth < 8 else []


def of_others(clause: Token) -> bool:
    """Whether the clause says what somebody named did: not "he had lied" (maybe of oneself), not "had not lied"."""
    return not tree.children(clause, "neg") and all(t.pos_ != "PRON" for t in surface_subjects(clause))


def inherited_subjects(verb: Token, depth: int) -> list[Token]:
    """The subject of a clause that has none of its own: by control, co-ordination or attachment to a noun."""
    head = verb.head
    if head == verb:
        return _stray_subject(verb)
    told = _told_before(verb)
    if told is not None:
        return surface_subjects(told, depth)
    if verb.dep_ in ("conj", "advcl", "dep", "parataxis", "aux", "acomp") and tree.is_verb(head):
        return surface_subjects(head, depth)
    if verb.dep_ in ("xcomp", "ccomp"):
        return _controller(verb, head, depth)
    if verb.dep_ in ("acl", "relcl"):
        return _noun_controller(verb, head, depth)
    if verb.dep_ == "pcomp" and head.dep_ == "prep":
        governor = head.head
        if governor.pos_ == "ADJ" and tree.is_verb(governor.head):
            return surface_subjects(governor.head, depth)
        if tree.is_verb(governor):
            held = objects(governor) if head.lower_ in ("of", "for", "with", "from") else []
            return held or surface_subjects(governor, depth)
        return _noun_controller(verb, governor, depth)
    return []


def _told_before(verb: Token) -> Token | None:
    """What is said before the speaker, and does the harm told after: "A bomb went off, police said, killing ten"."""
    if verb.dep_ != "advcl" or verb.tag_ != "VBG" or verb.lemma_.lower() not in lexicon().classes["HARM_VERB"]:
        return None
    speech = verb.head
    if "say" not in lemmas.effects(speech):
        return None
    return next((t for t in tree.children(speech, "ccomp") if t.i < speech.i < verb.i), None)


def _stray_subject(verb: Token) -> list[Token]:
    """The noun before a main verb that the parser joined to an opening phrase: "On a visit to X, president Y said"."""
    if verb.tag_ not in ("VBD", "VBZ", "VBP", "VBN") or not verb.i:
        return []
    before = verb.nbor(-1)
    while before.i > verb.sent.start and before.pos_ in ("ADV", "AUX"):
        before = before.nbor(-1)
    return [before] if before.pos_ in ("NOUN", "PROPN") and before.dep_ in ("conj", "appos", "dep", "npadvmod") else []


def _controller(verb: Token, head: Token, depth: int) -> list[Token]:
    """Whom an infinitive is about: the object of "urge", "force" and their like, else the subject."""
    if not tree.is_verb(head):
        return surface_subjects(head, depth)
    if "object-control" in lexicon().governors.get((head.lemma_.lower(), "V"), ()):
        held = tree.children(head, "dobj", "dative", "nsubjpass")
        if held:
            return [tree.antecedent(held[0], head)]
    return surface_subjects(head, depth)


def _noun_controller(verb: Token, noun: Token, depth: int) -> list[Token]:
    """Who acts in "X's decision to", "X made a pledge to", "a statement condemning", "the troops attacking"."""
    if verb.tag_ in ("VBG", "VBN") and noun.lemma_.lower() not in lexicon().classes["DOCUMENT_NOUN"]:
        return [noun]
    if is_misread_main(verb):
        return [author(noun)]
    return [author(noun)] if verb.tag_ == "VBG" else tree.possessors(noun) or _verb_subject_over(noun, depth)


def author(noun: Token) -> Token:
    """Who speaks through a document; any other noun is itself."""
    if noun.lemma_.lower() in lexicon().classes["DOCUMENT_NOUN"]:
        told = noun.dep_ in ("dobj", "attr", "oprd") or (noun.dep_ == "pobj" and noun.head.lower_ in ("in", "by"))
        found = tree.possessors(noun) or [t for clause in tree.children(noun, "acl") for t in agents(clause)]
        found = found or (_verb_subject_over(noun, 7) if told else [])
        found = [t for t in found if t != noun]
        if found:
            return found[0]
    return noun


def _verb_subject_over(noun: Token, depth: int) -> list[Token]:
    head = noun
    for _ in range(4):
        if head.dep_ in tree.SUBJECTS or head.head == head:
            return []
        head = head.head
        if tree.is_verb(head):
            return surface_subjects(head, depth) if not is_passive(head) else agents(head)
    return []


def objects(verb: Token) -> list[Token]:
    """What is acted on (the logical object): direct object, passive subject, or the noun a participle hangs on."""
    if is_passive(verb):
        given = [t for t in tree.children(verb, "dobj") if t.ent_type_ not in ("DATE", "TIME")]
        if given and _is_giving(verb):
            return given[:1]  # "was granted asylum"
        own = tree.children(verb, "nsubjpass", "csubjpass", "nsubj")
        if own:
            return [tree.antecedent(own[0], verb)]
        if verb.dep_ in ("acl", "amod", "relcl"):
            return [verb.head]
        return surface_subjects(verb)
    own = [t for t in tree.children(verb, "dobj") if t.ent_type_ not in ("DATE", "TIME") or _filled(t)]
    own = own or [
        t for state in tree.children(verb, "acomp") for t in tree.children(state, "dobj")
    ]  # "shot dead four villagers"
    own = own or _after_particle(verb)
    if own:
        return [tree.antecedent(own[0], verb)]
    for clause in tree.children(verb, "ccomp"):
        # "declared a curfew to begin", "accept refugees fleeing": the parser makes the object the clause's subject.
        raised = tree.children(clause, "nsubj")
        infinitive = verb.lemma_ == "let" or any(t.lower_ == "to" for t in tree.children(clause, "aux"))
        if raised and (clause.tag_ == "VBG" or infinitive):
            return raised[:1]
    named = [t for t in tree.children(verb, "oprd") if t.ent_type_ == "PERSON"]
    if named:
        return named[:1]  # "called President X": the parser takes the name for what he was called
    if verb.dep_ == "relcl" and tree.children(verb, "nsubj") and not tree.is_relative(tree.children(verb, "nsubj")[0]):
        return [verb.head]
    if tree.children(verb, "prt", "prep", "advmod"):
        return []
    for joined in tree.children(verb, "conj"):
        if tree.is_verb(joined) and not tree.children(joined, "nsubj", "nsubjpass") and joined.i - verb.i <= 3:
            return objects(joined)
    return []


def _filled(span: Token) -> bool:
    """Whether a span of time says what filled it: "held *two days* of talks"."""
    return any(t.ent_type_ not in ("DATE", "TIME") for t in tree.prepositions(span, ("of",)))


def _after_particle(verb: Token) -> list[Token]:
    """The noun after a particle that the parser took for a preposition: "shut down the newspaper"."""
    after = [t for t in tree.children(verb, "prep") if t.i == verb.i + 1]
    lemma = verb.lemma_.lower()
    lines = [t for stem in (lemma, lemma.removesuffix("e")) for t in lexicon().triggers.get(("V", stem), ())]
    if not after or all(line.lemma.split(" ")[1:] != [after[0].lower_] for line in lines):
        return []
    return [t for t in tree.children(after[0], "pobj") if t.ent_type_ not in ("DATE", "TIME")]


def receivers(verb: Token) -> list[Token]:
    """To whom something is given: the dative, the noun after "to", or the subject of "was granted asylum"."""
    found = tree.children(verb, "dative")
    if not found and is_passive(verb) and _is_giving(verb) and tree.children(verb, "dobj"):
        found = surface_subjects(verb)
    return found


def _is_giving(verb: Token) -> bool:
    return verb.lemma_.lower() in lexicon().classes["GIVING_VERB"]
