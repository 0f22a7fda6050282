"""Did it happen: negated, to come, only possible, or long ago.

Looks at the auxiliaries and the verbs that govern the trigger ("failed to", "plans to", "wants to", "if").
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator

from spacy.tokens import Token

from pipeline.stages.tag.events import arguments, tree, voice
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.lemmas import lemma_of
from pipeline.stages.tag.events.lexicon import lexicon

FUTURE_WORDS = frozenset({"will", "'ll", "’ll", "shall", "wo"})
POSSIBLE_WORDS = frozenset({"could", "may", "might", "should", "can", "ca", "must", "ought"})
MODALS = frozenset({"may", "might", "could"})
CONDITIONS = frozenset({"if", "unless", "whether", "lest", "until"})
# Verbs that reach somebody, by telephone, letter or post: "called him to express support", "took to Twitter to".
ADDRESSES = frozenset({"call", "phone", "telephone", "write", "ring", "take", "tweet"})
NEGATIONS = frozenset({"not", "n't", "n’t", "never", "no", "neither", "nor"})
SELDOM = frozenset({"never", "hardly", "seldom", "rarely", "scarcely", "barely"})
RANKS = frozenset({"first", "last", "latest", "second", "third"})
NOBODY = frozenset({"nobody", "none", "nothing", "no-one"})
# Prepositions before what did not happen: "without firing a shot", "instead of signing it".
WITHOUT = frozenset({"without", "instead", "instead of", "rather"})
# Nouns of a will made known: what follows is told as what is to come.
DECISIONS = frozenset({"decision", "move", "vote"})
# Words before an infinitive of what is only thought of: "talks on how to end the war".
MANNERS = frozenset({"how", "when", "where", "whether"})
# Words of a day or time to come: "meets next week".
TO_COME = frozenset({"next", "tomorrow"})
MONTHS = frozenset(month.lower() for month in calendar.month_name[1:])
# Words before a clause in the present that waits for what is to come: "will leave once he resigns".
TIMES = frozenset({"when", "once", "until", "till", "before", "after", "as", "if", "unless", "whenever"})


def set_flags(candidate: Candidate) -> None:
    """Sets ``negated``, ``future`` and ``hypothetical`` of the candidate; ``notes`` what the rules need besides."""
    verb = candidate.anchor if tree.is_verb(candidate.anchor) or candidate.anchor.pos_ == "AUX" else None
    if verb is None and candidate.anchor.pos_ == "ADJ":
        verb = candidate.anchor.head if candidate.anchor.head is not candidate.anchor else candidate.anchor
    candidate.negated = _noun_negated(candidate)
    if verb is None:
        _nominal_flags(candidate)
        return
    below = verb
    for step, clause in enumerate(_governors(verb)):
        _clause_flags(candidate, clause, step)
        if step and below.dep_ != "conj":
            _governor_flags(candidate, clause)
        below = clause


def _is_timetabled(candidate: Candidate, clause: Token) -> bool:
    """Whether a meeting is told of in the present with a time to come: "meets in October", "visits Rome next week"."""
    if candidate.type != "CONSULT" or clause.tag_ not in ("VBZ", "VBP") or tree.children(clause, "aux"):
        return False
    times = [word for child in tree.children(clause, "prep", "npadvmod", "advmod") for word in child.subtree]
    return any(
        word.lower_ in TO_COME or (word.lower_ in MONTHS and word.head.lower_ == "in" and word.head.head == clause)
        for word in times
    )


def _governors(verb: Token) -> Iterator[Token]:
    """The verb and those above it that bear on whether it happened: through infinitives and co-ordination."""
    token = verb
    for _ in range(6):
        yield token
        if (
            (token.dep_ == "conj" and not tree.children(token, "nsubj", "nsubjpass", "aux") and not _begins_anew(token))
            or token.dep_ == "xcomp"
            or (token.dep_ == "ccomp" and token.head.lemma_ == "help" and token.tag_ == "VB")
            or (token.dep_ in ("pcomp", "acl", "advcl") and token.tag_ == "VB")
        ):
            token = token.head
        elif token.dep_ in ("pcomp",) and token.head.dep_ == "prep":
            token = token.head.head
        else:
            return
        if not tree.is_verb(token) and token.pos_ not in ("ADJ", "AUX", "NOUN"):
            return


def _begins_anew(joined: Token) -> bool:
    """Whether a joined verb has a tense of its own: "had not given up *and was* ready"."""
    finite = joined.lemma_ in ("be", "have") and joined.tag_ in ("VBD", "VBP", "VBZ")
    return finite and any(t.lower_ == "and" for t in tree.children(joined.head, "cc"))


def _clause_flags(candidate: Candidate, clause: Token, step: int) -> None:
    aux = {t.lower_ for t in tree.children(clause, "aux", "auxpass")}
    marks = {t.lower_ for t in tree.children(clause, "mark", "advmod")}
    if _is_denied(clause, marks):
        candidate.negated = not candidate.negated
    elif any(t.lower_ in ("neither", "nor") for t in (*clause.children, *_joined_by(clause))):
        candidate.negated = True
    if aux & FUTURE_WORDS or (clause.lower_ == "going" and step) or (not step and _is_timetabled(candidate, clause)):
        candidate.future = True
    if "would" in aux or "'d" in aux:
        if _reported(clause) or not any(t.lower_ in CONDITIONS for t in clause.sent):
            candidate.future = True
        else:
            candidate.hypothetical = True
    if aux & MODALS:
        candidate.notes.add("modal")
    if aux & POSSIBLE_WORDS or marks & CONDITIONS:
        candidate.hypothetical = True
    if _is_unreal(clause, marks, step):
        candidate.hypothetical = True
    if clause.head == clause and clause.tag_ == "VB" and "to" in aux and tree.children(clause, "nsubj"):
        candidate.future = True  # the future of headlines: "Turkey to send troops"
    purpose = clause.dep_ in ("advcl", "acl", "xcomp", "relcl")
    manner = clause.dep_ in ("pcomp", "ccomp") and bool(marks & MANNERS)
    if step == 0 and (purpose or manner) and clause.tag_ == "VB" and "to" in aux and not _is_ranked(clause):
        candidate.notes.add("infinitive")


def _is_ranked(clause: Token) -> bool:
    """Whether it is told by its rank: "became the first state to ask for a loan", "the last rebels to surrender"."""
    above = clause.head
    nouns: list[Token] = []
    if clause.dep_ in ("acl", "relcl") and above.dep_ in ("attr", "appos"):
        nouns = [above]
    elif clause.dep_ in ("advcl", "xcomp") and above.lemma_ in ("be", "become"):
        nouns = tree.children(above, "attr")
    return any(t.lower_ in RANKS and noun.head.tag_ != "VB" for noun in nouns for t in (*noun.children, noun))


def _is_unreal(clause: Token, marks: set[str], step: int) -> bool:
    """Whether the clause is a condition, waits for something to come, or has yet to come true."""
    if (clause.dep_ in ("csubj", "csubjpass") and clause.tag_ == "VBG") or _is_imperative(clause):
        return True
    if clause.dep_ == "advcl" and (marks & CONDITIONS or _is_inverted(clause) or _waits(clause)):
        return True
    if clause.dep_ == "pcomp" and clause.head.lower_ == "by" and _auxiliaries(clause.head.head) & {"would", "could"}:
        return True
    if clause.dep_ == "ccomp" and (_auxiliaries(clause) or clause.tag_ in ("VBD", "VBZ")) and _is_wished(clause):
        return True
    return bool(step) and "yet" in marks and clause.lemma_ in ("have", "be")


def _is_wished(clause: Token) -> bool:
    """Whether the verb above only wishes or fears it: "hopes that the court will annul it"."""
    return "irrealis" in lexicon().governors.get((lemma_of(clause.head), "V"), ())


def _is_imperative(clause: Token) -> bool:
    """Whether it bids somebody: "Let us join hands," he said."""
    quoted = clause.dep_ == "ccomp" and clause.i < clause.head.i
    bare = clause.tag_ == "VB" and not tree.children(clause, "nsubj", "nsubjpass", "aux", "auxpass", "mark", "neg")
    return bare and (clause.head == clause or quoted)


def _auxiliaries(verb: Token) -> set[str]:
    return {t.lower_ for t in tree.children(verb, "aux")}


def _is_denied(clause: Token, marks: set[str]) -> bool:
    """Whether the clause says that it did not happen: by "not", "never", "nobody", "without"."""
    if any(t.lower_ in NEGATIONS for t in tree.children(clause, "neg")) or marks & SELDOM:
        return True
    if any(t.lower_ in SELDOM for m in tree.children(clause, "advmod") for t in tree.children(m, "advmod", "neg")):
        return True  # "hardly ever"
    if clause.dep_ == "pcomp" and (clause.head.lower_ in WITHOUT or _is_far(clause.head)):
        return True
    return any(is_nobody(t) for t in tree.children(clause, "nsubj", "nsubjpass", "dobj"))


def _is_far(preposition: Token) -> bool:
    """Whether "from" or "of" is that of "far from" or "short of"."""
    return (
        preposition.lower_ in ("from", "of") and preposition.i > 0 and preposition.nbor(-1).lower_ in ("far", "short")
    )


def is_nobody(noun: Token) -> bool:
    """Whether the noun phrase is "nobody", "no country", "neither of them"."""
    return noun.lower_ in NOBODY or any(t.lower_ in ("no", "neither") for t in noun.lefts)


def _is_inverted(clause: Token) -> bool:
    """Whether a condition is put by inversion: "Had the police arrested him, ..."."""
    subject = tree.children(clause, "nsubj", "nsubjpass")
    before = [t for t in tree.children(clause, "aux", "auxpass") if subject and t.i < subject[0].i]
    return any(t.lower_ in ("had", "were", "should") for t in before)


def _waits(clause: Token) -> bool:
    """Whether a clause in the present waits for what is to come: "will leave once X resigns"."""
    head = clause.head if tree.is_verb(clause.head) else clause.head.head
    words = {t.lower_ for t in tree.children(clause, "mark", "advmod")}
    return (
        clause.tag_ in ("VBZ", "VBP") and bool(words & TIMES) and bool(_auxiliaries(head) & (FUTURE_WORDS | {"would"}))
    )


def _joined_by(clause: Token) -> list[Token]:
    """The conjunction before a joined clause: "neither met nor called"."""
    return [t for t in tree.children(clause.head, "cc") if t.i < clause.i] if clause.dep_ == "conj" else []


def _governor_flags(candidate: Candidate, governor: Token) -> None:
    if governor.pos_ == "NOUN" and governor.lemma_.lower() in DECISIONS and tree.possessors(governor):
        candidate.future = True  # "Canada's decision to withdraw its troops"
        candidate.notes.discard("infinitive")
    if governor.pos_ == "NOUN" and governor.lemma_.lower() in lexicon().classes["UNREAL_NOUN"]:
        candidate.hypothetical = True
    pos = "A" if governor.pos_ == "ADJ" else "V"
    effects = lexicon().governors.get((governor.lemma_.lower(), pos), frozenset())
    if "plan" in effects:
        candidate.future = True
    phoned = governor.lemma_.lower() in ADDRESSES and bool(voice.objects(governor))
    done = governor.lemma_ == "help" and governor.tag_ in ("VBD", "VBN")  # "helped arrest him"
    if ("irrealis" in effects and not done) or ("demand" in effects and not phoned):
        candidate.hypothetical = True
    if "negative" in effects:
        candidate.negated = not candidate.negated
    if effects & {"aspect", "support", "plan", "irrealis", "negative", "demand"} or governor.lemma_ in ("be", "have"):
        candidate.notes.discard("infinitive")
    if governor.lemma_ == "be" and pos == "V":
        candidate.future = True
    if governor.lemma_ == "have" and governor.tag_ in ("VBZ", "VBP", "VB"):
        candidate.hypothetical = True  # "has to be released"; who "had to" did it


def _reported(clause: Token) -> bool:
    """Whether the clause is what somebody says: its "would" then means "will"."""
    return clause.dep_ == "ccomp" and tree.is_verb(clause.head)


def _noun_negated(candidate: Candidate) -> bool:
    """Whether a noun of the trigger has "no"; subjects and objects of the verb are looked at with the verb."""
    own = tree.children(candidate.anchor, "nsubj", "nsubjpass", "dobj") if tree.is_verb(candidate.anchor) else []
    nouns = [w for w in candidate.words if w.pos_ == "NOUN" and w not in own]
    return any(t.lower_ == "no" for n in nouns for t in tree.children(n, "det", "neg"))


def _nominal_flags(candidate: Candidate) -> None:
    """A planned, proposed or possible event noun: by its adjectives, or the verb or preposition above it."""
    before = {t.lower_ for t in candidate.anchor.children}
    if before & {"planned", "upcoming", "future", "forthcoming", "next", "scheduled", "impending", "proposed"}:
        candidate.future = True
    if before & {"possible", "potential", "any", "further", "alleged", "hypothetical", "likely", "such"}:
        candidate.hypothetical = True
    head = candidate.anchor.head
    for _ in range(3):
        if tree.is_verb(head):
            break
        if head.lemma_ in ("plan", "threat", "risk", "possibility", "prospect", "call", "request", "fear", "plot"):
            candidate.hypothetical = True
        if head.dep_ in tree.SUBJECTS and arguments.is_actor(head):
            return  # "Kerry, on a visit to Rome, called for calm"
        head = head.head
    aux = {t.lower_ for t in tree.children(head, "aux")}
    if aux & FUTURE_WORDS:
        candidate.future = True
    if aux & POSSIBLE_WORDS or "would" in aux:
        candidate.hypothetical = True
    effects = lexicon().governors.get((head.lemma_.lower(), "V"), frozenset())
    if effects & {"plan", "irrealis", "demand"}:
        candidate.hypothetical = True
