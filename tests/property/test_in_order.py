"""Exactly once: whatever the order and repetition, each message is let out once, in the order of offset and part."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.broker.transactions import InOrder
from pipeline.model import Coordinates, Done, Message


@given(data=st.data())
def test_each_message_is_let_out_once_and_in_order(data):
    base = data.draw(st.integers(0, 100))
    parts_of = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=12))
    everything = [
        (
            Done(Coordinates("t", 0, base + n, base + n + 1, base), part, parts),
            Message("out", b"%d/%d" % (n, part), b""),
        )
        for n, parts in enumerate(parts_of)
        for part in range(parts)
    ]
    order = data.draw(st.lists(st.sampled_from(everything), max_size=40)) + data.draw(st.permutations(everything))
    in_order = InOrder()
    out: list[bytes] = []
    for done, message in order:
        out += [m.key for m in in_order.add(done, [message])]
        behind = in_order.progress.next - base
        assert out == [m.key for d, m in everything if d.at.start < base + behind], (
            "let out before its turn, or not yet"
        )
    assert out == [m.key for _, m in everything]
    assert not in_order.waiting


def test_another_base_forgets_what_waited():
    in_order = InOrder()
    assert in_order.add(Done(Coordinates("t", 0, 6, 7, 5), 0, 1), [Message("out", b"a", b"")]) == []
    again = in_order.add(Done(Coordinates("t", 0, 2, 3, 2), 0, 1), [Message("out", b"b", b"")])
    assert [m.key for m in again] == [b"b"]
    assert not in_order.waiting
