"""One connection told in full."""

import pytest

from analyzer.terminal.flow import EVENTS_SHOWN, print_flow
from reconstruct.recorder import EVENT_COLUMNS
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import EventKind
from tests.analyzer.terminal.printing import Paper
from tests.fake_analysis import FakeAnalysis, store_of


def printed(number: int = 0, width: int = 120, analysis: FakeAnalysis | None = None) -> Paper:
    """Return what is printed about a connection of the analysis made by hand."""
    paper = Paper(width=width)
    print_flow(paper, "demo\x1b.pcapng", analysis or FakeAnalysis(), number)
    return paper


def test_the_title_names_ends_and_capture() -> None:
    assert printed().lines[0] == "Flow 0 · 10.0.0.1:40000 → 10.0.0.2:80  demo\\x1b.pcapng"


def test_the_facts_are_told() -> None:
    lines = printed().lines
    assert "  Time         2023-11-14 22:13:20.000 to 2023-11-14 22:13:21.500 UTC (1.50 s)" in lines
    assert "  Closing      fin · client TIME-WAIT, server CLOSED" in lines
    assert "  Round trip   35.1 ms" in lines  # 35 ms and 0.1 ms
    assert "  Taken at     the client" in lines


def test_the_handshake_has_its_times_and_options() -> None:
    paper = printed()
    assert paper.line_with("server  S ").split()[:3] == ["1", "22:13:20.000", "client"]
    assert paper.line_with("server  SA").split()[:3] == ["2", "22:13:20.035", "+35.0"]
    assert paper.line_with("server  A").split()[0] == "4"
    assert "MSS 1460 B, scale 7, SACK, timestamps" in paper.line_with("server  S ")
    assert "  SYN to SYN-ACK: 35.0 ms · SYN-ACK to ACK: 100 µs" in paper.lines


def test_each_end_goes_through_its_states_with_frames() -> None:
    paper = printed()
    states = "CLOSED → SYN-SENT (snd SYN, frame 1) → ESTABLISHED (rcv SYN,ACK, frame 2)"
    assert f"  client       {states}" in paper.lines
    assert "  server       SYN-RECEIVED (frame 2)" in paper.lines


def test_figures_stand_side_by_side_and_zeros_are_summed_up() -> None:
    paper = printed()
    assert paper.line_with("  bytes  ").split() == ["bytes", "200", "B", "0", "B"]
    assert paper.line_with("data segments").split() == ["data", "segments", "2", "segments", "0", "segments"]
    assert paper.line_with("  rtt min").split() == ["rtt", "min", "35.0", "ms", "-"]
    assert "none in either direction: ecn, fast open, fast retransmissions" in paper.line_with("none in either")


def test_both_sides_of_the_capture_have_their_part_of_the_round_trip() -> None:
    paper = printed()
    assert (
        paper.line_with("Server side").split(maxsplit=2)[2]
        == "min 35.0 ms, median 35.0 ms, p95 36.0 ms of the round trip"
    )
    assert not any("Client side" in line for line in paper.lines)  # nothing was measured there


def test_events_are_in_order_with_their_details() -> None:
    paper = printed(width=200)
    assert paper.line_with("zero-window.end").split(maxsplit=5)[5] == "probes: 2, held for 250 ms"
    assert paper.line_with("capture-gap").endswith("missing bytes: 1460")
    assert "rule: RFC 9293 3.10.7.4" in paper.line_with("rule-violation")


def test_many_events_are_cut_and_counted() -> None:
    row = {"flow": 0, "frame": 6, "event": EventKind.CAPTURE_GAP, "a": 1, "b": UNKNOWN, "c": UNKNOWN}
    analysis = FakeAnalysis(event_rows=store_of(EVENT_COLUMNS, [row] * (EVENTS_SHOWN + 3)))
    lines = printed(analysis=analysis).lines
    assert sum("capture-gap" in line for line in lines) == EVENTS_SHOWN
    assert "  and 3 more events: --json shows all" in lines


def test_findings_of_the_connection_are_told() -> None:
    assert "● warning zero-window" in printed().line_with("●")
    assert "none about this connection" in printed(1).line_with("Findings")


def test_what_the_capture_does_not_show_is_said() -> None:
    lines = printed(1).lines
    assert "  Closing      rst · client CLOSED, server unknown" in lines
    assert "Handshake  not in the capture" in lines
    assert "States  no change in the capture" in lines
    assert "Events  none" in lines


def test_vlan_and_tunnel_are_told_where_there_are_some() -> None:
    # 10 << 12 | 20 are the tags 10 and 20, outermost first; the domain is tunnel 7.
    assert "  Inside       VLAN 10.20, tunnel 7" in printed(1).lines
    assert not [line for line in printed(0).lines if "Inside" in line]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    assert max(map(len, printed(width=width).lines)) <= width
