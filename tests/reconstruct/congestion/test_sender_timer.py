"""The timer of a sender: RFC 6298 as Linux counts it."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.congestion.sender_timer import SenderTimer
from reconstruct.rtt import INITIAL_RTO_NS, MAX_RTO_NS, MIN_RTO_NS

MS = 1_000_000  # ns


def test_without_a_sample_the_timeout_is_the_initial_one() -> None:
    assert SenderTimer().rto_ns == INITIAL_RTO_NS


def test_the_first_sample_is_srtt_and_the_timeout_200_ms_more() -> None:
    timer = SenderTimer()
    timer.sample(40 * MS, 1, 1)
    # RFC 6298 (2.2): RTTVAR = 20 ms, 4 * 20 ms are less than the floor.
    assert (timer.srtt_ns, timer.rto_ns) == (40 * MS, 240 * MS)


def test_a_sample_moves_srtt_by_an_eighth() -> None:
    timer = SenderTimer()
    timer.sample(40 * MS, 1, 1)
    timer.sample(48 * MS, 1, 1)
    assert timer.srtt_ns == 41 * MS


def test_a_shrinking_round_trip_moves_the_deviation_eight_times_slower() -> None:
    grown, shrunk = SenderTimer(), SenderTimer()
    for timer, second in ((grown, 240 * MS), (shrunk, 0)):
        timer.sample(120 * MS, 1, 1)
        timer.sample(second, 1, 1)
    # The deviation is 60 ms, the error 120 ms: a quarter of the difference, or an eighth of that.
    assert (grown.deviation_ns, shrunk.deviation_ns) == (75 * MS, 60 * MS + 60 * MS // 32)


@given(st.lists(st.integers(0, 10**11), min_size=1, max_size=40))
def test_srtt_stays_within_the_samples_and_the_timeout_above_it(samples: list[int]) -> None:
    timer = SenderTimer()
    for number, sample_ns in enumerate(samples):
        timer.sample(sample_ns, number, number + 1)
    assert min(samples) - 8 <= timer.srtt_ns <= max(samples)
    assert timer.rto_ns == MAX_RTO_NS or timer.rto_ns >= timer.srtt_ns + MIN_RTO_NS - 8
