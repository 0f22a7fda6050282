"""How many were killed, hurt or arrested, where the sentence says so."""

from __future__ import annotations

import re

from spacy.tokens import Token

from pipeline.model import Count
from pipeline.stages.tag.events import tree, voice
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.lexicon import lexicon

# What is counted, and the class of words that tell of it.
HARM = {"dead": "DEATH_WORD", "injured": "INJURY_WORD", "arrested": "ARREST_WORD"}
UNITS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
VAGUE = {"dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "several": 3, "many": 3}
AT_LEAST = ("at least", "more than", "over", "no fewer than", "no less than", "upwards of")
AT_MOST = ("up to", "at most", "as many as", "no more than", "fewer than", "less than", "nearly", "almost", "under")


def counts(candidate: Candidate) -> dict[str, Count]:
    """Counts under ``dead``, ``injured`` and ``arrested``; of several in the sentence those nearest to the event."""
    found: dict[str, Count] = {}
    if candidate.mode == "arrest" and candidate.recipients:
        arrested = _of_list(candidate.recipients)
        if arrested is not None:
            found["arrested"] = arrested
    for token in sorted(candidate.sentence, key=lambda t: abs(t.i - candidate.anchor.i)):
        kind = _kind(token)
        if kind is None or kind in found:
            continue
        count = _counted(token)
        if count is not None:
            found[kind] = count
    return found


def _kind(token: Token) -> str | None:
    if any(t.lower_ == "death" for t in tree.prepositions(token, ("to",))):
        return "dead"  # "stabbed to death"
    lemma = token.lemma_.lower()
    forms = {lemma, token.lower_, *(f"{lemma} {t.lower_}" for t in tree.children(token, "prt", "advmod"))}
    classes = lexicon().classes
    return next((kind for kind, name in HARM.items() if forms & classes[name]), None)


def _counted(token: Token) -> Count | None:
    """The number of the noun that the word of harm applies to: object, passive subject, or "40 dead"."""
    if token.lemma_.lower() == "die":
        nouns = voice.subjects(token)
    elif tree.is_verb(token):
        nouns = voice.objects(token)
    elif tree.is_verb(token.head):
        nouns = voice.objects(token.head)  # "shot dead four villagers", "left four people dead"
    else:
        nouns = [token, token.head]
    for noun in nouns:
        count = _of_list(tree.with_conjuncts(noun)) if noun.pos_ in ("NOUN", "NUM") else of_noun(noun)
        if count is not None:
            return count
    return None


def _of_list(nouns: list[Token]) -> Count | None:
    """The sum of "three soldiers and two shopkeepers"; a lower bound where one of them is not counted."""
    if len(nouns) == 1:
        return of_noun(nouns[0])
    counts = [of_noun(noun) for noun in nouns]
    known = [count for count in counts if count is not None]
    if not known:
        return None
    bounds = [count.max for count in counts if count is not None and count.max is not None]
    text = known[0].text if len(known) == 1 else str(nouns[0].doc[nouns[0].left_edge.i : nouns[-1].i + 1].text)
    return Count(sum(count.min for count in known), sum(bounds) if len(bounds) == len(counts) else None, text)


def of_noun(noun: Token) -> Count | None:
    """How many the noun phrase speaks of: "at least 26 people", "dozens of soldiers", "some 30"."""
    labels = ("nummod", "quantmod", "amod", "det", "compound", "nmod")
    numbers = [t for t in noun.children if t.dep_ in labels and _is_number(t)]
    if noun.like_num or noun.lower_ in VAGUE:
        numbers.append(noun)
    if not numbers:
        return _single(noun)
    number = numbers[0]
    words = [t for t in number.subtree if t.i <= number.i and t.dep_ != "prep"]
    first = min(t.i for t in words)
    text = str(noun.doc[first : number.i + 1].text)
    value = parse_number(text)
    if value is None:
        return None
    lowered = f" {noun.doc[max(first - 3, noun.sent.start) : number.i + 1].text.lower()} "
    if number.lower_ in VAGUE or any(f" {w} " in lowered for w in AT_LEAST):
        return Count(value, None, text)
    if any(f" {w} " in lowered for w in AT_MOST):
        return Count(0, value, text)
    return Count(value, value, text)


def _is_number(token: Token) -> bool:
    return token.like_num or token.lower_ in VAGUE or token.lower_ == "dozen"


def _single(noun: Token) -> Count | None:
    """One for "a soldier", "the driver", "his brother", a person by name, "him"."""
    if (noun.tag_ == "NNP" and noun.ent_type_ == "PERSON") or noun.lower_ in ("he", "him", "she", "her"):
        return Count(1, 1, str(noun.text))
    known = [t for t in noun.children if t.dep_ in ("det", "poss")]
    if noun.tag_ != "NN" or not known:
        return None
    if any(t.lower_ in ("a", "an") for t in known):
        return Count(1, 1, str(noun.doc[known[0].i : noun.i + 1].text))
    classes = lexicon().classes
    person = noun.lemma_.lower() in classes["PEOPLE_NOUN"] - classes["CROWD_NOUN"]
    definite = any(t.dep_ == "poss" or t.lower_ == "the" for t in known)
    return Count(1, 1, str(noun.text)) if person and definite else None


def parse_number(text: str) -> int | None:
    """A number in digits or words ("1,200", "twenty-two", "two hundred", "dozens"), or None."""
    digits = re.search(r"\d[\d,]*(?:\.\d+)?", text)
    total, current, seen = 0.0, 0.0, False
    if digits:
        current, seen = float(digits.group().replace(",", "")), True
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in VAGUE and not seen:
            return VAGUE[word]
        if word in UNITS and not digits:
            if word in ("a", "an") and seen:
                continue
            current, seen = current + UNITS[word], True
        elif word in SCALES:
            scaled = (current or 1) * SCALES[word]
            seen = True
            total, current = (total + scaled, 0) if SCALES[word] > 100 else (total, scaled)
        elif word == "dozen":
            current, seen = (current or 1) * 12, True
    return int(total + current) if seen else None
