"""The first screen: what a capture is."""

from analyzer.capture.reader import Damage, Interface
from analyzer.terminal.overview import print_overview
from reconstruct.recorder import DIRECTION_COLUMNS, FLOW_COLUMNS
from reconstruct.seq import UNKNOWN
from tests.analyzer.terminal.printing import Paper
from tests.fake_analysis import FakeAnalysis, FakeFacts, FakeSkipped, FakeTotals, store_of


def printed(**parts: object) -> Paper:
    """Return the screen of the analysis made by hand, with some parts of it replaced."""
    paper = Paper()
    print_overview(paper, FakeAnalysis(**parts), "worst")  # type: ignore[arg-type] # the tests name parts that fit
    return paper


def of_capture(**facts: object) -> Paper:
    """Return the screen of a capture of which some facts differ."""
    return printed(capture=FakeFacts(**facts))  # type: ignore[arg-type] # as above


def test_the_capture_is_described() -> None:
    assert printed().lines[:7] == [
        "demo.pcapng",
        "  Format       pcapng · compressed with gzip · Ethernet · snap length 262,144 bytes",
        "  Interface    eth0 · uplink · times in nanoseconds · 12 packets received",
        "  Time         2023-11-14 22:13:20.000 to 2023-11-14 22:13:21.500 UTC (1.50 s)",
        "  Packets      12 packets · 10 TCP segments in 2 connections",
        "  Drops        the capture reports 3 packets lost before they were written",
        "  Skipped      2  ARP, first in frame 11",
    ]


def test_connections_have_their_sums() -> None:
    paper = printed()
    assert "Connections  2, worst first · 100 B · 1 segment resent" in paper.lines
    assert "  opening: 1 handshake, 1 refused · closing: 1 fin, 1 rst" in paper.lines


def test_a_list_that_was_cut_says_of_how_many() -> None:
    paper = printed(totals=FakeTotals(connections=5_000))
    assert "Connections  2 of 5,000, worst first · 100 B · 1 segment resent" in paper.lines


def test_findings_are_counted_by_severity() -> None:
    assert "Findings  1 warning" in printed().lines
    assert "Findings  none" in printed(finding_list=[]).lines


def test_a_capture_with_nothing_in_it_has_no_times() -> None:
    paper = Paper()
    nothing = FakeFacts(
        first_time_ns=UNKNOWN, last_time_ns=UNKNOWN, packets=0, segments=0, connections=0, interfaces=[]
    )
    flows, directions = store_of(FLOW_COLUMNS, []), store_of(DIRECTION_COLUMNS, [])
    empty = FakeAnalysis(nothing, [], FakeTotals(0, {}, {}, 0, 0), flows, directions, finding_list=[])
    print_overview(paper, empty, "worst")
    assert "  Time         -" in paper.lines
    assert "  Packets      0 packets · 0 TCP segments in 0 connections" in paper.lines
    assert paper.lines[-1] == "Connections  none"


def test_drops_that_nobody_reports_are_not_called_none() -> None:
    assert "  Drops        the capture does not say" in of_capture(dropped=None).lines
    assert "  Drops        none reported" in of_capture(dropped=0).lines


def test_damage_is_told_with_its_place() -> None:
    paper = of_capture(damages=[Damage(1234, 5, "cut short")])
    assert "  Damaged      cut short at byte 1,234, after packet 5" in paper.lines


def test_many_files_interfaces_comments_and_reasons_are_counted() -> None:
    interfaces = [Interface(f"eth{n}", "", 1, 0, "microseconds") for n in range(6)]
    paper = of_capture(names=list("abcde"), interfaces=interfaces, comments=list("vwxyz"))
    assert paper.lines[0] == "a, b, c and 2 more files"
    assert "               and 2 more interfaces" in paper.lines
    assert "               and 2 more comments" in paper.lines
    skipped = [FakeSkipped(f"reason {n}", 10, n) for n in range(1, 11)]
    # Eight reasons are shown; two of ten packets each are not.
    assert "               and 20 packets for other reasons: --json shows all" in printed(skipped=skipped).lines


def test_the_ledger_begins_with_the_most_frequent_reason() -> None:
    paper = printed(skipped=[FakeSkipped("ARP", 2, 1), FakeSkipped("UDP", 1_000, 9)])
    assert paper.line_with("UDP") == "  Skipped      1,000  UDP, first in frame 9"
    assert paper.line_with("ARP") == "                   2  ARP, first in frame 1"


def test_a_comment_of_many_lines_is_one_and_a_long_one_is_shortened() -> None:
    paper = of_capture(comments=["first\nsecond\tthird", "x" * 5_000])
    assert "  Comment      first second third" in paper.lines
    assert sum("xxx" in line for line in paper.lines) == 3  # 300 columns in lines of 105


def test_control_characters_are_escapes() -> None:
    evil = "\x1b[2J"
    interface = Interface(evil, evil, 1, 0, "microseconds")
    paper = of_capture(names=[evil], interfaces=[interface], comments=[evil], damages=[Damage(1, 1, evil)])
    assert sum("\\x1b[2J" in line for line in paper.lines) == 4
    assert not [line for line in paper.lines if "\x1b" in line]
