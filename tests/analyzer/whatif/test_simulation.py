"""Whole transfers, simulated."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.whatif.simulation import Simulation
from reconstruct.vocabulary import CongestionControl
from tests.analyzer.whatif.meeting import MS, met

RENO, CUBIC, BBR = CongestionControl.RENO, CongestionControl.CUBIC, CongestionControl.BBR
ALL = (RENO, CUBIC, BBR)


@pytest.mark.parametrize("control", ALL)
def test_a_narrow_link_decides_how_long_a_transfer_takes(control: CongestionControl) -> None:
    done = Simulation(met(rate=1_000_000), control, 10).run()
    assert done.completion_ns is not None
    # A million bytes at a million bytes a second, and a round trip; slow start fills the path in another few.
    assert 1000 <= done.completion_ns // MS <= 1080
    assert (done.resent, done.timeouts) == (0, 0)


def test_a_window_of_the_peer_decides_where_it_is_the_limit() -> None:
    done = Simulation(met(), RENO, 10, rwnd=10_000).run()
    assert done.completion_ns is not None
    assert done.completion_ns // MS == 1000  # 100 round trips of 10 ms for 10,000 bytes each


def test_slow_start_doubles_each_round_trip() -> None:
    done = Simulation(met(end=1 + 150_000), RENO, 10).run()
    assert done.completion_ns is not None
    assert done.completion_ns // MS == 40  # 10, 20, 40 and 80 segments: 150 within four round trips
    larger = Simulation(met(end=1 + 150_000), RENO, 80).run()
    assert larger.completion_ns is not None
    assert larger.completion_ns // MS == 20


def test_losses_by_chance_slow_reno_more_than_bbr() -> None:
    found = met(rate=10_000_000, lost={1 + 20_000 * at: 1 for at in range(1, 50)})
    reno, bbr = (Simulation(found, control, 10).run().completion_ns for control in (RENO, BBR))
    assert reno is not None
    assert bbr is not None
    assert bbr < reno


def test_a_queue_that_overflows_loses_and_everything_arrives() -> None:
    done = Simulation(met(rate=1_000_000, queue_bytes=15_000), CUBIC, 10).run()
    assert done.dropped > 0
    assert done.resent >= done.dropped
    assert done.completion_ns is not None


def test_an_application_that_pauses_is_waited_for() -> None:
    done = Simulation(met(writes=((2000 * MS, 500_001),)), RENO, 10).run()
    assert done.completion_ns is not None
    assert 2000 < done.completion_ns // MS < 2200


@settings(max_examples=20, deadline=None)
@given(st.sets(st.integers(0, 99), max_size=30), st.sampled_from(ALL), st.booleans(), st.integers(1, 3))
def test_every_transfer_ends_whatever_is_lost(
    numbers: set[int], control: CongestionControl, sack: bool, times: int
) -> None:
    found = met(end=100_001, rate=1_000_000, lost=dict.fromkeys((1 + 1000 * at for at in numbers), times), sack=sack)
    done = Simulation(found, control, 10).run()
    assert done.completion_ns is not None
    assert done.completion_ns >= 100 * MS  # 100,000 bytes at a million a second
    assert done.resent >= times * len(numbers)


def test_a_window_of_less_than_a_segment_still_lets_everything_through() -> None:
    done = Simulation(met(end=1 + 2000), RENO, 10, rwnd=500).run()
    assert done.completion_ns is not None
    assert done.completion_ns // MS == 40  # four round trips of 500 bytes


def test_a_window_that_never_opens_ends_without_a_time() -> None:
    assert Simulation(met(offers=((1, 1),)), RENO, 10).run().completion_ns is None
