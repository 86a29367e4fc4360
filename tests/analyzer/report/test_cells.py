"""Rows of the core as columns, by name and by connection."""

from analyzer.report.cells import rows_of
from tests.fake_analysis import store_of

ROWS = [{"flow": 1, "frame": 1}, {"flow": 0, "frame": 2}, {"flow": 1, "frame": 3}]


def test_a_column_is_found_by_its_name() -> None:
    assert rows_of(store_of(("flow", "frame"), ROWS))["frame"].tolist() == [1, 2, 3]


def test_rows_of_a_connection_stay_in_order() -> None:
    by_flow = rows_of(store_of(("flow", "frame"), ROWS)).sorted_by_flow()
    rows, starts = by_flow.of_flows([1])
    assert (rows["frame"].tolist(), starts.tolist()) == ([1, 3], [0, 2])


def test_rows_of_several_connections_stand_in_the_order_asked_for() -> None:
    by_flow = rows_of(store_of(("flow", "frame"), ROWS)).sorted_by_flow()
    rows, starts = by_flow.of_flows([1, 2, 0])
    assert (rows["frame"].tolist(), starts.tolist()) == ([1, 3, 2], [0, 2, 2, 3])


def test_every_second_row_is_that_of_one_direction() -> None:
    assert rows_of(store_of(("flow", "frame"), ROWS)).every(2, 0)["frame"].tolist() == [1, 3]


def test_an_empty_table_has_empty_columns() -> None:
    rows, starts = rows_of(store_of(("flow", "frame"), [])).of_flows([0])
    assert (rows["frame"].tolist(), starts.tolist()) == ([], [0, 0])
