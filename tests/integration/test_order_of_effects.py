"""Send, flush, commit: in this order in every bundle, also when some of its parts fail. Real broker, real runner."""

import pytest
from desk import Desk, Input, article, header
from kafka import KafkaConsumer, KafkaProducer

from pipeline.stages.tag import tagger
from pipeline.stages.write.sender import Sender


@pytest.fixture
def effects(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """What was done to the broker, in order: the real calls, noted when they have returned."""
    log: list[tuple] = []
    send, flush, commit = KafkaProducer.send, Sender.flush, KafkaConsumer.commit

    def noting_send(self, topic, *value, **record):
        future = send(self, topic, *value, **record)
        origins = [value.decode() for name, value in record.get("headers") or () if name == "wiredesk.origin"]
        log.extend(("send", origin) for origin in origins)
        return future

    def noting_flush(self):
        flush(self)
        log.append(("flush",))

    def noting_commit(self, offsets=None, *rest):
        commit(self, offsets, *rest)
        log.append(("commit", {(at.topic, at.partition): o.offset for at, o in offsets.items()}))

    monkeypatch.setattr(KafkaProducer, "send", noting_send)
    monkeypatch.setattr(Sender, "flush", noting_flush)
    monkeypatch.setattr(KafkaConsumer, "commit", noting_commit)
    return log


def test_an_offset_is_committed_after_all_it_led_to_was_flushed(desk: Desk, effects, monkeypatch):
    events = tagger.code_events

    def failing(article, *rest):
        if article.id.endswith("7"):
            raise ValueError("this article only")
        return events(article, *rest)

    monkeypatch.setattr(tagger, "code_events", failing)
    object.__setattr__(desk.settings, "strict", True)  # so that two stages fail: decode and tag
    values = [b"not json" if n % 5 == 0 else article(f"a{n}") for n in range(200)]
    desk.send(Input(value, partition=n % 2) for n, value in enumerate(values))
    effects.clear()
    report = desk.run()

    assert report.dead_letters == 40 + 20
    assert {"decode/dead_letters_INVALID_JSON", "tag/dead_letters_EVENTS_FAILED"} == set(report.reasons)
    flushed: set[str] = set()
    unflushed: list[str] = []
    committed: dict[tuple[str, int], int] = {}
    for kind, *what in effects:
        if kind == "send":
            unflushed.append(what[0])
        elif kind == "flush":
            flushed.update(unflushed)
            unflushed = []
        else:
            assert not unflushed, "something was sent after the flush and before the commit"
            for (topic, partition), offset in what[0].items():
                before = committed.get((topic, partition), 0)
                assert offset > before
                assert {f"{topic}/{partition}/{o}/0" for o in range(before, offset)} <= flushed
                committed[topic, partition] = offset
    assert committed == {(desk.settings.input_topic, 0): 100, (desk.settings.input_topic, 1): 100}
    assert sum(kind == "commit" for kind, *_ in effects) >= 2, "one bundle would prove no order"
    assert all(header(r, "wiredesk.origin") in flushed for r in desk.records(desk.settings.dead_letter_topic))
