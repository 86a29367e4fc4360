"""The clock behind timestamps: its tick, how late segments come, and when a value was shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.seq import SEQ_MODULUS, UNKNOWN
from reconstruct.timestamp_clock import TimestampClock

US, MS = 1_000, 1_000_000  # ns
START_NS = 1_700_000_000_000_000_000


def clock_after(sent: list[tuple[int, int]], tick_ns: int = MS, first: int = 7) -> TimestampClock:
    """Return a clock that saw segments sent so many ns after the first one, each so long on its way."""
    clock = TimestampClock()
    for at_ns, way_ns in sent:
        clock.note((first + at_ns // tick_ns) % SEQ_MODULUS, START_NS + at_ns + way_ns)
    return clock


@pytest.mark.parametrize("tick_ns", [US, MS, 4 * MS, 10 * MS])
@pytest.mark.parametrize("first", [7, SEQ_MODULUS - 3], ids=["low", "wrapping"])
def test_the_ticks_in_use_are_recognised(tick_ns: int, first: int) -> None:
    assert clock_after([(at * MS, 0) for at in range(0, 400, 5)], tick_ns, first).tick_ns == tick_ns


def test_a_clock_that_nobody_uses_stays_unknown() -> None:
    clock = clock_after([(at * MS, 0) for at in range(0, 400, 5)], 100 * US)
    assert (clock.tick_ns, clock.late_ns, clock.since_ns(8, START_NS + 400 * MS)) == (0, 0, UNKNOWN)


def test_a_clock_that_stands_still_stays_unknown() -> None:
    assert clock_after([(at * MS, 0) for at in range(0, 400, 5)], 10_000 * MS).tick_ns == 0


def test_before_20_ms_nothing_is_judged() -> None:
    assert clock_after([(0, 0), (19 * MS, 0)]).tick_ns == 0
    assert clock_after([(0, 0), (20 * MS, 0)]).tick_ns == MS


@given(st.lists(st.integers(0, 50 * MS), min_size=1, max_size=60))
def test_a_segment_is_late_by_what_it_waited_and_less_than_a_tick(waited_ns: list[int]) -> None:
    prompt = [(at * MS, 0) for at in range(50)]
    after = [(50 * MS + at * MS, way_ns) for at, way_ns in enumerate(waited_ns)]
    arrived = [at_ns + way_ns for at_ns, way_ns in after]
    if arrived != sorted(arrived):  # a capture is in order of time
        after = [(at_ns, max(arrived[: index + 1]) - at_ns) for index, (at_ns, _) in enumerate(after)]
    late_ns = clock_after(prompt + after).late_ns
    # 122 ppm of at most 160 ms are 20 us.
    assert after[-1][1] - 20 * US <= late_ns <= after[-1][1] + MS


def test_a_queue_that_never_empties_fades_by_the_drift_of_clocks() -> None:
    prompt = [(at * MS, 0) for at in range(50)]
    queued = [(at * MS, 30 * MS) for at in range(50, 10_050, 10)]
    # 2^-13 of ten seconds: 1.22 ms
    assert clock_after(prompt + queued).late_ns == pytest.approx(30 * MS - 1.22 * MS, abs=0.02 * MS)


def test_an_older_value_moves_nothing() -> None:
    clock = clock_after([(at * MS, 0) for at in range(50)])
    clock.note(7 + 20, START_NS + 60 * MS)  # sent 20 ms after the first, and 40 ms on its way
    late_ns = clock.late_ns
    assert 40 * MS - 2 * US < late_ns <= 40 * MS  # 122 ppm of the 11 ms since the last one are 1.3 us
    clock.note(6, START_NS + 61 * MS)  # before the first
    clock.note(7 + 61, START_NS + 59 * MS)  # the capture's clock was set back
    assert clock.late_ns == late_ns


def test_what_is_echoed_was_sent_whole_ticks_ago() -> None:
    clock = clock_after([(at * MS, 0) for at in range(50)])
    at_ns = START_NS + 49 * MS + 700 * US
    assert [clock.since_ns(7 + sent, at_ns) for sent in (49, 48, 9)] == [MS, MS, 40 * MS]  # one tick at least
    assert clock.since_ns(7 + 50, at_ns) == clock.since_ns(6, at_ns) == UNKNOWN  # not sent yet, or before all


def test_after_a_reset_nothing_is_known() -> None:
    clock = clock_after([(at * MS, 0) for at in range(50)])
    clock.reset()
    fresh = TimestampClock()
    for name in ("first_ns", "first_tsval", "tick_ns", "late_ns", "origin_ns", "seen_ns", "look_ns"):
        assert getattr(clock, name) == getattr(fresh, name)
