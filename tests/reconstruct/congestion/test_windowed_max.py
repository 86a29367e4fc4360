"""The maximum over rounds: never below the newest value, never older than the window, exact where values fall."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.congestion.windowed_max import WindowedMax

ROUNDS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1000)), min_size=1, max_size=80)  # step, value


@given(ROUNDS, st.integers(4, 12))
def test_the_estimate_is_a_value_of_the_window_and_not_below_the_newest(
    rounds: list[tuple[int, int]], window: int
) -> None:
    most, at, seen = WindowedMax(), 0, [(0, 0)]
    for step, value in rounds:
        at += step
        most.add(window, at, value)
        seen.append((at, value))
        recent = [one for when, one in seen if at - when <= window]
        assert most.best in recent
        assert value <= most.best <= max(recent)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=10))
def test_within_one_window_the_largest_value_stands(values: list[int]) -> None:
    most = WindowedMax()
    for at, value in enumerate(values):
        most.add(10, at, value)
    assert most.best == max(values)


def test_the_best_value_is_forgotten_a_window_later() -> None:
    most = WindowedMax()
    most.add(10, 0, 100)
    for at in range(1, 11):
        most.add(10, at, 60)
    assert most.best == 100
    most.add(10, 11, 60)  # 11 rounds after the best one
    assert most.best == 60
