"""Rows tell of a delay where round trips grew, in either direction of the newest connection."""

import pytest

from reconstruct.recorder import DIRECTION_COLUMNS, RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.telling import is_telling

MS = 1_000_000  # ns
STILL = (10 * MS, 12 * MS)


def rows(*round_trips: tuple[int, int]) -> RowStore:
    """Return rows with these least and 95th-percentile round trips."""
    store = RowStore(DIRECTION_COLUMNS)
    for least, high in round_trips:
        store.append(tuple({"rtt_min_ns": least, "rtt_p95_ns": high}.get(name, 0) for name in DIRECTION_COLUMNS))
    return store


@pytest.mark.parametrize("place", [0, 1])
def test_a_delay_of_either_end_tells(place: int) -> None:
    both = [STILL, STILL]
    both[place] = (20 * MS, 41 * MS)  # more than double, and more than 20 ms more
    assert is_telling(rows(*both)) == 1


@pytest.mark.parametrize("still", [STILL, (20 * MS, 40 * MS), (1 * MS, 21 * MS), (UNKNOWN, UNKNOWN)])
def test_round_trips_that_hardly_grow_or_are_unknown_tell_nothing(still: tuple[int, int]) -> None:
    assert is_telling(rows(still, STILL)) == 0


def test_connections_before_do_not_count() -> None:
    assert is_telling(rows((10 * MS, 500 * MS), STILL, STILL, STILL)) == 0
