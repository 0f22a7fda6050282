"""The watermark never says more than is known, and an idle partition holds nobody back."""

from pipeline.stages.read.watermark import CREATE_DELAY_MS, LOG_APPEND_DELAY_MS, LOG_APPEND_TIME, Newest, watermark_ms

CREATE_TIME = 0
NOW_MS = 1_800_000_000_000


def read(*timestamps_ms: int, kind: int) -> Newest:
    newest = Newest()
    for timestamp_ms in timestamps_ms:
        newest = newest.with_record(timestamp_ms, kind)
    return newest


def test_what_the_broker_stamps_is_in_order_so_the_watermark_is_the_newest():
    newest = read(NOW_MS - 9_000, NOW_MS - 5_000, kind=LOG_APPEND_TIME)
    assert watermark_ms(newest, NOW_MS, caught_up=False) == NOW_MS - 5_000


def test_what_senders_stamp_may_come_in_any_order_within_a_bound():
    newest = read(NOW_MS - 5_000, NOW_MS - 50_000, kind=CREATE_TIME)
    assert watermark_ms(newest, NOW_MS, caught_up=False) == NOW_MS - 5_000 - CREATE_DELAY_MS


def test_a_sender_whose_clock_is_ahead_does_not_take_the_watermark_along():
    newest = read(NOW_MS + 3_600_000, kind=CREATE_TIME)
    assert watermark_ms(newest, NOW_MS, caught_up=False) == NOW_MS - CREATE_DELAY_MS


def test_when_all_is_read_the_clock_counts():
    old = NOW_MS - 10_000_000_000
    assert watermark_ms(read(old, kind=LOG_APPEND_TIME), NOW_MS, caught_up=True) == NOW_MS - LOG_APPEND_DELAY_MS
    assert watermark_ms(read(old, kind=CREATE_TIME), NOW_MS, caught_up=True) == NOW_MS - CREATE_DELAY_MS


def test_an_idle_partition_needs_no_first_record():
    assert watermark_ms(Newest(), NOW_MS, caught_up=True) == NOW_MS - CREATE_DELAY_MS


def test_nothing_is_said_of_a_partition_whose_first_record_is_on_its_way():
    assert watermark_ms(Newest(), NOW_MS, caught_up=False) is None
