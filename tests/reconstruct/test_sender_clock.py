"""What a sender's timestamps tell of its clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.sender_clock import MOST_TICKS, SenderClock
from reconstruct.seq import UNKNOWN

MS = 1_000_000  # ns
START_NS = 1_700_000_000 * 1_000 * MS
WAY_NS = 10 * MS  # from the sender to the tap, and back


def _run(tick_ns: int, count: int = 500, every_ns: int = 1_237_000, first: int = 77, skew: int = 0) -> SenderClock:
    """Return a clock after a segment every 1.237 ms, each sent as an ACK comes; `skew` in parts of a million."""
    clock = SenderClock()
    for index in range(count):
        sent_ns = index * every_ns
        own_ns = sent_ns + sent_ns * skew // 1_000_000
        clock.take((first + own_ns // tick_ns) % (1 << 32), START_NS + sent_ns + WAY_NS)
        clock.answers(START_NS + sent_ns - WAY_NS, START_NS + sent_ns + WAY_NS)
    return clock


@pytest.mark.parametrize("tick_ns", [1_000, MS, 4 * MS, 10 * MS])
def test_the_common_ticks_are_learned(tick_ns: int) -> None:
    assert _run(tick_ns).tick_ns == tick_ns


def test_a_tick_that_nobody_uses_is_measured() -> None:
    # 2,300 segments in 2.8 s; ticks of 2.5 ms are not within a quarter of 1 or 4 ms.
    clock = _run(2_500_000, count=2_300)
    assert clock.tick_ns == pytest.approx(2_500_000, rel=0.01)


def test_nothing_is_told_before_the_tick_is_known() -> None:
    clock = SenderClock()
    assert clock.take(5, START_NS)
    assert clock.settle() == 0
    assert clock.tick_ns == UNKNOWN


@pytest.mark.parametrize("first", [77, (1 << 32) - 100])
@pytest.mark.parametrize("skew", [-50, 0, 50])
def test_times_are_right_within_a_tenth_of_a_tick_also_where_timestamps_wrap_or_clocks_drift(
    first: int, skew: int
) -> None:
    clock = _run(MS, count=5_000, first=first, skew=skew)
    assert clock.settle()
    last_ns = START_NS + 4_999 * 1_237_000
    assert 0 <= last_ns + WAY_NS - clock.sent_ns() <= 1.1 * MS  # the tick had begun, less than a tick ago
    assert clock.heard_ns(last_ns - WAY_NS) == pytest.approx(last_ns + WAY_NS, abs=MS // 10)


def test_queues_before_the_tap_do_not_move_the_clock() -> None:
    clock = _run(MS)
    clock.settle()
    sent_ns = clock.sent_ns()
    clock.take(clock.tsval, START_NS + 499 * 1_237_000 + WAY_NS + 30 * MS)
    clock.settle()
    assert clock.sent_ns() == pytest.approx(sent_ns, abs=MS // 20)  # it gives way by 122 ppm of 30 ms


def test_the_shortest_trip_counts() -> None:
    clock = _run(MS)
    clock.answers(START_NS, START_NS + 30 * MS)
    clock.settle()
    assert clock.trip_ns == 2 * WAY_NS


def test_an_older_timestamp_is_no_time() -> None:
    clock = _run(MS)
    newest = clock.tsval
    assert clock.take(newest - 1, START_NS + 1_000 * MS) == 0
    assert clock.tsval == newest


def test_an_ack_lost_behind_the_tap_does_not_move_the_clock() -> None:
    clock = _run(MS)
    clock.settle()
    before_ns = clock.heard_ns(0)
    clock.precedes(START_NS)  # it would have been heard 600 ms ago
    clock.settle()
    assert clock.heard_ns(0) == before_ns


def test_timestamps_that_leap_again_and_again_keep_all_times_in_64_bits() -> None:
    clock = SenderClock()
    for index in range(50):
        clock.take(index * 0x7FFF_FFFF % (1 << 32), START_NS + index * 100 * MS)
        clock.settle()
        assert clock.ticks <= MOST_TICKS + 0x8000_0000


@given(st.lists(st.tuples(st.integers(0, (1 << 32) - 1), st.integers(0, 10**10)), max_size=60))
def test_any_timestamps_at_any_times_are_taken(steps: list[tuple[int, int]]) -> None:
    clock = SenderClock()
    now_ns = START_NS
    for tsval, pause_ns in steps:
        now_ns += pause_ns
        clock.take(tsval, now_ns)
        clock.answers(now_ns - pause_ns, now_ns)
        clock.precedes(now_ns)
        if clock.settle():
            assert abs(clock.sent_ns()) < 1 << 63
            assert abs(clock.heard_ns(now_ns)) < 1 << 63
