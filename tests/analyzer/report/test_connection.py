"""The data of a connection's page: its own rows, its figures, and times from its first segment."""

import numpy as np

from analyzer import schema
from analyzer.report.cells import rows_of
from analyzer.report.connection import Recorded, _rounded, connection_data, packed_connections
from analyzer.rows import rows_of as public_rows
from reconstruct.rules import Rule
from tests.analyzer.report.test_columns import unpacked
from tests.fake_analysis import MS, START_NS, FakeAnalysis


def recorded(analysis: FakeAnalysis) -> Recorded:
    stores = (analysis.segment_rows(), analysis.window_rows(), analysis.sack_rows(), analysis.event_rows)
    return Recorded(*(rows_of(store).sorted_by_flow() for store in stores))


def data_of(flow: int) -> dict:  # type: ignore[type-arg] # JSON
    analysis = FakeAnalysis()
    flows = list(public_rows(analysis.flow_rows, schema.FLOWS))
    directions = list(public_rows(analysis.direction_rows, schema.DIRECTIONS))
    findings = [finding for finding in analysis.finding_list if finding.flow == flow]
    packed = list(packed_connections(recorded(analysis), [1, 0]))[1 - flow]
    return connection_data(flows[flow], directions[2 * flow : 2 * flow + 2], findings, packed)


def test_times_count_from_the_first_segment() -> None:
    data = data_of(0)
    assert data["start_ns"] == str(START_NS)
    segments = unpacked(data["tables"]["segments"])
    assert segments["frame"] == [1, 2, 4, 6, 7, 8]
    assert segments["time_ns"] == [at * MS for at in (0, 35, 36, 40, 340, 375)]
    assert unpacked(data["tables"]["events"])["time_ns"][:2] == [1 * MS, 2 * MS]


def test_figures_that_follow_from_acknowledgments_are_left_out() -> None:
    segments = unpacked(data_of(0)["tables"]["segments"])
    # The server's second segment acknowledges 101 after 1, 100 bytes more, which its rule tells as well.
    assert segments["rule"][5] == Rule.ACK_ADVANCES
    assert segments["figure_a"][5] == -(1 << 63)
    # The segment sent again: 100 of its 100 bytes were captured before, which nothing else tells.
    assert (segments["figure_a"][4], segments["figure_b"][4]) == (100, 100)


def test_windows_have_the_frames_of_their_segments() -> None:
    windows = unpacked(data_of(0)["tables"]["windows"])
    assert (windows["frame"], windows["flight"], windows["rwnd"]) == ([6], [100], [64140])
    assert "time_ns" not in windows


def test_sack_blocks_have_the_frame_that_carries_them() -> None:
    sacks = unpacked(data_of(0)["tables"]["sacks"])
    assert (sacks["frame"], sacks["sender"], sacks["start"], sacks["len"]) == ([8], [1], [51], [50])


def test_smoothed_spans_are_told_as_finely_as_they_mean_something() -> None:
    unknown = -(1 << 63)
    assert _rounded(np.array([1_499, 1_500, unknown]), 1_000).tolist() == [1_000, 2_000, unknown]


def test_findings_about_the_connection_are_on_its_page() -> None:
    assert [finding["finding"] for finding in data_of(0)["findings"]] == ["zero-window"]
    assert data_of(1)["findings"] == []


def test_a_connection_without_segments_has_empty_tables() -> None:
    data = data_of(1)
    assert data["tables"]["segments"]["rows"] == 0
    assert data["start_ns"] == "0"
