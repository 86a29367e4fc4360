"""The ring of outstanding pieces: found by their bytes, in the order of their sending, and skipped where SACKed."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.congestion.pieces import DEAD, EVER_RESENT, MOST_PIECES, RESENT, SACKED, Pieces

FIRST = Pieces().head  # the number of the first piece


def of(count: int, length: int = 10) -> Pieces:
    """Return so many pieces of `length` bytes from offset 1 on, a nanosecond after another."""
    pieces = Pieces()
    for number in range(count):
        assert pieces.push(1 + length * number, 1 + length * (number + 1), number, 0, 0, 0)
    return pieces


def in_order(pieces: Pieces) -> list[int]:
    """Return the order of sending, oldest first, by place from the first piece on."""
    order = []
    piece = pieces.oldest
    while piece >= 0:
        order.append(piece - FIRST)
        piece = pieces.newer(piece)
    return order


def test_a_piece_is_found_by_any_of_its_bytes() -> None:
    pieces = of(5)
    assert [pieces.find(offset) - FIRST for offset in (0, 1, 10, 11, 50, 51)] == [0, 0, 0, 1, 4, 5]


def test_the_ring_grows_and_keeps_what_it_holds() -> None:
    pieces = of(10)
    for _ in range(7):
        pieces.pop()
    for number in range(10, 100):
        pieces.push(1 + 10 * number, 11 + 10 * number, number, 0, 0, 0)
    assert (pieces.head, pieces.tail) == (FIRST + 7, FIRST + 100)
    assert [pieces.sent_ns(FIRST + piece) for piece in range(7, 100)] == list(range(7, 100))
    assert in_order(pieces) == list(range(7, 100))


def test_more_pieces_than_a_window_holds_are_refused() -> None:
    pieces = of(MOST_PIECES, 1)
    assert pieces.push(1, 2, 0, 0, 0, 0) == 0


def test_a_piece_that_is_sent_again_is_the_newest() -> None:
    pieces = of(4)
    pieces.resend(FIRST + 1, 99, RESENT | EVER_RESENT)
    assert in_order(pieces) == [0, 2, 3, 1]
    assert pieces.sent_ns(FIRST + 1) == 99


def test_what_is_judged_lost_or_sacked_leaves_the_order_until_it_is_sent_again() -> None:
    pieces = of(4)
    pieces.set_flags(FIRST, DEAD)
    pieces.set_flags(FIRST + 2, SACKED)
    assert in_order(pieces) == [1, 3]
    pieces.resend(FIRST, 99, DEAD | RESENT | EVER_RESENT)
    assert in_order(pieces) == [1, 3, 0]


def test_sacks_that_the_receiver_took_back_are_forgotten() -> None:
    pieces = of(4)
    pieces.set_flags(FIRST + 1, SACKED)
    pieces.set_flags(FIRST + 2, SACKED)
    assert pieces.renege() == 2
    assert [pieces.unsacked(FIRST + place) - FIRST for place in range(4)] == [0, 1, 2, 3]


@given(st.sets(st.integers(0, 39)), st.integers(0, 39))
def test_the_next_piece_that_was_not_sacked_is_found(sacked: set[int], start: int) -> None:
    pieces = of(40)
    for piece in sacked:
        pieces.set_flags(FIRST + piece, SACKED)
    expected = next((piece for piece in range(start, 40) if piece not in sacked), 40)
    for _ in range(2):  # the second look takes the short way
        assert pieces.unsacked(FIRST + start) - FIRST == expected


@given(st.lists(st.tuples(st.integers(0, 19), st.sampled_from(["lost", "resent", "sacked"])), max_size=60))
def test_the_order_of_sending_holds_what_is_in_flight_by_the_time_it_was_sent(steps: list[tuple[int, str]]) -> None:
    pieces = of(20)
    for clock, (place, step) in enumerate(steps, 100):
        piece = FIRST + place
        flags = pieces.flags(piece)
        if step == "resent" and not flags & SACKED:
            pieces.resend(piece, clock, flags | RESENT | EVER_RESENT)
        elif step == "lost" and not flags & SACKED:
            pieces.set_flags(piece, (flags | DEAD) & ~RESENT)
        elif step == "sacked":
            pieces.set_flags(piece, (flags | SACKED) & ~(DEAD | RESENT))
    flying = [place for place in range(20) if pieces.is_ordered(pieces.flags(FIRST + place))]
    assert in_order(pieces) == sorted(flying, key=lambda place: pieces.sent_ns(FIRST + place))


def bounds(pieces: Pieces) -> list[tuple[int, int]]:
    """Return where each piece starts and ends."""
    return [(pieces.start(piece), pieces.end(piece)) for piece in range(pieces.head, pieces.tail)]


def test_a_piece_that_is_sent_again_in_part_is_cut_in_two() -> None:
    pieces = of(3)
    pieces.set_flags(FIRST, DEAD)
    assert pieces.recut(FIRST, FIRST, 1, 8) == 1
    assert bounds(pieces) == [(1, 8), (8, 11), (11, 21), (21, 31)]
    assert in_order(pieces) == [1, 2]


def test_pieces_that_are_sent_again_as_one_become_one() -> None:
    pieces = of(4)
    for place in (1, 2):
        pieces.set_flags(FIRST + place, DEAD)
    assert pieces.recut(FIRST + 1, FIRST + 2, 11, 31) == -1
    assert bounds(pieces) == [(1, 11), (11, 31), (31, 41)]
    assert in_order(pieces) == [1, 3]  # the first has the next number now


def test_what_is_in_flight_is_not_cut() -> None:
    pieces = of(2)
    assert pieces.recut(FIRST, FIRST, 1, 8) == 0
    assert bounds(pieces) == [(1, 11), (11, 21)]


@given(st.sets(st.integers(0, 11)), st.integers(0, 11), st.integers(0, 3), st.integers(1, 9), st.integers(1, 9))
def test_cutting_loses_no_byte_and_keeps_the_order_of_what_is_in_flight(
    sacked: set[int], first: int, extent: int, cut_low: int, cut_high: int
) -> None:
    pieces = of(12)
    last = min(first + extent, 11)
    for place in range(12):
        if first <= place <= last:
            pieces.set_flags(FIRST + place, DEAD)
        elif place in sacked:
            pieces.set_flags(FIRST + place, SACKED)
    flying = [pieces.sent_ns(FIRST + place) for place in in_order(pieces)]
    start, end = 1 + 10 * first + cut_low, 1 + 10 * last + cut_high
    if start >= end:
        return
    more = pieces.recut(FIRST + first, FIRST + last, start, end)
    edges = bounds(pieces)
    assert len(edges) == 12 + more
    assert all(before[1] == after[0] for before, after in pairwise(edges))
    assert (edges[0][0], edges[-1][1]) == (1, 121)
    assert (start, end) in edges
    assert [pieces.sent_ns(FIRST + place) for place in in_order(pieces)] == flying
    assert pieces.find(start) == pieces.head + edges.index((start, end))
