"""The screen of labels beside labels."""

import pytest

from analyzer.capture.ledger import Skip
from analyzer.crosscheck.compare import Crosscheck, crosscheck
from analyzer.crosscheck.labels import Label, Mark
from analyzer.terminal.crosscheck import print_crosscheck
from tests.analyzer.crosscheck.comparing import opinion
from tests.analyzer.terminal.printing import Paper
from tests.fake_analysis import FakeAnalysis

ANALYSIS = FakeAnalysis()
THEIRS = [
    opinion(1),
    opinion(2),
    opinion(3),
    opinion(4, Label.DUPLICATE_ACK),
    opinion(6, Label.RETRANSMISSION, Mark.LOST_SEGMENT, len=100),
    opinion(7, Label.SPURIOUS_RETRANSMISSION, len=100),
]


def made() -> Crosscheck:
    """Return the analysis made by hand beside opinions, two of which differ."""
    return crosscheck(ANALYSIS.segment_rows(), ANALYSIS.event_rows, THEIRS)


def printed(width: int = 120, limit: int = 12, colour: bool = False, check: Crosscheck | None = None) -> Paper:
    """Return the screen."""
    paper = Paper(width=width, colour=colour)
    print_crosscheck(paper, "demo\x1b.pcap", "4.0.17", made() if check is None else check, {3: Skip.QUOTED}, limit)
    return paper


def test_labels_are_a_matrix_where_there_is_room() -> None:
    titles = printed().line_with("spurious-retransmission  r").split()
    assert titles == ["none", "spurious-retransmission", "retransmission", "duplicate-ack"]
    # An ACK that tshark calls a duplicate; frame 8 is one of ours alone, so that it is in no row.
    assert next(line.split() for line in printed().lines if line.startswith("  ack ")) == ["ack", "·", "·", "·", "1"]


def test_labels_are_a_list_where_there_is_none() -> None:
    lines = [line.split() for line in printed(width=60).lines]
    assert ["tcpscope", "tshark", "segments"] in lines
    assert ["ack", "duplicate-ack", "1"] in lines


def test_notes_are_told_by_who_has_them() -> None:
    assert printed().line_with("  lost-segment ").split() == ["lost-segment", "·", "·", "1"]


def test_every_difference_has_its_reason_and_its_frames() -> None:
    lines = printed().lines
    at = next(index for index, line in enumerate(lines) if "● nothing outstanding  1 frame" in line)
    assert lines[at + 1].split() == ["called", "ack", "beside", "duplicate-ack", "(1)"]
    assert "    frames       4" in lines


def test_frames_beyond_the_limit_are_counted() -> None:
    assert "    frames       1, which --limit leaves out" in printed(limit=0).lines


def test_what_is_not_explained_stands_last_and_in_red() -> None:
    coloured = [line for line in printed(colour=True).lines if "●" in line]
    assert "nothing outstanding" in coloured[0]
    assert "\x1b[31m  ● \x1b[0m" in coloured[1]
    assert "not explained" in coloured[1]


def test_frames_of_one_tool_alone_are_told_with_the_reason() -> None:
    lines = printed().lines
    assert lines[lines.index("    tshark alone: TCP header quoted in an ICMP error") - 1] == "    3"
    assert lines[lines.index("    tcpscope alone: tshark found no TCP in it") - 1] == "    8"


def test_a_capture_without_segments_has_no_tables() -> None:
    lines = printed(check=Crosscheck()).lines
    assert lines[1:] == ["  0 segments · 0 called the same · 0 called otherwise, 0 of them not explained"]


@pytest.mark.parametrize("width", range(60, 201, 20))
def test_no_line_is_wider_than_the_screen_nor_steers_it(width: int) -> None:
    lines = printed(width).lines
    assert max(map(len, lines)) <= width
    assert "demo\\x1b.pcap" in lines[0]
