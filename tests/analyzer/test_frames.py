"""DataFrames hold the same values as the rows in plain Python, in the documented dtypes."""

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer import frames, rows, schema
from analyzer.columns import Column, Form, Table
from reconstruct import recorder
from reconstruct.recorder import RowStore
from reconstruct.rules import Rule
from reconstruct.seq import UNKNOWN
from reconstruct.states import Event, State
from reconstruct.vocabulary import EventKind, Reopening
from tests.fake_analysis import FakeAnalysis, FakeFinding, store_of

CELLS = {
    "flows": recorder.FLOW_COLUMNS,
    "directions": recorder.DIRECTION_COLUMNS,
    "segments": recorder.SEGMENT_COLUMNS,
    "windows": recorder.WINDOW_COLUMNS,
    "events": recorder.EVENT_COLUMNS,
}
TABLES = [table for table in schema.TABLES if table.name != "findings"]
EACH_TABLE = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
COUNTS = st.integers(-(1 << 52), 1 << 52)


def _cells_of(column: Column) -> list[tuple[str, st.SearchStrategy[int]]]:
    """Return each cell that a column is made from, with what the core can put there."""
    if column.form is Form.NAME:
        values = st.integers(0, len(column.names) - 1)
    elif column.form is Form.ADDRESS:
        values = st.integers(0, 1 << 32)
        return [(column.cells[0], st.sampled_from([4, 6])), *[(cell, values) for cell in column.cells[1:]]]
    elif column.form is Form.REASON:
        return [("rule", st.sampled_from(list(Rule))), ("figure_a", COUNTS), ("figure_b", COUNTS)]
    elif column.form is Form.DETAIL:
        numbers = st.integers(0, min(len(State), len(Event), len(Rule), len(Reopening)) - 1)
        return [("event", st.sampled_from(list(EventKind))), ("a", numbers), ("b", numbers), ("c", numbers)]
    elif column.form is Form.FLAGS:
        values = st.integers(0, 511)
    elif column.form is Form.BOOLEAN:
        values = st.integers(0, 1)
    elif column.form is Form.VLAN:
        values = st.integers(-1, (1 << 36) - 1)
    else:
        values = COUNTS
    return [(cell, st.one_of(values, st.just(UNKNOWN)) if column.nullable else values) for cell in column.cells]


def _stores(table: Table) -> st.SearchStrategy[RowStore]:
    """Return stores of the table's core rows, any values that the core can write."""
    cells = dict(pair for column in table.columns for pair in _cells_of(column))
    rows_of = st.lists(st.fixed_dictionaries(cells), max_size=12)
    return rows_of.map(lambda made: store_of(CELLS[table.name], made))


def _plain(column: Column, value: Any) -> Any:
    """Return a DataFrame's value as `rows` gives it."""
    if value is None or value is pd.NA or value != value:  # NaN is what differs from itself
        return None
    if column.form is Form.TIME:
        return rows.time_text(value.value)
    return json.loads(value) if column.form is Form.DETAIL else value


@EACH_TABLE
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_frame_holds_what_the_rows_hold(table: Table, data: st.DataObject) -> None:
    store = data.draw(_stores(table))
    frame = frames.frame_of(store, table)
    expected = list(rows.rows_of(store, table))
    for column in table.columns:
        got = [_plain(column, value) for value in frame[column.name]]
        assert got == [row[column.name] for row in expected], column.name


@EACH_TABLE
def test_an_empty_table_has_the_same_columns_and_dtypes_as_a_full_one(table: Table) -> None:
    empty = frames.frame_of(RowStore(CELLS[table.name]), table)
    full = frames.frame_of(store_of(CELLS[table.name], [{}]), table)
    assert list(empty.columns) == list(table.column_names)
    assert empty.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()


@pytest.mark.parametrize(
    ("column", "dtype"),
    [("flow", "Int64"), ("client_ip", "str"), ("role_known", "boolean"), ("first_time", "datetime64[ns, UTC]"),
     ("duration_s", "Float64"), ("opening", "category"), ("syn_rtt_ms", "Float64"), ("syn_cookie", "Float64")],
)  # fmt: skip
def test_the_dtypes_are_the_documented_ones(column: str, dtype: str) -> None:
    frame = frames.frame_of(FakeAnalysis().flow_rows, schema.FLOWS)
    assert str(frame[column].dtype) == dtype


def test_a_part_of_the_rows_can_be_taken() -> None:
    frame = frames.frame_of(FakeAnalysis().segment_rows(), schema.SEGMENTS, 1, 3)
    assert frame["frame"].tolist() == [2, 4]


def test_a_frame_stays_as_it_is_when_the_store_is_filled_again() -> None:
    store = FakeAnalysis().segment_rows()
    frame = frames.frame_of(store, schema.SEGMENTS)
    store.clear()
    store.cells[store.new_row()] = 4711
    assert frame["frame"].tolist() == [1, 2, 4, 6, 7, 8]


def test_findings_become_a_frame_with_null_for_the_whole_capture() -> None:
    frame = frames.findings_frame([FakeFinding(), FakeFinding(flow=None)])
    assert list(frame.columns) == list(schema.FINDINGS.column_names)
    assert frame["flow"].isna().tolist() == [False, True]
    assert frame["severity"].astype(str).tolist() == ["warning", "warning"]
    assert frame["frames"].tolist() == [[6, 7], [6, 7]]


def test_no_findings_are_an_empty_frame_with_the_same_columns() -> None:
    frame = frames.findings_frame([])
    assert list(frame.columns) == list(schema.FINDINGS.column_names)
    assert len(frame) == 0
