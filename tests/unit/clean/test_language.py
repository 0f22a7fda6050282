"""The language: the sender's word, unless the text strongly contradicts it."""

from __future__ import annotations

import pytest

from pipeline.stages.clean.language import language_of
from pipeline.stages.clean.url import canonical_url

ENGLISH = "The minister said on Monday that the government would build a new bridge over the river next year. " * 5
GERMAN = (
    "Der Minister sagte am Montag, dass die Regierung im nächsten Jahr eine neue Brücke über den Fluss bauen werde. "
    * 5
)
CHINESE = "政府星期一表示，明年将在河上修建一座新桥，以改善两岸居民的交通。" * 8


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        (ENGLISH, None, "en"),
        (ENGLISH.upper(), None, "en"),
        (ENGLISH, "en-GB", "en-GB"),
        (ENGLISH, "de", "en"),
        (GERMAN, None, "de"),
        (GERMAN, "en", "de"),
        (GERMAN, "de-AT", "de-AT"),
        (CHINESE, None, "zh"),
        ("Der Minister sagte nein.", None, "en"),
        ("Der Minister sagte nein.", "de", "de"),
        ("Le ministre dit non.", "en", "en"),
        ("123 456 " * 60, None, "und"),
        ("123", "fr", "fr"),
        ("", None, "und"),
        ("a" * 1_000_000, None, "en"),
    ],
)
def test_the_language_of_a_text(text: str, declared: str | None, language: str) -> None:
    assert language_of(None, text, declared) == language


def test_newlines_are_no_obstacle() -> None:
    assert language_of("Eine\nBrücke", GERMAN.replace(". ", ".\n\n"), None) == "de"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.COM/News/A?utm_source=x&id=5&UTM_medium=y#top", "https://example.com/News/A?id=5"),
        ("http://Jane@Example.com:8080/?utm_campaign=z", "http://Jane@example.com:8080/"),
        ("urn:example:A#b", "urn:example:A#b"),
        ("http://[broken", "http://[broken"),
        ("just words", "just words"),
        (None, None),
    ],
)
def test_addresses_that_mean_the_same_page_are_one(url: str | None, canonical: str | None) -> None:
    assert canonical_url(url) == canonical
