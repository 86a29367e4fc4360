"""CUBIC with HyStart++: conservative slow start, and how it ends (RFC 9406)."""

import pytest

from reconstruct.congestion.base import NO_SSTHRESH
from reconstruct.congestion.hystart_plus import DIVISOR, MOST_GROWTH, ROUNDS, SAMPLES, CubicHystartPlus
from reconstruct.congestion.sender_state import SenderState
from tests.reconstruct.congestion.rounds import Path

MS = 1_000_000  # ns


class Rounds:
    """A sender that is limited by its window, round trip after round trip."""

    def __init__(self) -> None:
        """Begin with a window of 16 segments."""
        self.model = CubicHystartPlus()
        self.model.start(16)
        self.model.limited = 1
        self.state = SenderState()
        self.state.mss, self.state.advanced, self.state.acked = 100, 1, 1
        self.state.una = 1

    def run(self, rtt_ms: float, acks: int = SAMPLES + 1) -> None:
        """Take the acknowledgments of one round, each for one segment."""
        state = self.state
        end = state.nxt = state.una + 100 * acks
        for _ in range(acks):
            state.una += 100
            state.now_ns += MS
            state.rtt_ns = int(rtt_ms * MS)
            self.model.after_ack(state)
            state.nxt += 100
        state.una = end


def test_a_round_trip_that_stays_lets_slow_start_go_on() -> None:
    rounds = Rounds()
    for _ in range(5):
        rounds.run(40)
    assert rounds.model.css_rounds == 0
    assert rounds.model.cwnd == 16 + 5 * (SAMPLES + 1)  # one for each that is delivered


@pytest.mark.parametrize(
    ("before_ms", "after_ms", "conservative"),
    [
        (40, 44.9, False),  # an eighth of 40 ms is 5 ms
        (40, 45, True),
        (8, 11.9, False),  # an eighth would be 1 ms, and 4 ms is the least
        (8, 12, True),
        (400, 415, False),  # an eighth would be 50 ms, and 16 ms is the most
        (400, 416, True),
    ],
)
def test_a_round_trip_that_grows_makes_slow_start_conservative(
    before_ms: float, after_ms: float, conservative: bool
) -> None:
    rounds = Rounds()
    rounds.run(before_ms)
    rounds.run(before_ms)
    rounds.run(after_ms)
    rounds.run(after_ms)
    assert (rounds.model.css_rounds > 0) is conservative
    assert rounds.model.ssthresh == NO_SSTHRESH


def test_conservative_slow_start_grows_by_a_quarter_and_ends_after_five_rounds() -> None:
    rounds = Rounds()
    for rtt_ms in (40, 40, 60, 60):
        rounds.run(rtt_ms)
    before = rounds.model.cwnd
    begun = rounds.model.css_rounds
    rounds.run(60, acks=4 * DIVISOR)
    assert rounds.model.cwnd == before + 4
    for _ in range(ROUNDS - begun):
        assert rounds.model.ssthresh == NO_SSTHRESH
        rounds.run(60)
    assert rounds.model.ssthresh == NO_SSTHRESH or rounds.model.watching == 0
    rounds.run(60)
    assert rounds.model.ssthresh < NO_SSTHRESH
    assert rounds.model.found == 2


def test_a_round_trip_that_shrinks_again_resumes_slow_start() -> None:
    rounds = Rounds()
    for rtt_ms in (40, 40, 60, 60):
        rounds.run(rtt_ms)
    assert rounds.model.css_rounds > 0
    rounds.run(45)
    rounds.run(45)
    assert rounds.model.css_rounds == 0
    before = rounds.model.cwnd
    rounds.run(45)
    assert rounds.model.cwnd == before + SAMPLES + 1


def test_one_acknowledgment_grows_the_window_by_eight_segments_at_most() -> None:
    rounds = Rounds()
    rounds.model.grow(rounds.state, 20)
    assert rounds.model.cwnd == 16 + MOST_GROWTH


def test_after_a_loss_it_is_cubic_and_looks_no_more() -> None:
    rounds = Rounds()
    rounds.run(40)
    rounds.model.cwnd = 100
    rounds.model.reduce(rounds.state, 1)
    assert (rounds.model.ssthresh, rounds.model.watching) == (100 * 717 // 1024, 0)  # RFC 9438 (4.6)
    rounds.model.forget(rounds.state)
    assert rounds.model.epoch_ns < 0


def test_on_a_path_with_a_queue_it_leaves_slow_start_without_a_loss() -> None:
    # A segment each ms and 40 ms of delay hold 40 segments; the queue shows from there on.
    model = CubicHystartPlus()
    path = Path(model, 1, 40)
    path.run(3000)
    assert model.found == 2
    assert 40 < model.ssthresh <= model.cwnd
