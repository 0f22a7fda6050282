"""What the questions of this stage (entities, dates, events) share: a parsed paragraph and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc

from pipeline.model import DateMention, Field, Moment, Span


@dataclass(frozen=True)
class Passage:
    """One parsed paragraph (or the headline): character 0 of ``doc`` is code point ``start`` of the text ``field``.

    ``text`` is what stands in the record, character for character; ``doc`` may differ from it in the case of letters
    (see `recase`).
    """

    field: Field
    start: int
    doc: Doc
    text: str

    @property
    def end(self) -> int:
        """Where it ends in the text: code points, exclusive."""
        return self.start + len(self.text)

    @cached_property
    def cased(self) -> str:
        """The text of ``doc``, which spaCy puts together from its tokens each time it is asked."""
        return str(self.doc.text)

    def span(self, start_char: int, end_char: int) -> Span:
        """The characters ``[start_char, end_char)`` of ``doc`` as a span of the record."""
        text = self.text[start_char:end_char]
        return Span(self.field, self.start + start_char, self.start + end_char, text)


@dataclass(frozen=True, slots=True)
class ResolvedDate:
    """A date in the text with its value as a `Moment`; ``relative``: it was resolved against the article's date."""

    mention: DateMention
    moment: Moment
    relative: bool
