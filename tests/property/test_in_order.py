"""Exactly once: whatever the order and repetition, each message is let out once, in the order of offset and part."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.broker.transactions import InOrder, Partition
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


@given(data=st.data())
def test_what_was_read_before_a_new_base_is_let_out_too_and_the_last_reading_has_the_offset(data):
    """A topic that was recreated begins at its old base again: the number of the reading tells the two apart."""
    bases = data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))
    records = data.draw(st.integers(1, 5))
    everything = [
        (
            Done(Coordinates("t", 0, base + n, base + n + 1, base, reading), 0, 1),
            Message("out", b"%d/%d" % (reading, n), b""),
        )
        for reading, base in enumerate(bases)
        for n in range(records)
    ]
    order = data.draw(st.lists(st.sampled_from(everything), max_size=20)) + data.draw(st.permutations(everything))
    partition = Partition()
    out: list[bytes] = []
    seen: set[tuple[int, int]] = set()
    for done, message in order:
        let_out, offset = partition.add(done, [message])
        out += [m.key for m in let_out]
        seen.add((done.at.reading, done.at.start))
        last = max(reading for reading, _ in seen)
        prefix = next(n for n in range(records + 1) if (last, bases[last] + n) not in seen)
        assert offset == bases[last] + prefix
    for reading in range(len(bases)):
        of_reading = [key for key in out if key.startswith(b"%d/" % reading)]
        assert of_reading == [b"%d/%d" % (reading, n) for n in range(records)], "lost, repeated or out of order"


def test_another_base_alone_is_another_reading_too():
    partition = Partition()
    assert partition.add(Done(Coordinates("t", 0, 6, 7, 5), 0, 1), [Message("out", b"a", b"")]) == ([], 5)
    let_out, offset = partition.add(Done(Coordinates("t", 0, 2, 3, 2), 0, 1), [Message("out", b"b", b"")])
    assert ([m.key for m in let_out], offset) == ([b"b"], 3)
