"""What all models share: who may grow, proportional rate reduction, restarts, undo."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.congestion.base import NO_SSTHRESH, CongestionModel
from reconstruct.congestion.reno import Reno
from reconstruct.congestion.sender_state import CWR, LOSS, RECOVERY, SenderState
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Contradiction, Phase

MS = 1_000_000  # ns


def with_out(out: int, **others: int) -> SenderState:
    """Return a state with so many segments outstanding."""
    state = SenderState()
    state.out, state.rto_ns, state.mss = out, 240 * MS, 100
    for name, value in others.items():
        setattr(state, name, value)
    return state


def test_a_window_that_is_not_used_does_not_grow() -> None:
    reno = Reno()
    reno.ssthresh = 5
    reno.close_opportunity(with_out(6), 6)
    assert not reno.is_limited()
    reno.close_opportunity(with_out(10), 4)
    assert reno.is_limited()


def test_slow_start_goes_on_to_twice_what_is_used() -> None:
    reno = Reno()
    reno.close_opportunity(with_out(6), 6)
    assert reno.is_limited()  # 10 < 2 * 6
    reno.cwnd = 12
    assert not reno.is_limited()


def test_what_is_sent_beyond_the_window_raises_it() -> None:
    reno = Reno()
    reno.sent(with_out(13), 0)
    assert (reno.cwnd, reno.raised) == (13, 3)


def test_the_segment_that_contradicts_a_model_most_is_kept() -> None:
    reno = Reno()
    for frame, out in ((7, 11), (8, 12), (9, 13)):
        reno.sent(with_out(out, sent_frame=frame), 0)
    # 10 were allowed since the last acknowledgment, and one after the other 13 came to be out.
    assert (reno.against, reno.against_frame, reno.allowed, reno.seen) == (Contradiction.BEYOND_WINDOW, 9, 10, 13)
    reno.close_opportunity(with_out(2, sent_frame=10), 1)
    assert (reno.against, reno.against_frame) == (Contradiction.BEYOND_WINDOW, 9)


def test_a_window_that_is_not_used_up_contradicts_a_model_less() -> None:
    reno = Reno()
    reno.close_opportunity(with_out(4, sent_frame=5), 1)
    assert (reno.against, reno.against_frame, reno.allowed, reno.seen) == (Contradiction.SHORT_OF_WINDOW, 5, 10, 4)
    reno.sent(with_out(11, sent_frame=6), 0)
    assert (reno.against, reno.against_frame, reno.allowed, reno.seen) == (Contradiction.BEYOND_WINDOW, 6, 10, 11)


def test_what_never_came_to_the_tap_contradicts_nothing_that_can_be_shown() -> None:
    reno = Reno()
    reno.sent(with_out(13, sent_frame=0), 0)
    assert (reno.raised, reno.against) == (3, UNKNOWN)


def test_a_probe_may_pass_the_window() -> None:
    reno = Reno()
    reno.sent(with_out(11), 1)
    assert (reno.cwnd, reno.raised) == (10, 0)


def test_an_idle_sender_halves_its_window_for_each_timeout() -> None:
    reno = Reno()
    reno.cwnd = 100
    reno.restart(with_out(0), 3 * 240 * MS)
    # RFC 5681 (4.1) with Linux's halving: beyond the first timeout two more began, 100 -> 50 -> 25.
    assert (reno.cwnd, reno.ssthresh) == (25, NO_SSTHRESH)


def test_an_idle_sender_keeps_the_initial_window() -> None:
    reno = Reno()
    reno.cwnd = 100
    reno.restart(with_out(0), 100 * 240 * MS)
    assert reno.cwnd == 10


def test_an_undo_gives_back_window_and_threshold() -> None:
    reno = Reno()
    reno.cwnd, reno.ssthresh = 40, 50
    reno.reduce(with_out(40), 1)
    assert reno.ssthresh == 20
    reno.cwnd = 22
    reno.undo(with_out(20))
    assert (reno.cwnd, reno.ssthresh) == (40, 50)


def test_what_congestion_marks_took_is_not_given_back() -> None:
    reno = Reno()
    reno.cwnd = 40
    reno.reduce(with_out(40), 0)
    reno.cwnd = 20
    reno.undo(with_out(20))
    assert (reno.cwnd, reno.ssthresh) == (20, 20)


def test_a_timeout_leaves_one_segment_more_than_is_in_flight() -> None:
    reno = Reno()
    reno.cwnd = 40
    reno.time_out(with_out(12, lost=12), 1)
    assert (reno.cwnd, reno.ssthresh) == (1, 20)
    reno.time_out(with_out(12, lost=12), 0)
    assert reno.ssthresh == 20  # once an episode


@pytest.mark.parametrize(
    ("ca", "cwnd", "phase"),
    [
        (0, 9, Phase.SLOW_START),
        (0, 10, Phase.CONGESTION_AVOIDANCE),
        (CWR, 10, Phase.CONGESTION_AVOIDANCE),
        (RECOVERY, 9, Phase.RECOVERY),
        (LOSS, 1, Phase.LOSS),
    ],
)
def test_the_phase_is_that_of_the_recovery_or_of_the_threshold(ca: int, cwnd: int, phase: Phase) -> None:
    reno = Reno()
    reno.cwnd, reno.ssthresh = cwnd, 10
    assert reno.phase(with_out(5, ca=ca)) == phase


@given(st.integers(4, 400), st.lists(st.integers(1, 3), min_size=1, max_size=500))
def test_a_reduction_sends_no_more_than_half_of_what_is_delivered(window: int, deliveries: list[int]) -> None:
    reno = Reno()
    reno.cwnd = window
    state = with_out(window, ca=RECOVERY)
    reno.reduce(state, 1)
    for acked in deliveries:
        if state.prr_delivered + acked > window:
            break
        state.acked = acked
        state.prr_delivered += acked
        state.sacked += acked
        reno.after_ack(state)
        # RFC 9937 (6.2): nothing beyond the proportional share, but the first retransmission and the threshold.
        share = -(-reno.ssthresh * state.prr_delivered // window)
        assert reno.cwnd - state.in_flight() <= max(share - state.prr_out, 1, reno.ssthresh - state.in_flight())
        room = reno.cwnd - state.in_flight()
        state.out += room
        state.prr_out += room


def test_the_base_reduces_nothing() -> None:
    model = CongestionModel()
    assert model.reduced() == model.cwnd == 10


def test_a_burst_after_a_rest_shows_that_the_sender_does_not_restart() -> None:
    reno = Reno()
    reno.cwnd = 100
    reno.restart(with_out(0), 10 * 240 * MS)
    assert reno.cwnd == 10
    reno.sent(with_out(11), 0)
    assert (reno.cwnd, reno.raised) == (100, 0)
    reno.restart(with_out(0), 10 * 240 * MS)
    assert reno.cwnd == 100
