"""Rows that are chosen are whole and in their order."""

from analyzer.selection import rows_between, rows_of_flow
from reconstruct.recorder import RowStore
from tests.fake_analysis import store_of

STORE = store_of(("flow", "frame", "len"), [
    {"flow": 0, "frame": 1, "len": 10}, {"flow": 1, "frame": 2, "len": 20}, {"flow": 0, "frame": 3, "len": 30},
])  # fmt: skip


def rows(store: RowStore) -> list[tuple[int, ...]]:
    return [store.row(index) for index in range(store.count)]


def test_the_rows_of_a_flow_are_its_own() -> None:
    assert rows(rows_of_flow(STORE, 0)) == [(0, 1, 10), (0, 3, 30)]


def test_a_flow_without_rows_has_none() -> None:
    assert rows(rows_of_flow(STORE, 2)) == []


def test_rows_between_frames_include_both() -> None:
    assert rows(rows_between(STORE, 2, 3)) == [(1, 2, 20), (0, 3, 30)]
