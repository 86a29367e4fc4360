"""The ring of outstanding pieces: found by their bytes, in the order of their sending, and skipped where SACKed."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.congestion.pieces import DEAD, EVER_RESENT, MOST_PIECES, RESENT, SACKED, Pieces


def of(count: int, length: int = 10) -> Pieces:
    """Return so many pieces of `length` bytes from offset 1 on, a nanosecond after another."""
    pieces = Pieces()
    for number in range(count):
        assert pieces.push(1 + length * number, 1 + length * (number + 1), number, 0, 0, 0)
    return pieces


def in_order(pieces: Pieces) -> list[int]:
    """Return the order of sending, oldest first."""
    order = []
    piece = pieces.oldest
    while piece >= 0:
        order.append(piece)
        piece = pieces.newer(piece)
    return order


def test_a_piece_is_found_by_any_of_its_bytes() -> None:
    pieces = of(5)
    assert [pieces.find(offset) for offset in (0, 1, 10, 11, 50, 51)] == [0, 0, 0, 1, 4, 5]


def test_the_ring_grows_and_keeps_what_it_holds() -> None:
    pieces = of(10)
    for _ in range(7):
        pieces.pop()
    for number in range(10, 100):
        pieces.push(1 + 10 * number, 11 + 10 * number, number, 0, 0, 0)
    assert (pieces.head, pieces.tail) == (7, 100)
    assert [pieces.sent_ns(piece) for piece in range(7, 100)] == list(range(7, 100))
    assert in_order(pieces) == list(range(7, 100))


def test_more_pieces_than_a_window_holds_are_refused() -> None:
    pieces = of(MOST_PIECES, 1)
    assert pieces.push(1, 2, 0, 0, 0, 0) == 0


def test_a_piece_that_is_sent_again_is_the_newest() -> None:
    pieces = of(4)
    pieces.resend(1, 99, RESENT | EVER_RESENT)
    assert in_order(pieces) == [0, 2, 3, 1]
    assert pieces.sent_ns(1) == 99


def test_what_is_judged_lost_or_sacked_leaves_the_order_until_it_is_sent_again() -> None:
    pieces = of(4)
    pieces.set_flags(0, DEAD)
    pieces.set_flags(2, SACKED)
    assert in_order(pieces) == [1, 3]
    pieces.resend(0, 99, DEAD | RESENT | EVER_RESENT)
    assert in_order(pieces) == [1, 3, 0]


def test_sacks_that_the_receiver_took_back_are_forgotten() -> None:
    pieces = of(4)
    pieces.set_flags(1, SACKED)
    pieces.set_flags(2, SACKED)
    assert pieces.renege() == 2
    assert [pieces.unsacked(piece) for piece in range(4)] == [0, 1, 2, 3]


@given(st.sets(st.integers(0, 39)), st.integers(0, 39))
def test_the_next_piece_that_was_not_sacked_is_found(sacked: set[int], start: int) -> None:
    pieces = of(40)
    for piece in sacked:
        pieces.set_flags(piece, SACKED)
    expected = next((piece for piece in range(start, 40) if piece not in sacked), 40)
    assert pieces.unsacked(start) == pieces.unsacked(start) == expected  # the second look takes the short way


@given(st.lists(st.tuples(st.integers(0, 19), st.sampled_from(["lost", "resent", "sacked"])), max_size=60))
def test_the_order_of_sending_holds_what_is_in_flight_by_the_time_it_was_sent(steps: list[tuple[int, str]]) -> None:
    pieces = of(20)
    for clock, (piece, step) in enumerate(steps, 100):
        flags = pieces.flags(piece)
        if step == "resent" and not flags & SACKED:
            pieces.resend(piece, clock, flags | RESENT | EVER_RESENT)
        elif step == "lost" and not flags & SACKED:
            pieces.set_flags(piece, (flags | DEAD) & ~RESENT)
        elif step == "sacked":
            pieces.set_flags(piece, (flags | SACKED) & ~(DEAD | RESENT))
    flying = [piece for piece in range(20) if pieces.is_ordered(pieces.flags(piece))]
    assert in_order(pieces) == sorted(flying, key=pieces.sent_ns)
