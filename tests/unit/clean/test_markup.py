"""HTML bodies become lines of text; nothing is fetched, executed or lost."""

from __future__ import annotations

import pytest
from cleaning import cleaned

from pipeline.stages.clean.markup import to_text


@pytest.mark.parametrize(
    ("markup", "body"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("<div>One.<br>Two.<br/>Three.</div>", "One.\nTwo.\nThree."),
        ("One <b>bold</b><i>er</i> word.", "One bolder word."),
        ("<p>One\n  two\tthree.</p>", "One two three."),
        ("<h2>Title</h2>Text.<ul><li>a</li><li>b</li></ul>", "Title\nText.\na\nb"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<p>A &amp; B &lt;C&gt; &#8220;D&#8221; caf&eacute;</p>", "A & B <C> “D” café"),
        ("<p>a&#3;b</p>", "ab"),
        ("<style>p {}</style><p>One.<script>alert('x')</script> Two.</p><!-- note -->", "One. Two."),
        ("<html><head><title>T</title></head><body><p>One.</p></body></html>", "One."),
        ("plain text, 3 < 4 & 5 > 2", "plain text, 3 < 4 & 5 > 2"),
        ("<pre>One.\nTwo.</pre>", "One.\nTwo."),
        ("<p>One.", "One."),
        ("<?xml version='1.0' encoding='utf-16'?><p>Žluť</p>", "Žluť"),
        ("<p>5&nbsp;km</p>", "5\u00a0km"),
    ],
)
def test_a_block_is_a_line(markup: str, body: str) -> None:
    assert cleaned(markup, body_is_html=True).body == body.replace("\ufffd", "")


def test_markup_in_a_plain_body_is_text() -> None:
    assert cleaned("<p>A &amp; B</p>").body == "<p>A &amp; B</p>"


def test_a_headline_beside_html_may_hold_markup() -> None:
    assert cleaned("<p>x</p>", headline="A &amp; <b>B</b>", body_is_html=True).headline == "A & B"
    assert cleaned("x", headline="A &amp; B").headline == "A &amp; B"


def test_no_text_is_lost_below_the_depth_the_parser_allows() -> None:
    markup = f"<p>before</p>{'<div>' * 5000}deep &amp; low{'</div>' * 5000}<script>x</script><p>after</p>"
    assert [line for line in to_text(markup).split("\n") if line] == ["before", "deep & low", "after"]


def test_external_entities_are_not_expanded(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("data") / "secret.txt"
    secret.write_text("SECRET")
    markup = f'<!DOCTYPE p [<!ENTITY x SYSTEM "{secret.as_uri()}">]><p>One &x; two.</p>'
    assert "SECRET" not in to_text(markup)


@pytest.mark.parametrize(
    "markup", ["", "<", "<!---->", "</p>", "<script>", "&", "<p", "<![CDATA[", "<!DOCTYPE", "\x00"]
)
def test_broken_markup_is_no_crash(markup: str) -> None:
    assert isinstance(to_text(markup), str)
