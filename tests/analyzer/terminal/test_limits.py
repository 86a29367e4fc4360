"""What held a sender back, in words."""

import pytest

from analyzer.terminal.limits import WORDS, limits_text
from reconstruct.recorder import DIRECTION_COLUMNS
from reconstruct.seq import UNKNOWN

MS = 1_000_000  # ns
NOTHING = dict.fromkeys(WORDS, 0) | {"sending_ns": 0, "idle_ns": 0}


def told(**cells: int) -> str | None:
    """Return the words for a sender of which this is known."""
    return limits_text(NOTHING | cells)


def test_the_first_limit_is_told_with_the_sending_time_and_the_others_follow() -> None:
    text = told(sending_ns=3200 * MS, held_by_rwnd_ns=2688 * MS, held_by_recovery_ns=512 * MS)
    assert text == ("limited by the receive window of its peer 84% of its 3.20 s of sending, by loss recovery 16%")


def test_less_than_a_hundredth_is_left_out() -> None:
    text = told(sending_ns=1000 * MS, held_by_cwnd_ns=991 * MS, held_by_nagle_ns=9 * MS)
    assert text == "limited by its congestion window 99% of its 1.00 s of sending"


def test_idle_time_is_told_beside() -> None:
    text = told(sending_ns=100 * MS, held_by_application_ns=100 * MS, idle_ns=900 * MS)
    assert text == "limited by its application 100% of its 100 ms of sending, idle for 900 ms beside that"


@pytest.mark.parametrize("sending_ns", [0, UNKNOWN])
def test_nothing_is_told_of_who_sent_nothing(sending_ns: int) -> None:
    assert told(sending_ns=sending_ns, idle_ns=UNKNOWN) is None


def test_every_limit_that_the_core_measures_has_words() -> None:
    assert set(WORDS) == {name for name in DIRECTION_COLUMNS if name.startswith("held_by_")}
