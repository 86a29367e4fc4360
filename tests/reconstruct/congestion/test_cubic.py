"""CUBIC in whole numbers: its root, its curve, its reduction, and HyStart."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.congestion.cubic import DELAY_SAMPLES, JIFFY_NS, Cubic, cubic_root
from reconstruct.congestion.sender_state import SenderState
from reconstruct.seq import UNKNOWN

MS = 1_000_000  # ns


def reduced_from(window: int) -> Cubic:
    """Return a sender after a loss at this window, in congestion avoidance."""
    cubic = Cubic()
    cubic.cwnd = window
    cubic.ssthresh = cubic.reduced()
    cubic.cwnd = cubic.ssthresh
    cubic.limited = 1
    return cubic


def at(now_ms: float, rtt_ms: float | None = None) -> SenderState:
    """Return the state at a time, with a round trip just measured."""
    state = SenderState()
    state.now_ns = int(now_ms * MS)
    state.rtt_ns = int(rtt_ms * MS) if rtt_ms is not None else UNKNOWN
    state.srtt_ns, state.mss = 40 * MS, 1448
    return state


@given(st.integers(0, 2**60))
def test_the_root_is_the_largest_number_whose_cube_fits(cube: int) -> None:
    root = cubic_root(cube)
    assert root**3 <= cube < (root + 1) ** 3


def test_a_loss_keeps_seven_tenths() -> None:
    assert reduced_from(100).cwnd == 100 * 717 // 1024


def test_a_loss_below_the_last_one_remembers_less_than_the_window() -> None:
    cubic = reduced_from(100)
    cubic.cwnd = 80
    cubic.reduced()
    assert cubic.last_max == 80 * (1024 + 717) // 2048  # fast convergence, RFC 9438 (4.7)


def test_the_curve_comes_back_to_the_window_of_the_loss_after_k() -> None:
    cubic = reduced_from(100)
    cubic.grow(at(0), 1)
    # RFC 9438 (4.2), figure 2: K = cbrt((100 - 70) / 0.4) s = 4.2 s.
    assert 4100 < cubic.root * 1000 // 1024 < 4300
    assert cubic.by_cube(int(cubic.root / 1024 * 1e9)) >= cubic.cwnd // 31  # 30 segments are left


def test_the_growth_is_computed_again_once_a_jiffy_and_pauses_while_the_window_stays() -> None:
    cubic = reduced_from(100)
    cubic.grow(at(0), 1)
    first = cubic.last_ns
    cubic.grow(at(7 * JIFFY_NS / MS), 1)
    assert cubic.last_ns == first
    cubic.grow(at(8 * JIFFY_NS / MS), 1)
    assert cubic.last_ns == 8 * JIFFY_NS


def test_before_any_loss_growth_beyond_the_threshold_is_no_slower_than_a_twentieth() -> None:
    cubic = Cubic()
    cubic.cwnd = cubic.ssthresh = 50
    cubic.grow(at(0), 1)
    assert cubic.every == 20


def test_a_reno_sender_of_this_decrease_is_the_slowest_that_it_is() -> None:
    cubic = reduced_from(10)
    for step in range(60):
        cubic.grow(at(20 * step), 1)
    # RFC 9438 (4.3): a segment for each 15/8 windows delivered: 60 / (7 * 15 / 8) = 4.6 of them, and one each begun.
    assert cubic.cwnd >= 7 + 3


def test_a_longer_round_trip_ends_slow_start() -> None:
    cubic = Cubic()
    cubic.cwnd = 40
    for sample in range(DELAY_SAMPLES + 2):
        state = at(100 + 3 * sample, 40 if sample == 0 else 46)
        state.una, state.nxt = 1 + 100 * sample, 100_000
        if sample == 1:
            state.una = 100_001  # the next round
        cubic.take_round_trip(state)
    # RFC 9406 (4.2): 8 samples of 46 ms, 40 ms and clamp(40 / 8, 4, 16) are less.
    assert (cubic.found, cubic.ssthresh) == (2, 40)


def test_acks_in_a_train_of_half_a_round_trip_end_slow_start() -> None:
    cubic = Cubic()
    cubic.cwnd = 40
    sent = 0
    while not cubic.found:
        state = at(100 + sent, 40)
        state.una, state.nxt = 2 + sent, 1_000_000
        state.out = 40
        cubic.take_round_trip(state)
        sent += 1
    # Twice its age must pass 40 ms and what bursts of 4 * 64 KiB add at 2 * 40 * 1448 bytes a round trip: at most 1 ms.
    assert cubic.found == 1
    assert sent == 22


def test_a_small_window_does_not_leave_slow_start_by_delay() -> None:
    cubic = Cubic()
    for sample in range(40):
        state = at(100 + sample, 40 + sample)
        state.una = 1 + sample
        cubic.take_round_trip(state)
    assert cubic.ssthresh > 1000


def test_an_idle_time_does_not_age_the_epoch() -> None:
    cubic = reduced_from(100)
    cubic.grow(at(0), 1)
    cubic.resume(at(900), 500 * MS)
    assert cubic.epoch_ns == 500 * MS


def test_a_timeout_forgets_the_window_of_the_loss() -> None:
    cubic = reduced_from(100)
    cubic.forget(at(5))
    assert (cubic.last_max, cubic.epoch_ns) == (0, UNKNOWN)
