"""The language model: loaded once per process, with only the parts that this stage reads."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cache

import spacy
from spacy.language import Language
from thinc.api import use_ops

# The sentences come from the parser, names from `ner`; a second sentence splitter and classifiers would only cost time.
UNUSED = ("senter", "textcat", "textcat_multilabel", "entity_linker")


@dataclass(frozen=True)
class Model:
    """A loaded model with what the records say of it.

    ``lock`` is for whoever opens a memory zone: that is the vocabulary's, and at its end takes the words of everybody.
    """

    nlp: Language
    name: str
    version: str
    lock: threading.Lock = field(default_factory=threading.Lock)


@cache
def load(name: str) -> Model:
    """Load a spaCy model (a package's name or a path), without the components that nobody here reads.

    Raises:
        OSError: there is no such model.
    """
    # numpy's own BLAS is faster here than the one spaCy brings, and tags the same: docs/decisions/0011.
    with use_ops("numpy", use_blis=False):
        nlp = spacy.load(name, exclude=UNUSED)
    meta = nlp.meta  # put together anew each time it is asked for
    return Model(nlp, f"{meta['lang']}_{meta['name']}", meta["version"])
