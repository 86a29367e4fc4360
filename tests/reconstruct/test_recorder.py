"""Typed rows: tables that grow, are filled again and cut; events that are taken back, states that are corrected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.recorder import (
    DIRECTION_COLUMNS,
    EVENT_COLUMNS,
    FLOW_COLUMNS,
    NOT_KEPT,
    SEGMENT_COLUMNS,
    VOID,
    WINDOW_COLUMNS,
    Recorder,
    RowStore,
)
from reconstruct.seq import UNKNOWN
from tests.fake_analysis import store_of
from tests.reconstruct.replaying import rows_of

COLUMNS = [FLOW_COLUMNS, DIRECTION_COLUMNS, SEGMENT_COLUMNS, WINDOW_COLUMNS, EVENT_COLUMNS]
CELL = st.one_of(st.integers(UNKNOWN, 2**63 - 1), st.just(UNKNOWN))
ROWS = st.lists(st.tuples(CELL, CELL, CELL), max_size=300)


def filled(rows: list[tuple[int, int, int]]) -> RowStore:
    """Return a table with these rows, written one by one."""
    store = RowStore(("one", "two", "three"))
    for row in rows:
        first = store.new_row()
        for column, cell in enumerate(row):
            store.cells[first + column] = cell
    return store


def contents(store: RowStore) -> list[tuple[int, ...]]:
    """Return all rows."""
    return [store.row(index) for index in range(store.count)]


@pytest.mark.parametrize("names", COLUMNS)
def test_no_table_has_a_column_twice(names: tuple[str, ...]) -> None:
    assert len(set(names)) == len(names) == RowStore(names).width


@given(ROWS)
def test_rows_stay_as_they_were_written_while_the_table_grows(rows: list[tuple[int, int, int]]) -> None:
    store = filled(rows)
    assert contents(store) == rows
    assert list(store.buffer()) == [cell for row in rows for cell in row]


@given(st.integers(0, 2000))
def test_the_room_is_never_more_than_twice_what_was_needed(count: int) -> None:
    store = filled([(1, 2, 3)] * count)
    assert count <= store.capacity <= max(64, 2 * count)  # 64 rows at first
    assert len(store.cells) == store.capacity * store.width


@given(ROWS, ROWS)
def test_a_table_that_is_refilled_holds_the_new_rows_alone(
    before: list[tuple[int, int, int]], after: list[tuple[int, int, int]]
) -> None:
    store = filled(before)
    store.refill(list(after))
    assert contents(store) == after
    assert len(store.buffer()) == 3 * len(after)


def test_a_table_that_is_cleared_keeps_its_room() -> None:
    store = filled([(1, 2, 3)] * 100)
    store.clear()
    assert (store.count, store.capacity, len(store.buffer())) == (0, 128, 0)  # 64 doubled


def test_the_buffer_is_one_view_of_64_bit_integers() -> None:
    view = filled([(UNKNOWN, 0, 2**63 - 1)]).buffer()
    assert (view.itemsize, view.ndim, view.contiguous) == (8, 1, True)
    assert view.format in ("q", "l")  # both are 64 bits wide here: itemsize says so


# The recorder


def test_an_event_is_one_row_and_its_number_is_told() -> None:
    recorder = Recorder(True, False)
    assert [recorder.event(7, 8, 9, 1, 13, 100, UNKNOWN, UNKNOWN), recorder.event(7, 9, 9, 0, 0, 4, 5, 6)] == [0, 1]
    assert rows_of(recorder.events)[0] == {
        "flow": 7, "frame": 8, "time_ns": 9, "sender": 1, "event": 13, "a": 100, "b": None, "c": None,
    }  # fmt: skip
    assert recorder.events.row(1) == (7, 9, 9, 0, 0, 4, 5, 6)


def test_an_event_that_nobody_asked_for_is_not_kept() -> None:
    recorder = Recorder(False, True)
    assert recorder.event(1, 2, 3, 0, 0, 0, 0, 0) == NOT_KEPT
    recorder.void_event(NOT_KEPT)
    assert recorder.events.count == 0


def test_only_the_events_of_the_flow_that_was_asked_for_are_kept() -> None:
    recorder = Recorder(True, True, only=5)
    assert [recorder.event(flow, 1, 1, 0, 0, 0, 0, 0) for flow in (4, 5, 6, 5)] == [NOT_KEPT, 0, NOT_KEPT, 1]
    assert [row["flow"] for row in rows_of(recorder.events)] == [5, 5]


def test_an_event_that_is_taken_back_is_of_no_flow() -> None:
    recorder = Recorder(True, False)
    rows = [recorder.event(flow, 1, 1, 0, 0, 0, 0, 0) for flow in (0, 1, 2)]
    recorder.void_event(rows[1])
    assert [row["flow"] for row in rows_of(recorder.events)] == [0, VOID, 2]


@pytest.mark.parametrize(
    ("keep_rows", "only", "wanted"),
    [(True, UNKNOWN, [1, 1]), (False, UNKNOWN, [0, 0]), (True, 3, [0, 1]), (False, 3, [0, 0])],
)
def test_segments_are_wanted_of_the_flows_that_were_asked_for(keep_rows: bool, only: int, wanted: list[int]) -> None:
    recorder = Recorder(True, keep_rows, only)
    assert [recorder.wants(flow) for flow in (0, 3)] == wanted


@pytest.mark.parametrize(("server", "column"), [(0, "client_state"), (1, "server_state")])
def test_a_corrected_state_changes_that_end_of_that_flow_from_that_row_on(server: int, column: str) -> None:
    recorder = Recorder(False, True)
    recorder.segments = store_of(SEGMENT_COLUMNS, [{"flow": flow} for flow in (0, 1, 0, 1, 0)], default=4)
    before = rows_of(recorder.segments)
    recorder.patch_state(0, 1, server, 9)
    after = rows_of(recorder.segments)
    assert [row[column] for row in after] == [4, 4, 9, 4, 9]
    assert [row | {column: 4} for row in after] == before
