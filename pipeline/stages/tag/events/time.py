"""When it happened: the date that hangs on the trigger, else one of its clause, else the day of publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from spacy.tokens import Token

from pipeline.model import CleanArticle, DateSource, Moment, Precision, Span
from pipeline.stages.tag.events import pronouns, tree
from pipeline.stages.tag.events.candidate import Candidate
from pipeline.stages.tag.events.lexicon import lexicon
from pipeline.stages.tag.passage import Passage, ResolvedDate

HISTORICAL_DAYS = 365
DAYS_TO_COME = 10
FAR = 99
OTHER_CLAUSES = frozenset({"relcl", "advcl", "ccomp", "acl", "parataxis"})
BEFORE_NOUNS = frozenset({"compound", "nummod", "poss", "amod", "nmod"})
# "Sunday night" is a time, "the Sunday market" is not.
DAY_PARTS = frozenset({"morning", "afternoon", "evening", "night", "noon", "dawn", "midnight", "lunchtime", "weekend"})


def dates_of(passage: Passage, dates: Sequence[ResolvedDate]) -> list[tuple[Token, ResolvedDate]]:
    """The dates of a passage with the head word of each."""
    found = []
    for date in dates:
        mention = date.mention
        if mention.field is not passage.field:
            continue
        low, high = mention.start - passage.start, mention.end - passage.start
        if low < 0 or high > len(passage.text):
            continue
        span = passage.doc.char_span(low, high, alignment_mode="expand")
        if span is not None and len(span):
            found.append((span.root, date))
    return found


def nearest(
    candidate: Candidate, dated: Sequence[tuple[Token, ResolvedDate]], article: CleanArticle
) -> ResolvedDate | None:
    """The date that hangs nearest to the trigger in the parse, or None.

    A date that hangs on a verb of saying above the trigger tells when it was said, not when it happened; one in another
    clause, or on a noun that has a date of its own ("the 2007 election"), tells of something else. So does a day after
    that of the article where the event has happened: "agreed to meet on Friday".
    """
    best: tuple[int, int, ResolvedDate] | None = None
    above = _above(candidate.anchor)
    words = {word.i for word in candidate.words}
    for head, date in dated:
        if head.sent != candidate.anchor.sent:
            continue
        if not candidate.future and _lies_ahead(date, article) and not is_to_come(candidate, date, article):
            continue
        steps = _steps(head, above, words)
        if steps < FAR and (best is None or (steps, abs(head.i - candidate.anchor.i)) < best[:2]):
            best = (steps, abs(head.i - candidate.anchor.i), date)
    return best[2] if best else None


def _lies_ahead(date: ResolvedDate, article: CleanArticle) -> bool:
    return article.published_at is not None and date.moment.at > article.published_at.at


def _above(anchor: Token) -> dict[int, int]:
    """The trigger and what governs it within what is said, with a cost for each step up."""
    found, token, cost = {anchor.i: 0}, anchor, 0
    while token.head != token and cost < 6:
        if token.dep_ in ("ccomp", "parataxis") and pronouns.is_saying(token.head):
            break
        cost += 3 if token.dep_ in OTHER_CLAUSES else 1
        token = token.head
        found[token.i] = cost + 3
    return found


def _steps(date: Token, above: dict[int, int], words: set[int]) -> int:
    """How far up from the date the trigger or what governs it is; FAR where the date tells of something else."""
    dated_nouns = lexicon().classes["DATED_NOUN"]
    token = date
    for distance in range(10):
        if token.i in above:
            return distance + above[token.i]
        head = token.head
        if head == token:
            return FAR
        same = (head.i in words and _same_time(token)) or _of_document(token) or _may_end(token, date)
        if token.dep_ in OTHER_CLAUSES and not same:
            return FAR
        noun = head.pos_ in ("NOUN", "PROPN") and head.lemma_.lower() not in DAY_PARTS
        if noun and head.i not in words and head.i not in above:
            before = token.i < head.i and token.dep_ in BEFORE_NOUNS and head.dep_ not in BEFORE_NOUNS
            before = before and date.nbor(-1).lower_ not in ("in", "on") if date.i else before
            if before or (head.lemma_.lower() in dated_nouns and not _of_document(token)):
                return FAR
        token = head
    return FAR


def _of_document(clause: Token) -> bool:
    """Whether a clause dates the document through which somebody speaks: "in a letter dated April 1"."""
    return (
        clause.dep_ == "acl"
        and clause.lemma_.lower() == "date"
        and clause.head.lemma_.lower() in lexicon().classes["DOCUMENT_NOUN"]
    )


def _may_end(participle: Token, date: Token) -> bool:
    """Whether a date after a participle and its own phrase may be the main verb's: "hidden in a train on Friday"."""
    own = [t for t in participle.children if t.dep_ in ("prep", "agent") and t.i > participle.i]
    at_end = date.i >= participle.right_edge.i
    return participle.dep_ == "acl" and participle.tag_ == "VBN" and at_end and len(own) > 1


