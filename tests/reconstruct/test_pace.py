"""Whether a sender spaces its bursts by a clock of its own."""

from reconstruct.pace import MAX_BURST, PACED, Pace
from tests.reconstruct.replaying import MS

BURST = 1 << 10  # bytes: a spacing in ns is then as many units


def spaced(*gaps_ms: float) -> Pace:
    """Return what begins bursts of `BURST` bytes so far apart, each taken for the clock's."""
    pace = Pace()
    time_ns = 0
    pace.begin(time_ns, 0)
    for gap_ms in gaps_ms:
        pace.sent += BURST
        time_ns += round(gap_ms * MS)
        pace.begin(time_ns, 0)
        pace.keep()
    return pace


def test_a_spacing_fits_within_five_thirds_of_the_usual_one() -> None:
    pace = spaced(3.0)
    pace.spacing = 5 * MS - 1
    assert pace.fits()
    pace.spacing = 5 * MS
    assert not pace.fits()


def test_a_spacing_fits_down_to_three_fifths_of_the_usual_one() -> None:
    pace = spaced(5.0)
    pace.spacing = 3 * MS + 1
    assert pace.fits()
    pace.spacing = 3 * MS
    assert not pace.fits()


def test_nothing_fits_before_the_first_spacing() -> None:
    assert not Pace().fits()


def test_the_usual_spacing_follows_by_a_quarter() -> None:
    assert spaced(4.0, 8.0).usual == 5 * MS  # 4 + (8 - 4) / 4


def test_four_spacings_make_a_paced_sender() -> None:
    assert not spaced(*[2.0] * (PACED - 1)).is_paced()
    assert spaced(*[2.0] * PACED).is_paced()


def test_an_accident_takes_back_two() -> None:
    pace = spaced(*[2.0] * (PACED + 1))
    pace.drop()
    assert not pace.is_paced()


def test_a_burst_that_an_acknowledgment_set_off_too_early_takes_back_one() -> None:
    pace = spaced(*[2.0] * PACED)
    pace.sent = BURST
    pace.begin(pace.began_ns + MS - 1, 1)  # less than half of 2 ms
    assert not pace.is_paced()


def test_the_clock_lets_the_next_burst_go_a_spacing_after_the_newest_began() -> None:
    pace = spaced(*[2.0] * PACED)
    pace.sent = 3 * BURST
    assert pace.until_ns() - pace.began_ns == 6 * MS


def test_who_is_not_paced_waits_for_no_clock() -> None:
    pace = spaced(2.0)
    pace.sent = BURST
    assert pace.until_ns() == pace.began_ns


def test_the_burst_is_the_last_one_that_an_acknowledgment_set_off() -> None:
    pace = Pace()
    pace.begin(0, 1)
    pace.sent = 5000
    pace.begin(MS, 0)
    pace.sent = 3000
    pace.begin(2 * MS, 0)
    assert pace.burst == 5000


def test_no_burst_is_larger_than_what_a_host_hands_over_at_once() -> None:
    pace = Pace()
    pace.begin(0, 1)
    pace.sent = 10 * MAX_BURST
    pace.begin(MS, 1)
    assert pace.burst == MAX_BURST
