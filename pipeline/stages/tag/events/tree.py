"""What the dependency parse says of a word: its children by label, what is joined to it, its prepositions.

Labels are ClearNLP's, as spaCy's English models give them. All functions are pure and return tokens in text order;
`relabelled` and `moved` alone change the parse.
"""

from __future__ import annotations

from spacy.tokens import Token

CHILDREN = "wiredesk.children"
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
RELATIVE_TAGS = frozenset({"WDT", "WP", "WP$"})


def children(token: Token, *labels: str) -> list[Token]:
    """The children of ``token`` with one of these dependency labels."""
    doc = token.doc
    return [doc[i] for label, i in labelled(token) if label in labels]


def labelled(token: Token) -> list[tuple[str, int]]:
    """Labels and positions of the children of ``token``: asked so often that they are kept with the Doc."""
    doc = token.doc
    table = doc.user_data.get(CHILDREN)
    if table is None:
        table = doc.user_data[CHILDREN] = [[] for _ in range(len(doc))]
        for child in doc:
            head = child.head.i
            if head != child.i:
                table[head].append((child.dep_, child.i))
    found: list[tuple[str, int]] = table[token.i]
    return found


def relabelled(token: Token, label: str) -> None:
    """Gives the token another dependency label."""
    token.dep_ = label
    token.doc.user_data.pop(CHILDREN, None)


def moved(token: Token, head: Token, label: str) -> None:
    """Hangs the token on another head."""
    if token.head != head:
        token.head = head
    relabelled(token, label)


def is_verb(token: Token) -> bool:
    """Whether the token is tagged as a verb (auxiliaries that head a clause count)."""
    return str(token.tag_)[:2] == "VB" or token.tag_ == "MD"


def with_conjuncts(token: Token) -> list[Token]:
    """The token and what is joined to it by "and": the heads of a list."""
    found = [token]
    for child in token.children:
        if child.dep_ == "conj" and not is_verb(child):
            found += with_conjuncts(child)
        elif child.dep_ == "appos" and any(c.dep_ in ("conj", "cc") for c in child.children):
            continue
    return found


def is_relative(token: Token) -> bool:
    """Whether the token is a relative pronoun: it stands for the noun its clause hangs on."""
    return token.tag_ in RELATIVE_TAGS


def antecedent(token: Token, verb: Token) -> Token:
    """The noun a relative pronoun stands for; any other token is itself."""
    if not is_relative(token) and not (token.lower_ == "that" and verb.dep_ == "relcl"):
        return token
    clause = verb
    while clause.dep_ in ("conj", "xcomp", "ccomp") and clause.head is not clause:
        clause = clause.head
    return clause.head if clause.dep_ in ("relcl", "acl") else token


def possessors(noun: Token) -> list[Token]:
    """The noun before 's."""
    return [t for t in children(noun, "poss") if t.tag_ != "WP$"]


def prepositions(token: Token, names: frozenset[str] | tuple[str, ...]) -> list[Token]:
    """The nouns after one of these prepositions, under ``token``; "about to" and the like included."""
    found = []
    own = list(token.children)
    through = [c for t in own if t.lower_ in ("out", "off", "away", "back") for c in t.children]
    near = [n for t in children(token, "prep", "npadvmod", "dobj") for n in (t, *t.children)]
    dates = [n for n in near if n.ent_type_ in ("DATE", "TIME")]
    through += [c for n in dates for c in children(n, "prep")]  # "held a meeting on Tuesday with"
    for child in (*own, *through):
        if child.dep_ in ("prep", "agent", "dative", "prt") and child.lower_ in names:
            found += [_whom(t, token) for t in children(child, "pobj") if t.ent_type_ not in ("DATE", "TIME")]
            for deeper in children(child, "prep"):
                found += children(deeper, "pobj")
    return found


def _whom(noun: Token, governor: Token) -> Token:
    """The noun after a preposition; of "to whom he apologised" the one the clause hangs on."""
    return antecedent(noun, governor) if noun.tag_ == "WP" and is_verb(governor) else noun


def gerunds(token: Token, names: tuple[str, ...]) -> list[Token]:
    """The verbs after one of these prepositions: "barred from entering"."""
    return [verb for prep in children(token, "prep") if prep.lower_ in names for verb in children(prep, "pcomp")]
