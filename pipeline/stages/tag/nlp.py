"""The language model: loaded once per process, with only the parts that this stage reads."""

from __future__ import annotations

from functools import cache

import spacy
from spacy.language import Language

# The sentences come from the parser, names from `ner`; a second sentence splitter and classifiers would only cost time.
UNUSED = ("senter", "textcat", "textcat_multilabel", "entity_linker")


@cache
def load(name: str) -> Language:
    """Load a spaCy model (a package's name or a path), without the components that nobody here reads.

    Raises:
        OSError: there is no such model.
    """
    return spacy.load(name, exclude=UNUSED)


def full_name(nlp: Language) -> str:
    """The model's name with its language, as packages are called: ``en_core_web_sm``."""
    return f"{nlp.meta['lang']}_{nlp.meta['name']}"
