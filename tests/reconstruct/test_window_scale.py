"""The scale of windows from the windows themselves: never a wrong one, and proven where flights or edges tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.flow_control import MAX_WINDOW_SHIFT
from reconstruct.seq import UNKNOWN
from reconstruct.window_scale import CONTRADICTIONS, STILL_EDGES, STOPS_CONSTANT, STOPS_VARIED, ScaleGuess

FULL = 1000  # bytes of a segment
SHIFTS = st.integers(0, MAX_WINDOW_SHIFT)


def flight(guess: ScaleGuess, at: int, length: int, window: int) -> int:
    """Let an end send so many bytes beyond `at`, all of them acknowledged with this field; return where it ends."""
    guess.sent(at + length, at)
    guess.offer(at + length, window, 1, at + length, FULL)
    return at + length


def joined(window: int = 100) -> ScaleGuess:
    """Return a guess that has seen one window, at offset 1."""
    guess = ScaleGuess()
    guess.offer(1, window, 1, 1, FULL)
    return guess


def test_at_first_every_shift_is_possible() -> None:
    guess = joined()
    assert (guess.least, guess.most, guess.shift) == (0, MAX_WINDOW_SHIFT, UNKNOWN)


@pytest.mark.parametrize(
    ("length", "least"),
    [(100, 0), (125, 0), (126, 1), (251, 2), (100 * 2**13 * 5 // 4 + 1, 14)],  # a quarter more than 100 << shift
)
def test_a_shift_is_too_small_when_flights_exceed_the_window_by_more_than_a_quarter(length: int, least: int) -> None:
    guess, at = joined(), 1
    for _ in range(CONTRADICTIONS):
        assert guess.least == 0
        at = flight(guess, at, length, 100)
    assert guess.least == least


def test_one_flight_counts_once_however_many_segments_it_has() -> None:
    guess = joined()
    for end in range(201, 2001, 100):
        guess.sent(end, 1)
    assert guess.least == 0


def test_a_shift_is_too_large_when_its_edge_would_move_left() -> None:
    # The field falls by 10 while 1280 bytes are acknowledged: by 7 bits the edge stands, by 8 it falls 1280 back.
    guess, at = joined(200), 1
    for step in range(1, CONTRADICTIONS + 1):
        assert guess.most == MAX_WINDOW_SHIFT
        at = flight(guess, at, 1280, 200 - 10 * step)
    assert guess.most == 7


def test_less_than_a_unit_of_the_field_is_rounding() -> None:
    guess, at = joined(200), 1
    for step in range(1, 128):
        at = flight(guess, at, 127, 200 - step)  # at 7 bits the edge falls back by a byte a step: 127 in all
    assert guess.most == 7


def test_an_old_acknowledgment_rules_out_nothing() -> None:
    guess = joined(200)
    for step in range(1, 20):
        guess.offer(1, 200 - step, 0, 1, FULL)
    assert guess.most == MAX_WINDOW_SHIFT


def test_where_flights_rule_out_all_smaller_and_edges_all_larger_ones_the_shift_is_proven() -> None:
    guess, at = joined(200), 1
    for _ in range(CONTRADICTIONS):
        at = flight(guess, at, 25600, 0)  # 200 units of 128 bytes; the window is closed at its edge
        guess.offer(at, 200, 1, at, FULL)
    assert guess.shift == 7


@pytest.mark.parametrize(("stops", "proven"), [(STOPS_VARIED, False), (STOPS_VARIED + 8, True)])
def test_a_sender_that_stops_at_the_edges_of_a_changing_window_proves_the_shift(stops: int, proven: bool) -> None:
    guess, at, window = joined(256), 1, 256
    for _ in range(stops):  # the first few rule out smaller shifts
        length = (window << 7) // FULL * FULL
        window += 2
        at = flight(guess, at, length, window)
    assert (guess.shift == 7) == proven


@pytest.mark.parametrize(("stops", "proven"), [(STOPS_CONSTANT - 1, False), (STOPS_CONSTANT + 8, True)])
def test_of_a_window_that_never_changes_many_stops_are_needed(stops: int, proven: bool) -> None:
    guess, at = joined(256), 1
    for _ in range(stops):
        at = flight(guess, at, 32000, 256)  # 32768 bytes: 768 are left
    assert (guess.shift == 7) == proven


def test_a_tiny_window_that_never_changes_proves_nothing() -> None:
    guess, at = joined(64), 1
    for _ in range(2 * STOPS_CONSTANT):
        at = flight(guess, at, 8000, 64)  # 8192 bytes: any flight ends near its edge
    assert guess.shift == UNKNOWN


def test_a_filled_hole_proves_the_shift_for_nobody_can_have_read_in_between() -> None:
    guess, at = joined(2000), 1
    for _ in range(CONTRADICTIONS + STILL_EDGES):  # the first rule out larger shifts
        for _ in range(4):
            guess.offer(at, 2000, 0, at + 64000, FULL)
        guess.offer(at + 64000, 1500, 1, at + 64000, FULL)  # 64000 bytes, 500 units of 128
        at += 64000
        guess.offer(at, 2000, 1, at, FULL)
    assert guess.shift == 7


def test_what_no_shift_explains_proves_nothing_for_good() -> None:
    guess, at = joined(256), 1
    for _ in range(STOPS_CONSTANT + 8):
        at = flight(guess, at, 32000, 256)
    assert guess.shift == 7
    for _ in range(CONTRADICTIONS):
        at = flight(guess, at, 60000, 256)
    assert (guess.shift, guess.least > guess.most) == (UNKNOWN, True)
    for _ in range(STOPS_CONSTANT):
        at = flight(guess, at, 65000, 256)
    assert guess.shift == UNKNOWN


@given(SHIFTS, st.integers(1, 1 << 16), st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=120))
def test_an_end_that_never_takes_room_back_is_never_given_a_wrong_scale(
    shift: int, room: int, steps: list[tuple[float, float]]
) -> None:
    # The peer sends any part of what the window allows; the application then reads any part of what is buffered.
    buffer = room << shift
    guess = ScaleGuess()
    arrived = read = 0
    edge = buffer
    guess.offer(0, min(0xFFFF, edge >> shift), 1, 0, FULL)
    for send, reads in steps:
        arrived += int((edge - arrived) * send)
        guess.sent(arrived, 0)
        read += int((arrived - read) * reads)
        edge = max(edge, read + buffer)
        field = min(0xFFFF, -(-(edge - arrived) >> shift))  # rounded up, as Linux does
        edge = max(edge, arrived + (field << shift))
        guess.offer(arrived, field, 1, arrived, FULL)
    assert guess.least <= shift <= guess.most
    assert guess.shift in (UNKNOWN, shift)
