"""The connections worth a diagnosis: the most troubled ones stay, in the order in which they appeared."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.notable import Notable
from reconstruct.recorder import DIRECTION_COLUMNS, FLOW_COLUMNS, RowStore


def offered(points: list[int], most: int) -> Notable:
    """Offer connections with these points, one after the other."""
    flows, directions, notable = RowStore(FLOW_COLUMNS), RowStore(DIRECTION_COLUMNS), Notable(most)
    for number, each in enumerate(points):
        for store in (flows, directions, directions):
            first = store.new_row()
            for column in range(store.width):
                store.cells[first + column] = number
        notable.offer(flows, directions, None, each)
    return notable


@given(st.lists(st.integers(0, 20), max_size=60), st.integers(1, 10))
def test_those_with_the_most_points_stay_and_the_earlier_of_equals(points: list[int], most: int) -> None:
    ranked = sorted(range(len(points)), key=lambda number: (-points[number], number))
    notable = offered(points, most)
    assert [each.flow[0] for each in notable.in_order()] == sorted(ranked[:most])
    assert notable.passed_over == max(0, len(points) - most)


def test_a_connection_is_kept_with_the_rows_of_both_ends() -> None:
    (only,) = offered([7], 4).in_order()
    assert (len(only.flow), len(only.client), len(only.server)) == (
        len(FLOW_COLUMNS), len(DIRECTION_COLUMNS), len(DIRECTION_COLUMNS),
    )  # fmt: skip
    assert only.signs is None
