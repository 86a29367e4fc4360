"""Whether a window was cut for a rest shows in the first flight and in what the first acknowledgment lets go."""

import pytest

from reconstruct.congestion.restart import Restart

PROMPT_NS = 300_000  # ns


def after_rest(flight: int, gap_ns: int, before: int = 40, window: int = 10) -> int:
    """Return what follows from a first flight of so many segments, and new data so long after its acknowledgment."""
    restart = Restart()
    restart.begin(before, window, 7)
    restart.heard(flight, 1_000)
    return restart.sent(1_000 + gap_ns, PROMPT_NS)


def test_a_first_flight_of_the_cut_window_that_an_acknowledgment_continues_is_a_restart() -> None:
    assert after_rest(10, PROMPT_NS) == 2  # 10, 20, 40: two doublings
    assert after_rest(10, 0, before=41) == 3


@pytest.mark.parametrize("flight", [9, 11, 40])
def test_a_sender_that_sends_less_or_more_at_once_was_not_held_by_a_cut_window(flight: int) -> None:
    assert after_rest(flight, 0) == 0


def test_what_comes_later_than_the_acknowledgment_was_not_there_before() -> None:
    assert after_rest(10, PROMPT_NS + 1) == 0


@pytest.mark.parametrize(("before", "window"), [(10, 10), (0, 0), (1, 1)])
def test_a_window_that_a_rest_does_not_shrink_cannot_restart(before: int, window: int) -> None:
    assert after_rest(window, 0, before, window) == 0


def test_a_rest_is_told_once() -> None:
    restart = Restart()
    restart.begin(20, 10, 7)
    restart.heard(10, 0)
    assert [restart.sent(0, PROMPT_NS), restart.sent(0, PROMPT_NS)] == [1, 0]
