"""Which Kafka records a part ends as: article and events, or a dead letter, or none."""

from pipeline.failures.reasons import Reason
from pipeline.model import Coordinates, Dropped, EncodedRecord, Failure, Part, Problem, RawRecord
from pipeline.settings import Settings
from pipeline.stages.write.messages import HEADROOM_BYTES, messages

SETTINGS = Settings(output_topic="tagged", events_topic="events", dead_letter_topic="dlq", consumer_group="desk")
RECORD = RawRecord(Coordinates("raw", 3, 7, 8, 0), b"key", b"value", (("content-type", b"text/plain"),), 1_700_000)
SOURCE = Part(RECORD, 1, 2)


def failure(record: RawRecord = RECORD) -> Failure:
    return Failure(Part(record, 1, 2), "decode", (Problem(Reason.NO_ID, "id is missing"),))


def test_a_tagged_part_is_a_record_in_each_output_under_the_articles_id():
    tagged, events = messages(EncodedRecord(SOURCE, "urn:ä", b"article", b"its events"), SETTINGS)
    assert (tagged.topic, tagged.value) == ("tagged", b"article")
    assert (events.topic, events.value) == ("events", b"its events")
    for message in (tagged, events):
        assert message.key == "urn:ä".encode()
        assert dict(message.headers)["wiredesk.origin"] == b"raw/3/7/1"
        assert message.timestamp_ms is None, "an output is as old as its sending"


def test_a_failure_is_one_dead_letter_with_the_original():
    (letter,) = messages(failure(), SETTINGS)
    assert (letter.topic, letter.key, letter.value, letter.timestamp_ms) == ("dlq", b"key", b"value", 1_700_000)
    headers = dict(letter.headers)
    assert headers["content-type"] == b"text/plain"
    assert headers["wiredesk.reason"] == b"NO_ID"
    assert headers["wiredesk.origin"] == b"raw/3/7/1"
    assert headers["__connect.errors.connector.name"] == b"desk"


def test_a_dropped_part_leaves_nothing():
    assert messages(Dropped(SOURCE, "decode", Reason.NOT_PUBLISHABLE), SETTINGS) == []


def test_a_dead_letter_fits_into_a_request_whatever_the_size_of_the_original():
    value = b"x" * (SETTINGS.max_request_bytes + 1)
    (letter,) = messages(failure(RawRecord(RECORD.at, b"key", value)), SETTINGS)
    assert letter.value == value[: SETTINGS.max_request_bytes - HEADROOM_BYTES - len(b"key")]
    assert dict(letter.headers)["wiredesk.truncated.size"] == str(len(value)).encode()


def test_an_article_that_is_refused_for_its_size_alone_is_kept_whole():
    value = b"x" * (SETTINGS.max_article_bytes + 1)
    (letter,) = messages(failure(RawRecord(RECORD.at, b"key", value)), SETTINGS)
    assert letter.value == value
