"""A summary keeps the rows of the first connections alone, and the totals of all."""

import pytest

from analyzer.analysis import analyze, summarize
from reconstruct.recorder import FLOW_COLUMNS, RowStore
from reconstruct.tally import Sort
from tests.analyzer.running import FIXTURES

CAPTURE = FIXTURES / "opening" / "accept-queue-full.pcap"

Rows = list[tuple[int, ...]]


def rows(store: RowStore) -> Rows:
    """Return a table of the core, row by row."""
    return [store.row(index) for index in range(store.count)]


def cells(name: str) -> list[int]:
    """Return one column of the flows."""
    return [row[FLOW_COLUMNS.index(name)] for row in FLOWS]


FLOWS, DIRECTIONS = rows(analyze(CAPTURE).flow_rows), rows(analyze(CAPTURE).direction_rows)


@pytest.mark.parametrize("order", [order.text for order in Sort])
@pytest.mark.parametrize("limit", [0, 1, 4, 40])
def test_a_limited_summary_is_the_head_of_the_unlimited_order(order: str, limit: int) -> None:
    named = [CAPTURE, FIXTURES / "opening" / "refused.pcap", FIXTURES / "ports" / "churn-ipv6.pcap"]
    whole, some = summarize(named, order, 1_000_000), summarize(named, order, limit)
    assert whole.flow_rows.count == whole.totals.connections > 9
    assert rows(some.flow_rows) == rows(whole.flow_rows)[:limit]
    assert rows(some.direction_rows) == rows(whole.direction_rows)[: 2 * limit]
    assert (some.totals, some.finding_list, some.capture) == (whole.totals, whole.finding_list, whole.capture)


@pytest.mark.parametrize("order", ["bytes", "segments", "first"])
def test_a_summary_lists_the_connections_in_the_order_that_was_asked_for(order: str) -> None:
    table = rows(analyze(CAPTURE, FIXTURES / "opening" / "refused.pcap").flow_rows)
    names = {"bytes": "bytes", "segments": "segments", "first": "flow"}
    sign = 1 if order == "first" else -1

    def place(row: tuple[int, ...]) -> tuple[int, int, int]:
        # Equal ones come by bytes, then by number.
        at = FLOW_COLUMNS.index
        return sign * row[at(names[order])], -row[at("bytes")], row[at("flow")]

    listed = summarize([CAPTURE, FIXTURES / "opening" / "refused.pcap"], order, 1000)
    assert rows(listed.flow_rows) == sorted(table, key=place)


def test_a_summary_without_a_limit_lists_all_in_order_of_appearance_and_keeps_no_events() -> None:
    summary = summarize([CAPTURE], limit=-1)
    assert (rows(summary.flow_rows), rows(summary.direction_rows)) == (FLOWS, DIRECTIONS)
    assert summary.event_rows.count == 0


def test_totals_are_the_sums_of_the_rows() -> None:
    totals = analyze(CAPTURE).totals
    assert totals.connections == len(FLOWS)
    assert totals.segments == sum(cells("segments"))
    assert totals.bytes == sum(cells("bytes"))
    assert sum(totals.openings.values()) == sum(totals.closings.values()) == totals.connections
    assert totals.openings["handshake"] == totals.closings["fin"] == 6  # as the case beside the capture states
