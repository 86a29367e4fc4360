"""The captured part of a sender's bytes against a plain set of offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.reassembly import Stream

BASES = pytest.mark.parametrize("base", [0, (1 << 32) - 40, (1 << 40) + 7])
STARTS = st.sampled_from([0, 1, (1 << 32) - 40, 1 << 40])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.integers(-5, 80), st.integers(1, 12)),
        st.tuples(st.just("acknowledged"), st.integers(-5, 90), st.just(0)),
    ),
    max_size=50,
)


class PlainStream:
    """What `Stream` says, by a plain set of all offsets from the first one on."""

    def __init__(self, first: int) -> None:
        """Begin at an offset."""
        self.first = self.highest = first
        self.seen: set[int] = set()  # captured, or acknowledged without that
        self.unique = self.missing = 0

    @property
    def edge(self) -> int:
        """The first offset not seen."""
        offset = self.first
        while offset in self.seen:
            offset += 1
        return offset

    def unseen(self, start: int, end: int) -> set[int]:
        """Return the offsets of a range that were not seen."""
        return set(range(max(start, self.first), end)) - self.seen

    def insert(self, start: int, end: int) -> int:
        """Take in a segment."""
        fresh = self.unseen(start, end)
        self.seen |= fresh
        self.highest = max(self.highest, end)
        self.unique += len(fresh)
        return len(fresh)

    def acknowledged(self, ack: int) -> int:
        """Take in an acknowledgment."""
        gone = self.unseen(self.edge, ack)
        self.seen |= gone
        self.highest = max(self.highest, ack)
        missing = 0 if len(gone) == 1 and self.unique == 0 else len(gone)  # what a keep-alive repeats is not missing
        self.missing += missing
        return missing


@given(STARTS, STEPS)
def test_it_counts_as_a_plain_set_does(first: int, steps: list[tuple[str, int, int]]) -> None:
    stream, plain = Stream(), PlainStream(first)
    stream.start_at(first)
    for step, at, length in steps:
        if step == "insert":
            assert stream.unseen(first + at, first + at + length) == len(plain.unseen(first + at, first + at + length))
            assert stream.insert(first + at, first + at + length) == plain.insert(first + at, first + at + length)
        else:
            assert stream.acknowledged(first + at) == plain.acknowledged(first + at)
        assert (stream.edge, stream.highest) == (plain.edge, plain.highest)
        assert (stream.unique, stream.missing) == (plain.unique, plain.missing)


@BASES
def test_a_hole_that_is_filled_moves_the_edge_over_all_that_came_early(base: int) -> None:
    stream = Stream()
    stream.start_at(base)
    stream.insert(base + 10, base + 20)
    stream.insert(base + 30, base + 40)
    assert (stream.edge, stream.highest, stream.unique) == (base, base + 40, 20)
    assert stream.insert(base, base + 10) == 10
    assert (stream.edge, stream.highest) == (base + 20, base + 40)


@BASES
def test_what_is_acknowledged_but_was_never_captured_is_missing(base: int) -> None:
    stream = Stream()
    stream.start_at(base)
    stream.insert(base + 10, base + 20)
    assert stream.acknowledged(base + 25) == 15  # 0 to 10, 20 to 25
    assert (stream.edge, stream.highest, stream.missing, stream.unique) == (base + 25, base + 25, 15, 10)


def test_an_acknowledgment_joins_the_edge_with_what_lies_just_above() -> None:
    stream = Stream()
    stream.insert(10, 20)
    assert stream.acknowledged(10) == 10
    assert stream.edge == 20


def test_what_was_missing_and_comes_late_is_not_counted_again() -> None:
    stream = Stream()
    stream.acknowledged(10)
    assert stream.insert(0, 10) == stream.unseen(0, 10) == 0
    assert (stream.missing, stream.unique) == (10, 0)


def test_a_stream_in_order_keeps_no_ranges() -> None:
    stream = Stream()
    for index in range(100):
        stream.insert(10 * index, 10 * index + 10)
    assert stream.above is None
    assert stream.unseen(990, 1010) == 10


def test_after_a_reset_it_is_like_new() -> None:
    stream = Stream()
    stream.insert(10, 20)
    stream.acknowledged(5)
    stream.reset()
    assert (stream.edge, stream.highest, stream.unique, stream.missing, stream.above) == (0, 0, 0, 0, None)


def test_a_keep_alive_that_the_capture_begins_with_leaves_nothing_missing() -> None:
    stream = Stream()
    stream.start_at(500)
    assert (stream.acknowledged(501), stream.missing, stream.edge) == (0, 0, 501)
    later = Stream()
    later.start_at(500)
    later.insert(500, 600)
    assert later.acknowledged(601) == 1
