"""The account of a sender's time: what waits, what settles it, its spans and its rows."""

import pytest

from reconstruct.held import AT_REST, BY_CWND, BY_RWND, OPEN, RECOVERING, ROWS_KEPT, SEND_BUFFER, SHUT, HeldTime
from reconstruct.recorder import WINDOW_COLUMNS, RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Limit

CLASSES = range(8)
LIMIT = WINDOW_COLUMNS.index("limit")


def times(held: HeldTime) -> dict[int, int]:
    """Return the time of each class that has some."""
    return {limit: held.total(limit) for limit in CLASSES if held.total(limit)}


@pytest.mark.parametrize("why", [Limit.APPLICATION, SEND_BUFFER])
def test_time_before_a_pause_belongs_to_whoever_had_not_written(why: int) -> None:
    held = HeldTime()
    held.wait(BY_CWND, 1, 0)
    held.wait(BY_RWND, 2, 0)
    held.wait(OPEN, 4, 1)
    held.settle(why, 9)
    assert times(held) == {why: 7}


@pytest.mark.parametrize("why", [Limit.CWND, Limit.NAGLE, Limit.PACING])
def test_time_before_a_pause_keeps_its_class_where_data_waited(why: int) -> None:
    held = HeldTime()
    held.wait(BY_RWND, 2, 0)
    held.wait(OPEN, 4, 1)
    held.settle(why, 9)
    assert times(held) == {Limit.RWND: 2, why: 4}


def test_time_after_the_newest_pause_keeps_its_class_always() -> None:
    held = HeldTime()
    held.wait(OPEN, 4, 1)
    held.wait(BY_RWND, 2, 0)
    held.settle(Limit.APPLICATION, 9)
    assert times(held) == {Limit.APPLICATION: 4, Limit.RWND: 2}


def test_a_rest_is_no_sending_time() -> None:
    held = HeldTime()
    held.wait(SHUT, 3, 0)
    held.wait(AT_REST, 5, 1)
    held.settle(Limit.APPLICATION, 9)
    assert held.sending_ns() == 0


def test_an_open_moment_too_short_for_a_pause_belongs_to_the_rest_of_its_time() -> None:
    held = HeldTime()
    held.wait(BY_RWND, 20, 0)
    held.wait(OPEN, 1, 0)
    held.settle(Limit.CWND, 9)
    assert times(held) == {Limit.RWND: 21}


def test_a_span_goes_on_while_the_class_that_has_most_is_the_same() -> None:
    held = HeldTime()
    held.since_frame = 1
    for look, frame in ((BY_RWND, 4), (BY_RWND, 6), (BY_CWND, 9), (BY_RWND, 12)):
        held.wait(look, 10, 0)
        held.settle(Limit.CWND, frame)
    assert (held.first_frame(Limit.RWND), held.last_frame(Limit.RWND)) == (1, 6)
    assert (held.first_frame(Limit.CWND), held.last_frame(Limit.CWND)) == (6, 9)


def test_a_class_without_time_has_no_frames() -> None:
    held = HeldTime()
    held.spend(Limit.RECOVERY, 0, 3, 4)
    assert (held.first_frame(Limit.RECOVERY), held.last_frame(Limit.RECOVERY)) == (0, 0)


def test_a_row_gets_the_class_of_the_longest_stretch_that_it_ends() -> None:
    held = HeldTime()
    held.windows = RowStore(WINDOW_COLUMNS)
    held.windows.new_row()
    held.note_row(BY_RWND, 5, -1, 0)
    held.note_row(BY_CWND, 3, 0, 0)
    held.settle(Limit.CWND, 9)
    assert held.windows.row(0)[LIMIT] == Limit.RWND


def test_a_row_of_recovery_stays_one_whatever_follows() -> None:
    held = HeldTime()
    held.windows = RowStore(WINDOW_COLUMNS)
    held.windows.new_row()
    held.note_row(RECOVERING, 5, 0, 0)
    held.note_row(OPEN, 5, -1, 1)
    held.settle(Limit.APPLICATION, 9)
    assert held.windows.row(0)[LIMIT] == Limit.RECOVERY


def test_the_tables_call_a_full_send_buffer_application() -> None:
    held = HeldTime()
    held.windows = RowStore(WINDOW_COLUMNS)
    held.windows.new_row()
    held.note_row(OPEN, 5, 0, 1)
    held.wait(OPEN, 5, 1)
    held.settle(SEND_BUFFER, 9)
    assert held.windows.row(0)[LIMIT] == Limit.APPLICATION


def test_rows_beyond_those_that_are_kept_stay_unknown() -> None:
    held = HeldTime()
    held.windows = RowStore(WINDOW_COLUMNS)
    held.windows.refill([(UNKNOWN,) * len(WINDOW_COLUMNS)] * (ROWS_KEPT + 1))
    for row in range(ROWS_KEPT + 1):
        held.note_row(BY_RWND, 1, row, 0)
    held.settle(Limit.CWND, 9)
    assert [held.windows.row(row)[LIMIT] for row in (ROWS_KEPT - 1, ROWS_KEPT)] == [Limit.RWND, UNKNOWN]
