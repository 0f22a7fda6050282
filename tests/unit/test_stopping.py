"""A wish to end: the first signal is one, the second is what it was before."""

import os
import signal

import pytest

from pipeline import stopping


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_a_wish_and_the_second_is_what_it_was(number: signal.Signals) -> None:
    came: list[int] = []
    before = signal.signal(number, lambda got, _: came.append(got))
    said: list[str] = []
    try:
        with stopping.on_signals(lambda: said.append("stopping")):
            assert not stopping.requested()
            os.kill(os.getpid(), number)
            assert stopping.requested()
            assert came == []
            os.kill(os.getpid(), number)
            assert came == [number]
            assert said == ["stopping"]
        assert not stopping.requested()
        os.kill(os.getpid(), number)
        assert came == [number, number]
    finally:
        signal.signal(number, before)


def test_a_pause_ends_the_reading_and_is_no_wish_to_end() -> None:
    stopping.pause()
    try:
        assert stopping.reading_ends()
        assert not stopping.requested()
    finally:
        stopping.resume()
    assert not stopping.reading_ends()


def test_a_wish_to_end_ends_the_reading_too() -> None:
    with stopping.on_signals(lambda: None):
        stopping.request()
        assert stopping.reading_ends()
    assert not stopping.reading_ends()


@pytest.fixture(autouse=True)
def ctrl_c_as_in_a_terminal():
    """A process that was started in the background ignores Ctrl-C, and this one would with it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_ctrl_c_after_a_terminate_does_not_wait_either() -> None:
    with stopping.on_signals(lambda: None):
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
