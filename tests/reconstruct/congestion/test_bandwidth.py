"""Bandwidth by rounds: the largest delivery rate, and the end of its growth."""

from reconstruct.congestion.bandwidth import Bandwidth, interval_of
from reconstruct.congestion.sender_state import SenderState

MS = 1_000_000  # ns


def sample(state: SenderState, delivered: int, since: int, span_ms: int, app_limited: int = 0) -> None:
    """Fill in a delivery sample: `delivered` in all, `since` when its segment was sent, over so many ms."""
    state.delivered, state.sample_delivered = delivered, since
    state.delivered_ns = state.now_ns
    state.sample_delivered_ns = state.now_ns - span_ms * MS
    state.sample_first_ns = state.sample_sent_ns = 0
    state.sample_app_limited = app_limited


def rounds(bandwidth: Bandwidth, rates: list[int], app_limited: int = 0) -> SenderState:
    """Take one sample a round of 10 ms, each of so many segments; return the state."""
    state = SenderState()
    for rate in rates:
        state.now_ns += 10 * MS
        sample(state, state.delivered + rate, state.delivered, 10, app_limited)
        bandwidth.take(state, interval_of(state), 0)
    return state


def test_the_longer_of_sending_and_acknowledging_counts() -> None:
    state = SenderState()
    state.now_ns = 100 * MS
    sample(state, 10, 0, 5)
    assert interval_of(state) == 5_000
    state.sample_sent_ns = 8 * MS
    assert interval_of(state) == 8_000


def test_a_sample_shorter_than_the_shortest_round_trip_counts_for_nothing() -> None:
    state = SenderState()
    state.now_ns = 100 * MS
    state.min_rtt_ns = 6 * MS
    sample(state, 10, 0, 5)
    assert interval_of(state) == 0


def test_no_sample_is_no_interval() -> None:
    assert interval_of(SenderState()) == 0


def test_the_largest_rate_is_kept() -> None:
    bandwidth = Bandwidth()
    rounds(bandwidth, [10, 20, 15])
    assert bandwidth.rate() == (20 << 24) // 10_000
    assert bandwidth.rounds == 3


def test_three_rounds_without_a_quarter_more_fill_the_pipe() -> None:
    bandwidth = Bandwidth()
    rounds(bandwidth, [10, 20, 24, 24])  # 24 is less than 25, a quarter more than 20
    assert bandwidth.full == 0
    bandwidth = Bandwidth()
    rounds(bandwidth, [10, 20, 24, 24, 24])
    assert bandwidth.full == 1


def test_samples_of_a_sender_without_data_raise_the_rate_but_fill_nothing() -> None:
    bandwidth = Bandwidth()
    rounds(bandwidth, [10, 8, 8, 8, 8, 8], app_limited=1)
    assert bandwidth.rate() == (10 << 24) // 10_000
    assert bandwidth.full == 0


def test_a_timeout_makes_it_look_for_the_end_of_growth_again() -> None:
    bandwidth = Bandwidth()
    state = rounds(bandwidth, [10, 20, 20])
    bandwidth.time_out(state)
    assert (bandwidth.full_rate, bandwidth.round_start) == (0, 1)