def _same_time(clause: Token) -> bool:
    """Whether a clause on the trigger tells when it was: "talks held on Monday", "speaking on Monday, he condemned"."""
    return clause.dep_ == "acl" or (clause.dep_ == "advcl" and clause.lemma_.lower() in ("speak", "address", "talk"))


def is_said(verb: Token) -> bool:
    """Whether the clause of this verb is what somebody says."""
    return verb.dep_ in ("ccomp", "parataxis") and pronouns.is_saying(verb.head)


def when(
    candidate: Candidate, found: ResolvedDate | None, carried: ResolvedDate | None, article: CleanArticle
) -> tuple[Moment | None, Span | None, DateSource | None]:
    """Moment, the words that state it, and where it comes from."""
    stated = found or carried
    if stated is not None:
        mention = stated.mention
        span = Span(mention.field, mention.start, mention.end, mention.text)
        return stated.moment, span, DateSource.RELATIVE if stated.relative else DateSource.EXPLICIT
    if candidate.future:
        return None, None, None
    if article.dateline is not None and article.dateline.date is not None:
        return article.dateline.date, None, DateSource.DATELINE
    if article.published_at is not None:
        at = article.published_at
        if at.precision in (Precision.SECOND, Precision.MINUTE):
            midnight = at.at.replace(hour=0, minute=0, second=0, microsecond=0)
            return Moment(midnight, Precision.DAY), None, DateSource.PUBLISHED
        return at, None, DateSource.PUBLISHED
    return None, None, None


def is_to_come(candidate: Candidate, found: ResolvedDate | None, article: CleanArticle) -> bool:
    """Whether an event told in the present has a date after the article: "meet on Thursday".

    Only the days to come count: a caption tells in the present what its picture shows, with a date of any time.
    """
    if found is None or not found.relative or candidate.future or candidate.negated or article.published_at is None:
        return False
    ahead = found.moment.at - article.published_at.at
    return candidate.anchor.tag_ in ("VBP", "VBZ") and timedelta(0) < ahead < timedelta(days=DAYS_TO_COME)


def is_historical(moment: Moment | None, article: CleanArticle) -> bool:
    """Whether the event lies a year or more before the article."""
    if moment is None or article.published_at is None:
        return False
    return moment.at < article.published_at.at - timedelta(days=HISTORICAL_DAYS)


def speech_situation(sentence_root: Token, dated: Sequence[tuple[Token, ResolvedDate]]) -> ResolvedDate | None:
    """The date of an interview, speech or statement in this sentence, with which what is said in it is dated."""
    for head, date in dated:
        if head.sent.root.i != sentence_root.i:
            continue
        token = head
        for _ in range(6):
            if token.lemma_.lower() in lexicon().classes["SPEECH_NOUN"]:
                return date
            if token.head == token:
                break
            token = token.head
    return None


def same_speaker(first: Token | None, second: Token | None) -> bool:
    """Whether two subjects are plainly the same: equal head words, or a pronoun after a noun."""
    if first is None or second is None:
        return False
    return second.lower_ in ("he", "she", "they", "it") or first.lower_ == second.lower_


def subject_of(root: Token) -> Token | None:
    """The subject of a sentence's main verb."""
    found = tree.children(root, "nsubj", "nsubjpass")
    return found[0] if found else None
