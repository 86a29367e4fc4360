"""Reno's growth and reduction."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.congestion.reno import Reno
from reconstruct.congestion.sender_state import SenderState

STATE = SenderState()


def test_slow_start_grows_by_what_was_delivered() -> None:
    reno = Reno()
    reno.grow(STATE, 3)
    assert reno.cwnd == 13


def test_slow_start_ends_at_the_threshold_and_the_rest_counts_beyond() -> None:
    reno = Reno()
    reno.ssthresh = 12
    reno.grow(STATE, 5)
    assert (reno.cwnd, reno.count) == (12, 3)


def test_beyond_the_threshold_a_window_of_deliveries_grows_it_by_one() -> None:
    reno = Reno()
    reno.ssthresh = 10
    for _ in range(10):
        reno.grow(STATE, 1)
    assert (reno.cwnd, reno.count) == (11, 0)


def test_half_the_window_is_kept_but_two_segments() -> None:
    reno = Reno()
    reno.cwnd = 21
    assert reno.reduced() == 10
    reno.cwnd = 3
    assert reno.reduced() == 2


@given(st.lists(st.integers(1, 40), max_size=60), st.integers(2, 60))
def test_the_window_never_shrinks_by_growing_and_never_grows_faster_than_deliveries(
    deliveries: list[int], ssthresh: int
) -> None:
    reno = Reno()
    reno.ssthresh = ssthresh
    for acked in deliveries:
        before = reno.cwnd
        reno.grow(STATE, acked)
        assert before <= reno.cwnd <= before + acked
