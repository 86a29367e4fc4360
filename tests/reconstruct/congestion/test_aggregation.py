"""Acknowledgments in lumps: what comes beyond the bandwidth counts, and is forgotten five to ten rounds later."""

from reconstruct.congestion.aggregation import Aggregation

RATE = (1 << 24) // 1000 + 1  # one segment each ms


def test_acknowledgments_at_the_bandwidth_leave_no_excess_but_their_own() -> None:
    lumps = Aggregation()
    for at_ms in range(1, 50):
        lumps.take(at_ms * 1000, 1, RATE, 100, 0)
    assert lumps.most() == 1  # each begins an epoch with itself


def test_a_lump_counts_beyond_what_the_bandwidth_explains() -> None:
    lumps = Aggregation()
    lumps.take(10_000, 8, RATE, 100, 0)
    lumps.take(12_000, 10, RATE, 100, 0)
    # 2 ms after the epoch began 2 segments are expected; 18 came.
    assert lumps.most() == 16


def test_an_excess_is_never_more_than_the_window() -> None:
    lumps = Aggregation()
    lumps.take(10_000, 1, RATE, 12, 0)
    lumps.take(11_000, 50, RATE, 12, 0)
    assert lumps.most() == 12


def test_an_excess_is_forgotten_after_ten_rounds() -> None:
    lumps = Aggregation()
    lumps.take(10_000, 30, RATE, 100, 0)
    assert lumps.most() == 30
    for at in range(10):
        lumps.take(100_000 * (at + 2), 1, RATE, 100, 1)
    assert lumps.most() == 1
