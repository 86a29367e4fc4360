"""The table of connections: sums over both directions, what is worst, who was active when."""

import numpy as np

from analyzer.report.cells import Rows, rows_of
from analyzer.report.listing import ACTIVITY_BINS, Listing, activity
from reconstruct.recorder import SEGMENT_COLUMNS
from reconstruct.seq import UNKNOWN
from tests.analyzer.report.test_columns import unpacked
from tests.fake_analysis import MS, START_NS, FakeAnalysis, FakeFinding, store_of


def listing(*findings: FakeFinding) -> Listing:
    analysis = FakeAnalysis()
    return Listing(rows_of(analysis.flow_rows), rows_of(analysis.direction_rows), findings)


def test_both_directions_are_summed() -> None:
    told = unpacked(listing().data(START_NS, [])["table"])
    assert told["retransmissions"] == [1, 0]
    assert told["zero_window_ns"] == [250 * MS, 0]
    assert (told["client_bytes"], told["server_bytes"]) == ([100, 0], [0, 0])


def test_the_round_trip_is_that_of_the_handshake_and_unknown_without_one() -> None:
    # 35 ms to the SYN-ACK and 0.1 ms to its ACK; the refused connection has neither.
    assert unpacked(listing().data(START_NS, [])["table"])["rtt_ns"] == [35 * MS + MS // 10, UNKNOWN]


def test_addresses_are_told_once() -> None:
    data = listing().data(START_NS, [])
    told = unpacked(data["table"])
    assert sorted(data["addresses"]) == ["10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8::2"]
    assert [data["addresses"][at] for at in told["client"]] == ["10.0.0.1", "2001:db8::1"]
    assert [data["addresses"][at] for at in told["server"]] == ["10.0.0.2", "2001:db8::2"]


def test_what_suffered_more_comes_first() -> None:
    # Flow 0: one segment sent again (10 points), 250 ms held (25). Flow 1: refused (50), reset (30).
    assert listing().worst_first() == [1, 0]


def test_a_finding_counts_before_anything_else() -> None:
    assert listing(FakeFinding(flow=0, severity="info")).worst_first() == [0, 1]


def test_the_worst_finding_and_their_number_are_told() -> None:
    found = listing(FakeFinding(severity="info"), FakeFinding(severity="error"), FakeFinding(flow=None))
    told = unpacked(found.data(START_NS, [1])["table"])
    assert (told["severity"], told["findings"], told["page"]) == ([3, 0], [2, 0], [0, 1])


def test_a_connection_is_active_where_its_segments_are() -> None:
    rows = [{"flow": 1, "time_ns": START_NS, "len": 99}, {"flow": 1, "time_ns": START_NS + 100 * MS, "len": 0}]
    levels = unpacked(activity(rows_of(store_of(SEGMENT_COLUMNS, rows)), 2, START_NS, START_NS + 100 * MS))["level"]
    each = np.array(levels).reshape(2, ACTIVITY_BINS)
    assert each[0].tolist() == [0] * ACTIVITY_BINS
    # 99 bytes and their segment are the most, 255; the last segment alone is 1 of 100, 2.55 and so 3.
    assert each[1].tolist() == [255, *[0] * (ACTIVITY_BINS - 2), 3]


def test_a_capture_without_connections_has_an_empty_table() -> None:
    flows, directions = (
        Rows(store.names, np.zeros((0, store.width), dtype=np.int64))
        for store in (FakeAnalysis().flow_rows, FakeAnalysis().direction_rows)
    )
    nothing = Listing(flows, directions, [])
    assert nothing.worst_first() == []
    assert nothing.data(0, [])["table"]["rows"] == 0
