"""Files become records as their sender would write them."""

from pathlib import Path

import pytest

from pipeline.model import Message
from pipeline.options import ConfigError
from pipeline.replay import find, messages


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def _messages(*paths: Path) -> list[Message]:
    return [message for file in find(paths).files for message in messages(file, "raw")]


def test_each_line_of_json_lines_is_a_record_with_the_articles_id_as_key(tmp_path: Path) -> None:
    _write(tmp_path, a_jsonl='{"id": "a-1", "body": "x"}\n\n{"id": "a-2"}\r\nnot json\n{"body": "no id"}')
    found = _messages(tmp_path / "a.jsonl")
    assert [message.key for message in found] == [b"a-1", b"a-2", None, None]
    assert found[0].value == b'{"id": "a-1", "body": "x"}\n'
    assert {message.headers for message in found} == {(("content-type", b"application/x-ndjson"),)}


def test_json_and_text_are_one_record_each_with_their_bytes_untouched(tmp_path: Path) -> None:
    ninjs, text = '{"uri": "urn:x:1",\n "headline": "h"}\n', "  Café.\r\n\r\nSecond.\n"
    _write(tmp_path, a_json=ninjs, b_txt=text)
    first, second = _messages(tmp_path)
    assert (first.key, first.value) == (b"urn:x:1", ninjs.encode())
    assert (second.key, second.value) == (None, (tmp_path / "b.txt").read_bytes())
    assert first.headers == (("content-type", b"application/json"),)
    assert second.headers == (("content-type", b"text/plain"),)


def test_headers_beside_a_file_go_with_it_and_give_the_key(tmp_path: Path) -> None:
    _write(tmp_path, a_txt="text", b_txt="text", c_json="{}")
    (tmp_path / "a.headers.json").write_text('{"content-type": "text/plain; charset=utf-8", "wiredesk.id": "a-1"}')
    first, second, third = _messages(tmp_path)
    assert first.key == b"a-1"
    assert dict(first.headers) == {"content-type": b"text/plain; charset=utf-8", "wiredesk.id": b"a-1"}
    assert (second.key, third.key) == (None, None)


def test_an_empty_file_is_a_record_too_so_that_it_can_fail(tmp_path: Path) -> None:
    _write(tmp_path, a_txt="", b_jsonl="")
    assert [message.value for message in _messages(tmp_path)] == [b""]


def test_a_folder_gives_its_articles_in_order_and_names_what_is_none(tmp_path: Path) -> None:
    _write(tmp_path, b_txt="2", a_ndjson="{}", sub__c_json="[]", README_md="", expected_json="{}", _hidden__x_json="{}")
    (tmp_path / "b.headers.json").write_text("{}")
    found = find([tmp_path])
    assert [file.path.relative_to(tmp_path).as_posix() for file in found.files] == ["a.ndjson", "b.txt", "sub/c.json"]
    assert [path.name for path in found.passed_over] == ["README.md", "expected.json"]


def test_every_wrong_path_is_told_at_once(tmp_path: Path) -> None:
    _write(tmp_path, a_pdf="", b_txt="", c_txt="")
    (tmp_path / "b.headers.json").write_text('{"n": 1}')
    (tmp_path / "c.headers.json").write_text("{")
    with pytest.raises(ConfigError) as caught:
        find([tmp_path / "a.pdf", tmp_path / "nowhere", tmp_path / "b.txt", tmp_path / "c.txt"])
    problems = caught.value.problems
    assert len(problems) == 4
    assert "a.pdf: not an article by its name" in problems[0]
    assert "nowhere: no such file" in problems[1]
    assert "b.headers.json: not an object of strings" in problems[2]
    assert "c.headers.json" in problems[3]


@pytest.mark.parametrize("value", ["[" * 10_000, '{"id": ' * 5_000, "\x00", '{"id": 5}', '{"id": ""}', "[]", '"x"'])
def test_no_value_stops_the_reading_of_a_key(tmp_path: Path, value: str) -> None:
    _write(tmp_path, a_json=value)
    (message,) = _messages(tmp_path)
    assert message.key is None
