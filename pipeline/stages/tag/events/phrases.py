"""The text of a participant: the full noun phrase around a head, without the clauses that hang on it."""

from __future__ import annotations

from spacy.tokens import Token

LEFT_LABELS = frozenset(
    {"det", "amod", "compound", "poss", "nmod", "nummod", "quantmod", "predet", "advmod", "case", "punct", "neg"}
)
RIGHT_PREPOSITIONS = frozenset({"of", "in", "for", "from", "on", "against", "to", "by"})


def bounds(head: Token) -> tuple[int, int]:
    """Characters ``[start, end)`` of the noun phrase in the Doc: modifiers, "of ..." and a name in apposition.

    Stops before relative clauses, participles, commas and what is joined by "and".
    """
    doc = head.doc
    first = min([head.i, *(_left_edge(t) for t in head.children if t.i < head.i and t.dep_ in LEFT_LABELS)])
    last = head.i
    for child in sorted(head.rights, key=lambda t: t.i):
        if child.i != last + 1 and child.left_edge.i != last + 1:
            break
        if child.dep_ in ("appos", "nummod", "compound", "nmod", "case") and child.left_edge.i == last + 1:
            last = max(last, _inner_end(child))
        elif child.dep_ == "prep" and child.lower_ in RIGHT_PREPOSITIONS and head.pos_ != "PRON":
            last = max(last, _prepositional_end(child))
        else:
            break
    first = _after_date(head, first)
    while first < head.i and (doc[first].is_punct or doc[first].is_space) and doc[first].text not in "\"'“‘($€£":
        first += 1
    if last > head.i and doc[last].tag_ == "POS":
        last -= 1
    return doc[first].idx, doc[last].idx + len(doc[last])


def _after_date(head: Token, first: int) -> int:
    """The first word after a date that opens the phrase ("a March 24 Kremlin meeting"), unless it is a possessor."""
    after = first
    while after < head.i and head.doc[after].ent_type_ in ("DATE", "TIME"):
        after += 1
    return first if head.doc[after].tag_ == "POS" or head.ent_type_ in ("DATE", "TIME") else after


def _left_edge(token: Token) -> int:
    return int(token.left_edge.i)


def _inner_end(token: Token) -> int:
    end = token.i
    for child in token.rights:
        if child.dep_ == "prep" and child.left_edge.i == end + 1 and child.lower_ in RIGHT_PREPOSITIONS:
            end = _prepositional_end(child)
        elif child.dep_ in ("nummod", "case") and child.i == end + 1:
            end = child.i
        else:
            break
    return int(end)


def _prepositional_end(prep: Token) -> int:
    """The end of "of the ...": its noun phrase, also where that is a list."""
    end = prep.i
    for noun in prep.rights:
        if noun.dep_ != "pobj" or noun.ent_type_ in ("DATE", "TIME"):
            return int(prep.i) - 1
        end = _list_end(noun)
    return int(end if end > prep.i else prep.i - 1)


def _list_end(noun: Token) -> int:
    end = max(noun.i, _inner_end(noun))
    for child in noun.rights:
        if child.dep_ == "conj" and child.tag_[:2] in ("NN", "CD", "JJ"):
            end = max(end, _list_end(child))
    return int(end)
